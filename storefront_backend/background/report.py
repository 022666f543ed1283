"""How background work is doing, for monitoring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dj_queue.models import FailedExecution, Job, Process, ReadyExecution
from django.db.models import Min

from storefront_backend.background.models import Failure, StepState


@dataclass(frozen=True, slots=True)
class Report:
    """`late` names what has not ended well for too long; nothing there, and all is well."""

    late: tuple[str, ...]
    details: dict[str, Any]


def report(names: Iterable[str], now: datetime, late_after: timedelta) -> Report:
    """The state of the steps of those names and of the queue."""
    limit = now - late_after
    states = {state.name: state for state in StepState.objects.all()}
    late = [f"step {name}" for name in names if _is_late(states.get(name), limit)]
    oldest = ReadyExecution.objects.aggregate(since=Min("created_at"))["since"]
    if oldest is not None and oldest < limit:
        late.append("queue")
    workers = Process.objects.filter(kind="Worker", last_heartbeat_at__gte=limit).count()
    if not workers:
        late.append("workers")
    return Report(
        tuple(late),
        {
            "late": late,
            "workers": workers,
            "jobs_waiting": ReadyExecution.objects.count(),
            "oldest_job_seconds": None if oldest is None else int((now - oldest).total_seconds()),
            "jobs_failed": FailedExecution.objects.count(),
            "jobs_to_be_retried": FailedExecution.objects.exclude(retry_at=None).count(),
            "jobs_unfinished": Job.objects.filter(finished_at=None).count(),
            "set_aside": Failure.objects.exclude(set_aside_at=None).count(),
            "to_be_retried": Failure.objects.exclude(next_at=None).count(),
            "steps": {name: _step(state) for name, state in sorted(states.items())},
        },
    )


def _is_late(state: StepState | None, limit: datetime) -> bool:
    """A step that has never been queued is late too: no sweep has run."""
    return state is None or (state.ended_well_at or state.first_at) < limit


def _step(state: StepState) -> dict[str, Any]:
    ended = state.ended_well_at
    return {
        "ended_well_at": ended and ended.isoformat(),
        "failures": state.failures,
        "error": state.error,
        "message": state.message,
    }
