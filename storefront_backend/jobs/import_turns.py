"""Whose sheet is next: brands take turns, so that one's many sheets keep another waiting for one.

There is a task for each run that was handed in, and a task takes the run whose turn it is rather
than the one that it was queued for. A run that was begun before is only gone on with by a task of
its own: a retry waits its time, and another brand's task must not use up its attempts.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Max, OuterRef, Subquery

from storefront_backend.catalog.models import ImportRun


def in_turn(own: ImportRun) -> Iterator[ImportRun]:
    """What the task of the run `own` may take, the first choice first, one of each brand."""
    if own.state in ImportRun.UNDER_WAY and own.attempts:
        yield own
    served = (
        ImportRun.objects.filter(brand=OuterRef("brand"))
        .order_by()
        .values("brand")
        .annotate(last=Max("finished_at"))
        .values("last")
    )
    waiting = (
        ImportRun.objects.filter(state__in=ImportRun.UNDER_WAY, attempts=0)
        .select_related("brand")
        .annotate(served=Subquery(served))
        .order_by(F("served").asc(nulls_first=True), "touched_at", "created_at")
    )
    brands: set[int] = set()
    for run in waiting:
        if run.brand_id not in brands:
            brands.add(run.brand_id)
            yield run


def waiting_of(run: ImportRun) -> ImportRun | None:
    """The brand's next run: its task may have ended while this one kept the brand busy."""
    waiting = ImportRun.objects.filter(state__in=ImportRun.UNDER_WAY, attempts=0)
    return waiting.filter(brand=run.brand_id).order_by("touched_at").first()
