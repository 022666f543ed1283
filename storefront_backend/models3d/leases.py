"""Who runs a build: a lease that its worker renews, and that expires after a worker is killed.

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
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from storefront_backend.models3d.models import Build

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
MAX_BUILDS = 1_000_000  # at once, of one brand: no limit
_HEARTBEAT = 20.0  # seconds; a third of the lease would already do
_LONGEST = 3600.0  # seconds; a build that hangs stops renewing, and its lease expires

LAPSED = Q(state=Build.State.RUNNING, lease_until__lt=Now())
_FREE = Q(state=Build.State.QUEUED) | LAPSED
_TURNS = 20_263  # the first half of the advisory lock's key: this kind of lock


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

    def release(self) -> None:
        """Give the build up for another to take, at once."""
        self.rows().update(lease_until=Now())


def claim(build_id: int) -> Claim | None:
    """Take a build that no other worker runs; None where somebody does, or it is over.

    One conditional UPDATE: of any number of workers at once, one changes the row.
    """
    ours = Claim(build_id, uuid.uuid4())
    taken = Build.objects.filter(_FREE, pk=build_id, attempts__lt=MAX_ATTEMPTS).update(
        state=Build.State.RUNNING,
        lease_token=ours.token,
        lease_until=Now() + LEASE,
        started_at=Now(),
        attempts=F("attempts") + 1,
        stage="",
        progress=0,
    )
    return ours if taken else None


def claim_next(most_a_brand: int) -> Claim | None:
    """Take the build whose turn it is; None where none may run now.

    Brands take turns: first the one that fewest builds run for, then the one served longest ago;
    within a brand the oldest. So many builds of one keep no other brand waiting for more than one.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # who chooses, chooses alone: a limit is a limit
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_TURNS,))
        key = _waiting(most_a_brand).values_list("pk", flat=True).first()
        return None if key is None else claim(key)


def postpone() -> int:
    """Note that a build which may not run now has to be queued again; how many."""
    newest = _waiting().exclude(queued_at=None).order_by("-pk").values_list("pk", flat=True)[:1]
    return Build.objects.filter(pk__in=list(newest)).update(queued_at=None)


def _waiting(most_a_brand: int = MAX_BUILDS) -> QuerySet[Build]:
    of_brand = Build.objects.order_by().filter(model__brand=OuterRef("model__brand"))
    at_work = of_brand.filter(state=Build.State.RUNNING, lease_until__gte=Now())
    rows = Build.objects.filter(_FREE, attempts__lt=MAX_ATTEMPTS).annotate(
        running=Coalesce(Subquery(_grouped(at_work, Count("pk"))), 0),
        served=Subquery(_grouped(of_brand, Max("started_at"))),
    )
    allowed = rows.filter(running__lt=most_a_brand)
    return allowed.order_by("running", F("served").asc(nulls_first=True), "pk")


def _grouped(rows: QuerySet[Build], value: Count | Max) -> QuerySet[Build, Any]:
    return rows.values("model__brand").annotate(value=value).values("value")


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
