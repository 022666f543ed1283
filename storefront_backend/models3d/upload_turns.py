"""Whose upload is checked next: brands take turns, so that one's thousands keep no other waiting.

There is a task for each upload that was closed, and a task takes the upload whose turn it is rather
than the one that it was queued for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.db.models import F, Max, OuterRef, Subquery

from storefront_backend.models3d.models import Upload

_CHECKING = 20_264  # the class of our advisory locks; the second key is of the upload


@contextmanager
def next_upload() -> Iterator[Upload | None]:
    """The upload whose turn it is, with its product, for this worker alone; None where none waits.

    First of the brand whose last one ended longest ago, the oldest. An advisory lock of the
    connection holds it: the database releases it when our process is killed.
    """
    passed: list[UUID] = []
    while (upload := _waiting(passed)) is not None:
        with _locked(upload) as ours:
            if ours and Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING).exists():
                yield upload
                return
        passed.append(upload.pk)
    yield None


def _waiting(passed: list[UUID]) -> Upload | None:
    """The next one of a brand of which nothing was passed by; then of any."""
    ended = (
        Upload.objects.filter(brand=OuterRef("brand"))
        .order_by()
        .values("brand")
        .annotate(last=Max("finished_at"))
        .values("last")
    )
    rows = (
        Upload.objects.filter(state=Upload.State.CHECKING)
        .exclude(pk__in=passed)
        .select_related("product")
        .annotate(served=Subquery(ended))
        .order_by(F("served").asc(nulls_first=True), "created_at", "pk")
    )
    at_work = Upload.objects.filter(pk__in=passed).values("brand")
    return rows.exclude(brand__in=at_work).first() or rows.first()


@contextmanager
def _locked(upload: Upload) -> Iterator[bool]:
    key = [_CHECKING, upload.pk.int % (1 << 31)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
