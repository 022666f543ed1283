"""Failed jobs are logged and counted, and retried where a retry can help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dj_queue.models import FailedExecution, Job, ReadyExecution
from django.utils import timezone

from storefront_backend.background.failed_jobs import judge
from storefront_backend.background.models import Failure
from storefront_backend.background.retries import MAX_ATTEMPTS, MAX_KILLS

pytestmark = pytest.mark.django_db

DEADLOCK = "django.db.utils.OperationalError"
KILLED = "dj_queue.exceptions.ProcessExitError"


def failed_job(error: str, task: str = "storefront_backend.jobs.listing.relist_products") -> Job:
    job = Job.objects.create(
        task_path=task, backend_alias="default", payload={"args": [[1]], "kwargs": {}}
    )
    fail(job, error)
    return job


def fail(job: Job, error: str) -> None:
    ReadyExecution.objects.filter(job=job).delete()
    FailedExecution.objects.filter(job=job).delete()
    FailedExecution.objects.create(job=job, exception_class=error, message="what went wrong")


def times_retried(error: str) -> int:
    job = failed_job(error)
    at, count = timezone.now(), 0
    while True:
        judge(at)
        failed = FailedExecution.objects.get(job=job)
        if failed.retry_at is None:
            return count
        count, at = count + 1, failed.retry_at
        fail(job, error)
        FailedExecution.objects.filter(job=job).update(created_at=at)


def test_a_deadlock_is_retried_and_counted_once() -> None:
    job = failed_job(DEADLOCK)
    now = timezone.now()
    assert (judge(now), judge(now)) == (1, 0)
    assert FailedExecution.objects.get(job=job).retry_at == now + timedelta(seconds=5)
    failure = Failure.objects.get()
    assert (failure.item, failure.attempts, failure.set_aside_at) == (str(job.pk), 1, None)


@pytest.mark.parametrize(
    ("error", "retries"),
    [
        (DEADLOCK, MAX_ATTEMPTS - 1),
        ("httpx.ConnectTimeout", MAX_ATTEMPTS - 1),
        ("builtins.ConnectionResetError", MAX_ATTEMPTS - 1),
        ("storefront_backend.commerce.errors.ProviderUnavailable", MAX_ATTEMPTS - 1),
        (KILLED, MAX_KILLS - 1),
        ("storefront_backend.background.errors.TaskTooLong", MAX_KILLS - 1),
        ("builtins.KeyError", 0),
        ("gone.module.Error", 0),
    ],
)
def test_what_may_pass_is_retried_and_then_set_aside(error: str, retries: int) -> None:
    assert times_retried(error) == retries
    assert Failure.objects.get().set_aside_at is not None


def test_a_job_that_ended_well_in_the_end_is_no_failure_any_more() -> None:
    job = failed_job(DEADLOCK)
    judge(timezone.now())
    FailedExecution.objects.all().delete()
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    judge(timezone.now())
    assert not Failure.objects.exists()


def test_a_step_of_the_sweep_is_not_retried_twice_over() -> None:
    failed_job(DEADLOCK, "storefront_backend.jobs.sweep.sweep_step")
    judge(timezone.now())
    assert not FailedExecution.objects.exists()
    assert not Failure.objects.exists()
