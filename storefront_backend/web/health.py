"""Health, for supervisors, load balancers and monitoring.

| address | 200 | 503 |
|---|---|---|
| /health/live | the process answers | |
| /health/ready | the database answers and has every migration | either is not so |
| /health/work | background work ends well | a step, the queue or the workers are late |

Anybody reads the status; why, only operators and holders of HEALTH_TOKEN.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storefront_backend import wiring
from storefront_backend.background.report import report
from storefront_backend.jobs.sweep import STEPS

_READ_AGAIN_AFTER = 5.0  # seconds, while migrations are waiting


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


class Migrations:
    """Whether every migration has been applied. Read once: a process's code does not change."""

    def __init__(self) -> None:
        self._all_there = False
        self._read_at = float("-inf")

    def all_there(self) -> bool:
        """Raises DatabaseError."""
        if not self._all_there and time.monotonic() - self._read_at > _READ_AGAIN_AFTER:
            executor = MigrationExecutor(connection)
            self._all_there = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            self._read_at = time.monotonic()
        return self._all_there


_migrations = Migrations()


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrations.all_there():
            return _answer(request, "not ready", {"reason": "migrations are waiting"})
    except DatabaseError as error:
        return JsonResponse({"status": "not ready"} | _named(request, error), status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:
    """Background work ends well."""
    try:
        found = report(STEPS, wiring.now(), settings.WORK_LATE_AFTER)
    except DatabaseError as error:
        return JsonResponse({"status": "not ready"} | _named(request, error), status=503)
    return _answer(request, "late" if found.late else "ok", found.details)


def _answer(request: HttpRequest, status: str, details: dict[str, Any]) -> JsonResponse:
    shown = details if _may_know(request) else {}
    return JsonResponse({"status": status} | shown, status=200 if status == "ok" else 503)


def _named(request: HttpRequest, error: Exception) -> dict[str, str]:
    """The session of an operator is in the database that is away; the token still counts."""
    return {"reason": type(error).__name__} if _has_token(request) else {}


def _may_know(request: HttpRequest) -> bool:
    return _has_token(request) or (request.user.is_active and request.user.is_staff)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.HEALTH_TOKEN
    return bool(expected) and scheme == "Bearer" and constant_time_compare(token, expected)
