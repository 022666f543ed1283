"""Which failures are temporary, so that a retry may help, and how long to wait before it."""

from __future__ import annotations

from datetime import timedelta

import httpx
from dj_queue.exceptions import ProcessExitError, ProcessMissingError, ProcessPrunedError
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from storefront_backend.background.errors import TaskOverran

MAX_ATTEMPTS = 6  # of an item, or of a job whose error may pass
MAX_KILLS = 3  # of a job that ends its process: what kills three workers kills the next too
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)

_KILLED: tuple[type[BaseException], ...] = (
    ProcessExitError, ProcessMissingError, ProcessPrunedError, TaskOverran,
)  # fmt: skip
# OperationalError: deadlock, serialization failure, lock timeout, lost connection.
_PASSING: tuple[type[BaseException], ...] = (
    OperationalError, InterfaceError, ConnectionError, TimeoutError, httpx.TransportError,
)  # fmt: skip


def wait(attempts: int) -> timedelta:
    """How long to wait after that many failures: 5 s, 20 s, 80 s, 5 min, 21 min, an hour."""
    factor: int = 4 ** max(0, min(attempts - 1, 10))
    return min(_FIRST * factor, _LONGEST)


def attempts_allowed(error: type[BaseException] | None) -> int:
    """How often to try work that fails like this, in all; 1 where no retry can help."""
    if error is None:
        return 1
    if issubclass(error, _KILLED):
        return MAX_KILLS
    if issubclass(error, _PASSING) or getattr(error, "retry", False):
        return MAX_ATTEMPTS
    return 1


def error_class(path: str) -> type[BaseException] | None:
    """The class of that dotted path; None where there is none any more."""
    try:
        found = import_string(path if "." in path else f"builtins.{path}")
    except ImportError:
        return None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
