"""Tasks that do what no task should, for a worker to survive."""

from __future__ import annotations

import os
import signal
import time

from django.tasks import task


@task
def sleep_forever() -> None:
    """Never ends."""
    while True:
        time.sleep(60)


@task
def eat_memory() -> int:
    """Takes ever more memory."""
    held = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))
        time.sleep(0.005)


@task
def eat_memory_at_once() -> int:
    """Takes more at once than any task may."""
    return len(bytearray(20 * 1024**3))


@task
def die() -> None:
    """Takes its process down."""
    os.kill(os.getpid(), signal.SIGKILL)


@task
def raise_what_no_column_takes() -> None:
    """The queue cannot write this error down."""
    raise ValueError("a\0b \ud800")


@task
def do_well() -> str:
    """What the others must not keep from its work."""
    return "done"
