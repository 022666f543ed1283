"""The steps of the sweep: each is a job of its own, and how it ended is kept.

    due ──request─> queued ──began──> running ──> ended well     next minute again
                                        ├──────> failed         retried after a growing wait
                                        └──────> killed         noticed later, counted as failed

So a step that raises, hangs or takes its process down keeps no other from its work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from storefront_backend.background.items import clean
from storefront_backend.background.models import StepState
from storefront_backend.background.retries import wait

log = structlog.get_logger(__name__)

# Longer than any step may run (limits.py), so that what is queued and silent was killed.
LOST_AFTER = timedelta(minutes=7)


def due(names: Iterable[str], now: datetime) -> list[str]:
    """The steps to queue now; each is marked as queued, so that no step is queued twice."""
    names = list(names)
    StepState.objects.bulk_create(
        [StepState(name=name, first_at=now) for name in names], ignore_conflicts=True
    )
    _count_lost(names, now)
    requested = []
    for name in names:
        free = StepState.objects.filter(Q(next_at=None) | Q(next_at__lte=now), name=name)
        requested += [name] * free.filter(asked_at=None).update(asked_at=now)
    return requested


def run(name: str, work: Callable[[], int], now: Callable[[], datetime]) -> int:
    """Do a step and note how it ended; returns what `work` returns. Raises what it raises."""
    began = now()
    StepState.objects.bulk_create([StepState(name=name, first_at=began)], ignore_conflicts=True)
    state = StepState.objects.filter(name=name)
    state.update(began_at=began, asked_at=began)
    try:
        done = work()
    except Exception as error:
        _failed(name, error, now())
        raise
    state.update(asked_at=None, ended_well_at=now(), failures=0, next_at=None, error="", message="")
    return done


def _failed(name: str, error: Exception, now: datetime) -> None:
    state = StepState.objects.get(name=name)
    state.asked_at = None
    state.failures += 1
    state.next_at = now + wait(state.failures)
    state.error = f"{type(error).__module__}.{type(error).__qualname__}"[-100:]
    state.message = clean(str(error))
    state.save()
    log.error("step failed", step=name, failures=state.failures, exc_info=error)


def _count_lost(names: list[str], now: datetime) -> None:
    for state in StepState.objects.filter(name__in=names, asked_at__lt=now - LOST_AFTER):
        was_running = state.began_at == state.asked_at
        failures = state.failures + was_running
        freed = StepState.objects.filter(pk=state.pk, asked_at=state.asked_at).update(
            asked_at=None,
            failures=failures,
            next_at=now + wait(failures) if was_running else state.next_at,
            error="killed" if was_running else "not started",
            message="The step was queued and did not end: its process was killed, or is behind.",
        )
        if freed:
            log.error("step lost", step=state.name, failures=failures, was_running=was_running)
