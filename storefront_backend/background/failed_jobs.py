"""Failed jobs are logged and counted, then retried or set aside.

The queue keeps a job that failed with its error. `judge` looks at each once: a deadlock, a lost
connection, a provider that is away or a killed worker may pass, so the job is queued again after a
growing wait; anything else, or one failure too many, is set aside for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from dj_queue.api import discard_failed_job, retry_failed_job, schedule_failed_job_retry
from dj_queue.models import FailedExecution, Job
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from storefront_backend.background.models import Failure
from storefront_backend.background.retries import attempts_allowed, error_class, wait

log = structlog.get_logger(__name__)

KIND = "job"
# The sweep asks for its own again, and keeps how they ended in StepState.
_RETRIED_BY_THE_SWEEP = ("storefront_backend.jobs.sweep.",)
_MOST = 200
_KEPT_FOR = timedelta(days=30)


def judge(now: datetime) -> int:
    """Decide over what has failed since the last time; returns how many jobs."""
    fresh = list(_unjudged()[:_MOST])
    for failed in fresh:
        try:
            with transaction.atomic():  # a retry is noted and scheduled, or neither
                _judge(failed, now)
        except Exception:  # the supervisor must not end over one job that it cannot judge
            log.exception("failed job not judged", job=str(failed.job_id))
    _forget_what_succeeded(now)
    return len(fresh)


def _unjudged() -> QuerySet[FailedExecution]:
    judged = Failure.objects.filter(
        kind=KIND, item=Cast(OuterRef("job_id"), CharField()), last_at__gte=OuterRef("created_at")
    )
    rows = FailedExecution.objects.filter(retry_at=None).select_related("job")
    return rows.filter(~Exists(judged)).order_by("pk")


def _judge(failed: FailedExecution, now: datetime) -> None:
    job: Job = failed.job
    about = {"job": str(job.pk), "task": job.task_path, "error": failed.exception_class}
    if job.task_path.startswith(_RETRIED_BY_THE_SWEEP):
        log.error("job failed", **about, message=failed.message[:500], retried_by="the sweep")
        discard_failed_job(job.pk, backend_alias=job.backend_alias)
        return
    row, _ = Failure.objects.get_or_create(
        kind=KIND, item=str(job.pk), defaults={"first_at": now, "last_at": now}
    )
    row.subject, row.error = job.task_path[-200:], failed.exception_class[-100:]
    row.message = failed.message.replace("\0", "")[:500]
    row.attempts += 1
    row.last_at = max(now, failed.created_at)
    again = row.attempts < attempts_allowed(error_class(failed.exception_class))
    row.next_at = now + wait(row.attempts) if again else None
    row.set_aside_at = None if again else now
    row.save()
    if row.next_at:
        schedule_failed_job_retry(job.pk, retry_at=row.next_at, backend_alias=job.backend_alias)
        log.warning(
            "job failed, to be retried", **about, message=row.message, attempts=row.attempts,
            next_at=row.next_at.isoformat(),
        )  # fmt: skip
        return
    log.error(
        "job set aside", **about, message=row.message, attempts=row.attempts,
        arguments=str(job.payload)[:300], traceback=failed.traceback[-4000:],
    )  # fmt: skip


def _forget_what_succeeded(now: datetime) -> None:
    """Rows of jobs that ended well since, or that the queue keeps no more."""
    Failure.objects.filter(kind=KIND, last_at__lt=now - _KEPT_FOR).delete()
    for row in Failure.objects.filter(kind=KIND)[:_MOST]:
        job = Job.objects.filter(pk=row.item).only("finished_at").first()
        if job is None or job.finished_at is not None:
            log.info("job ended well", job=row.item, task=row.subject, attempts=row.attempts + 1)
            row.delete()


def retry_now(failures: Iterable[Failure]) -> int:
    """Have these tried again: jobs at once, items by the next sweep, with all their attempts."""
    count = 0
    for row in list(failures):
        with transaction.atomic():
            if row.kind == KIND and FailedExecution.objects.filter(job_id=row.item).exists():
                retry_failed_job(row.item)
            row.delete()
            count += 1
    return count


def drop(failures: Iterable[Failure]) -> int:
    """Have these never tried again: a job is discarded, an item stays set aside."""
    count = 0
    for row in list(failures):
        with transaction.atomic():
            if row.kind == KIND:
                discard_failed_job(row.item)
                row.delete()
            else:
                row.next_at, row.set_aside_at = None, row.set_aside_at or row.last_at
                row.save(update_fields=("next_at", "set_aside_at"))
            count += 1
    return count
