"""The queue's workers, each a process that is ended from outside on a timeout of its task.

A worker runs one task at a time. The supervisor watches from its own process: a task that takes too
long or too much memory is ended with its process and all that it started; the task fails as
TaskTooLong or TaskTooLarge, and a new worker takes the next one. The kernel bounds what a single
process may allocate, for one that grows faster than anybody looks.
"""

from __future__ import annotations

import resource
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import structlog
from dj_queue.hooks import on_worker_start
from dj_queue.models import ClaimedExecution, Process
from dj_queue.operations.recovery import fail_claimed_jobs_for_child
from dj_queue.runtime.base import app_executor
from dj_queue.runtime.supervisor import ForkSupervisor
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from storefront_backend.background import failed_jobs
from storefront_backend.background.errors import TaskOverran, TaskTooLarge, TaskTooLong
from storefront_backend.background.limits import largest, limit_of
from storefront_backend.task_limits import Limit

log = structlog.get_logger(__name__)

MEMORY_EVERY = 0.5  # seconds
JOBS_EVERY = 2.0  # seconds
STARTED_WITHIN = 60.0  # seconds in which a new worker has registered in the database
_MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Running:
    """A job that a worker has, and since when we have seen it."""

    job: str
    task: str
    since: float

    @property
    def limit(self) -> Limit:
        """What it may take."""
        return limit_of(self.task)


@dataclass(slots=True)
class Watch:
    """What the guard knows of the workers, by process id. It outlives a database that is away."""

    running: dict[int, Running] = field(default_factory=dict)
    ended: dict[int, TaskOverran] = field(default_factory=dict)  # by us, and why

    def see(self, jobs: dict[int, tuple[str, str]], now: float) -> None:
        """Take in who has which job now."""
        self.running = {
            pid: known
            if (known := self.running.get(pid)) and known.job == job
            else Running(job, task, now)
            for pid, (job, task) in jobs.items()
        }

    def overrun(self, pid: int, taken: int, now: float) -> TaskOverran | None:
        """Why that process has to end, if it has to: `taken` is its memory in bytes."""
        at_work = self.running.get(pid)
        limit = at_work.limit if at_work else largest()
        task = at_work.task if at_work else "no task"
        if taken > limit.megabytes * _MEGABYTE:
            return TaskTooLarge(
                f"{task} took {taken // _MEGABYTE} MB; its limit is {limit.megabytes} MB"
                " (TASK_LIMITS)"
            )
        if at_work and now - at_work.since > limit.seconds:
            return TaskTooLong(
                f"{task} ran for more than {limit.seconds} seconds, its limit (TASK_LIMITS)"
            )
        return None


class GuardedSupervisor(ForkSupervisor):
    """dj_queue's supervisor of worker processes, which besides ends those that overrun."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call] # dj_queue types its api module only
        self.watch = Watch()
        self._memory_due = self._jobs_due = 0.0

    def poll_once(self) -> Any:
        """Look after the workers once."""
        replaced = super().poll_once()  # type: ignore[no-untyped-call] # as above
        now = time.monotonic()
        if now >= self._jobs_due:
            self._jobs_due = now + JOBS_EVERY
            self._look_at_jobs(now)
        if now >= self._memory_due:
            self._memory_due = now + MEMORY_EVERY
            self._end_overrun(now)
        return replaced

    def _look_at_jobs(self, now: float) -> None:
        try:
            with app_executor():
                self.watch.see(self._jobs(), now)
                failed_jobs.judge(timezone.now())
        except DatabaseError as error:
            # What was seen before still counts, so a task that hangs is ended all the same.
            log.warning("jobs not looked at", reason=str(error))
            close_old_connections()

    def _jobs(self) -> dict[int, tuple[str, str]]:
        self._end_stillborn()
        rows = ClaimedExecution.objects.filter(
            process__supervisor_id=self._own_id(), process__pid__in=list(self.children)
        )
        values = rows.order_by("pk").values_list("process__pid", "job_id", "job__task_path")
        found: dict[int, tuple[str, str]] = {}
        for pid, job, task in values:
            found.setdefault(pid, (str(job), task))
        return found

    def _own_id(self) -> int | None:
        return None if self.process is None else self.process.pk

    def _end_stillborn(self) -> None:
        """A fork can inherit a lock that is never released, and then hangs (deadlock)."""
        there = set(
            Process.objects.filter(supervisor_id=self._own_id()).values_list("pid", flat=True)
        )
        late = time.monotonic() - STARTED_WITHIN
        for pid, started in list(self._child_started_at.items()):
            if pid not in there and started < late:
                log.error("worker never started", pid=pid)
                end_tree(pid)

    def _end_overrun(self, now: float) -> None:
        for pid in list(self.children):
            if pid in self.watch.ended:
                continue
            reason = self.watch.overrun(pid, memory_of(pid), now)
            if reason is not None:
                at_work = self.watch.running.get(pid)
                log.error(
                    "task ended from outside", reason=str(reason), code=reason.code, pid=pid,
                    job=at_work.job if at_work else "", task=at_work.task if at_work else "",
                )  # fmt: skip
                self.watch.ended[pid] = reason
                end_tree(pid)

    def _fail_claimed_jobs_for_child(
        self, pid: int, spec: Any, *, status: int | None = None
    ) -> Any:
        reason = self.watch.ended.pop(pid, None)
        self.watch.running.pop(pid, None)
        if reason is None or spec is None:
            return super()._fail_claimed_jobs_for_child(pid, spec, status=status)  # type: ignore[no-untyped-call] # as above
        with app_executor():
            return fail_claimed_jobs_for_child(  # type: ignore[no-untyped-call] # as above
                pid=pid,
                name=spec["kwargs"]["name"],
                supervisor_id=self._own_id(),
                error=reason,
                traceback_text=str(reason),
                backend_alias=self.backend_alias,
                config=self.backend_config,
            )


def memory_of(pid: int) -> int:
    """Bytes that a process and all that it started hold in memory; 0 where it is gone."""
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    taken = 0
    for each in tree:
        with suppress(psutil.Error):
            taken += each.memory_info().rss
    return taken


def end_tree(pid: int) -> None:
    """Kill a process and all that it started."""
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        for each in [*root.children(recursive=True), root]:
            with suppress(psutil.Error):
                each.kill()


def bound_memory(process: Process) -> None:
    """In a worker's process, as it starts: no allocation beyond the largest limit of a task."""
    most = largest().megabytes * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def build_supervisor(backend_alias: str = "default") -> GuardedSupervisor:
    """The supervisor of the queue, with its guard."""
    on_worker_start(bound_memory)
    built = GuardedSupervisor.from_backend_config(backend_alias=backend_alias)  # type: ignore[no-untyped-call] # as above
    assert isinstance(built, GuardedSupervisor)
    return built
