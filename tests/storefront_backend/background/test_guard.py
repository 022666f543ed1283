"""A worker's task that overruns is ended from outside, and the others go on. Real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest
from dj_queue.models import Job, Process
from django.db import connection

from storefront_backend.background.errors import TaskTooLarge, TaskTooLong
from storefront_backend.background.guard import Watch
from storefront_backend.background.models import Failure
from tests.patience import stretched
from tests.project.files import ROOT
from tests.storefront_backend.background import poison

PATIENCE = 90.0  # seconds: nothing waits so long but on a machine that has stopped


@contextmanager
def work(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py work` on this test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DJ_QUEUE_SKIP_RECURRING": "1",
            "WORKER_PROCESSES": "1",
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(stretched(20))
        finally:
            for each in psutil.process_iter():
                if os.getpgid(each.pid) == process.pid and each.pid != os.getpid():
                    each.kill()


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, list(Job.objects.values("task_path", "finished_at"))
        time.sleep(0.1)


def is_done(job: str) -> bool:
    return Job.objects.filter(pk=job, finished_at__isnull=False).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_poisoned_tasks_fail_alone() -> None:
    expected = {
        poison.sleep_forever: "TaskTooLong",
        poison.eat_memory: "TaskTooLarge",
        poison.eat_memory_at_once: "MemoryError",
        poison.die: "ProcessExitError",
        poison.raise_what_no_column_takes: "ProcessMissingError",
    }
    jobs = {task.enqueue().id: error for task, error in expected.items()}
    good = poison.do_well.enqueue().id
    with work(TASK_LIMITS="sleep_forever:1:2048,eat_memory:300:400"):
        until(lambda: is_done(good))
        until(lambda: Failure.objects.filter(item__in=jobs).count() == len(jobs))
    found = dict(Failure.objects.values_list("item", "error"))
    assert {job: error.rpartition(".")[2] for job, error in found.items()} == jobs


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_killed_is_replaced_and_its_job_is_done_again() -> None:
    with work():
        until(lambda: Process.objects.filter(kind="Worker").exists())
        for worker in Process.objects.filter(kind="Worker"):
            os.kill(worker.pid, signal.SIGKILL)
        good = poison.do_well.enqueue().id
        until(lambda: is_done(good))


def test_the_clock_of_a_task_runs_from_when_its_worker_got_it() -> None:
    watch = Watch()
    watch.see({7: ("a", "tasks.one")}, now=100.0)
    watch.see({7: ("a", "tasks.one")}, now=300.0)
    assert watch.overrun(7, taken=0, now=400.0) is None
    assert isinstance(watch.overrun(7, taken=0, now=401.0), TaskTooLong)
    watch.see({7: ("b", "tasks.one")}, now=401.0)
    assert watch.overrun(7, taken=0, now=500.0) is None


def test_a_task_and_what_it_started_may_take_as_much_as_its_limit_says() -> None:
    watch = Watch()
    watch.see({7: ("a", "tasks.one")}, now=0.0)
    assert watch.overrun(7, taken=2048 * 1024**2, now=1.0) is None
    assert isinstance(watch.overrun(7, taken=2049 * 1024**2, now=1.0), TaskTooLarge)
