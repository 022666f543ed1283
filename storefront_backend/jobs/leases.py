"""Who runs a build: a lease that its worker renews, and that a killed worker lets run out.

The database's clock measures leases, since workers on several machines share one queue.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from storefront_backend.models3d.models import Build

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
_HEARTBEAT = 20.0  # seconds; a third of the lease would already do
_LONGEST = 3600.0  # seconds; a build that hangs stops renewing, and its lease runs out

LAPSED = Q(state=Build.State.RUNNING, lease_until__lt=Now())


@dataclass(frozen=True, slots=True)
class Claim:
    """Our hold on a build. Every write checks the token: a worker that lost its lease is silent."""

    build_id: int
    token: uuid.UUID

    def rows(self) -> QuerySet[Build]:
        """The build, if it is still ours."""
        return Build.objects.filter(
            pk=self.build_id, lease_token=self.token, state=Build.State.RUNNING
        )

    def lost(self) -> bool:
        """Whether somebody canceled the build or took it over."""
        return not self.rows().exists()

    def note(self, stage: str, share: float) -> None:
        """Tell how far the build is, from 0 to 1."""
        self.rows().update(stage=stage[:40], progress=share)

    def let_go(self) -> None:
        """Give the build up for another to take, at once."""
        self.rows().update(lease_until=Now())


def claim(build_id: int) -> Claim | None:
    """Take a build that nobody runs; None where somebody does, or it is over.

    One conditional UPDATE: of any number of workers at once, one changes the row.
    """
    ours = Claim(build_id, uuid.uuid4())
    free = Q(state=Build.State.QUEUED) | LAPSED
    taken = Build.objects.filter(free, pk=build_id, attempts__lt=MAX_ATTEMPTS).update(
        state=Build.State.RUNNING,
        lease_token=ours.token,
        lease_until=Now() + LEASE,
        attempts=F("attempts") + 1,
        stage="",
        progress=0,
    )
    return ours if taken else None


@contextmanager
def kept(ours: Claim) -> Iterator[None]:
    """Renews the lease in the background; it ends with us, however we end."""
    stop = threading.Event()
    until = time.monotonic() + _LONGEST

    def renew() -> None:
        while not stop.wait(_HEARTBEAT) and time.monotonic() < until:
            try:
                ours.rows().update(lease_until=Now() + LEASE)
            except DatabaseError:  # the next beat may find the database again
                log.warning("lease not renewed", build=ours.build_id)
            finally:
                connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
