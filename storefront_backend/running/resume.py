"""Takes jobs from workers that were killed, so that others may run them.

`python -m storefront_backend.running.resume`

The queue would notice a killed worker only when its heartbeat is a minute old. Here the worker is
known to be dead: the supervisor runs this before it starts one. The jobs fail as those of a killed
worker; `background.failed_jobs` has them run again, but not for ever.
"""

from __future__ import annotations

import os
import socket

import django
import psutil


def resume() -> int:
    """Returns how many jobs were taken from dead workers."""
    from dj_queue.exceptions import ProcessMissingError
    from dj_queue.models import Process
    from dj_queue.operations import jobs

    killed = ProcessMissingError("the worker was killed")
    count = 0
    for process in Process.objects.filter(hostname=socket.gethostname()):
        if not psutil.pid_exists(process.pid):
            count += len(jobs.fail_claimed_jobs_for_process(process, killed, delete_process=True))  # type: ignore[no-untyped-call] # dj_queue types its api module only
    return count + len(jobs.fail_orphaned_claimed_jobs(killed))  # type: ignore[no-untyped-call] # as above


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
    django.setup()
    count = resume()
    if count:
        print(f"  {count} interrupted jobs go on")
