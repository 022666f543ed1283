"""What a task may take: the setting for it, or the setting for all."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from storefront_backend.task_limits import Limit


def limit_of(task_path: str) -> Limit:
    """The limit of the task of that dotted path, by TASK_LIMITS, TASK_SECONDS, TASK_MEGABYTES."""
    limits: Mapping[str, Limit] = settings.TASK_LIMITS
    return limits.get(task_path.rpartition(".")[2], _of_all())


def largest() -> Limit:
    """What no worker process ever needs more than."""
    every = [_of_all(), *settings.TASK_LIMITS.values()]
    return Limit(max(one.seconds for one in every), max(one.megabytes for one in every))


def _of_all() -> Limit:
    return Limit(settings.TASK_SECONDS, settings.TASK_MEGABYTES)
