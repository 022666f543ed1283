"""Puts jobs back in line that a killed worker had taken.

`python -m storefront_backend.running.resume`

The queue keeps such a job as failed, and would notice a killed worker only when its heartbeat is
five minutes old. Here the worker is known to be dead (the supervisor runs this before it starts
one), and every job of ours may run twice, so they go straight back in line. Jobs that failed by
an error of their own stay failed.
"""

from __future__ import annotations

import os
import socket

import django
import psutil


def resume() -> int:
    """Returns how many jobs went back in line."""
    from dj_queue.api import retry_failed_jobs
    from dj_queue.exceptions import ProcessExitError, ProcessMissingError, ProcessPrunedError
    from dj_queue.models import FailedExecution, Process
    from dj_queue.operations import jobs

    killed = ProcessMissingError("the worker was killed")
    for process in Process.objects.filter(hostname=socket.gethostname()):
        if not psutil.pid_exists(process.pid):
            jobs.fail_claimed_jobs_for_process(process, killed, delete_process=True)  # type: ignore[no-untyped-call] # dj_queue types its api module only
    jobs.fail_orphaned_claimed_jobs(killed)  # type: ignore[no-untyped-call] # as above
    reasons = [
        f"{error.__module__}.{error.__qualname__}"
        for error in (ProcessExitError, ProcessMissingError, ProcessPrunedError)
    ]
    waiting = FailedExecution.objects.filter(exception_class__in=reasons)
    return retry_failed_jobs(job_ids=list(waiting.values_list("job_id", flat=True)))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
    django.setup()
    count = resume()
    if count:
        print(f"  {count} interrupted jobs go on")
