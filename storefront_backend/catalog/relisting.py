"""The mark on products whose listings have yet to follow a change.

It is written in the change's own transaction, so that a process killed before it queues the task
leaves work that the sweep finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models.functions import Now

from storefront_backend.catalog.models import Product

_A_SWEEP = 1000  # at most so many at once

type Marks = Mapping[int, datetime]


def mark_for_relisting(product_ids: Iterable[int]) -> None:
    """Ask for the products' listings to be brought up to date."""
    Product.objects.filter(pk__in=list(product_ids)).update(relist_asked_at=Now())


def marks_of(product_ids: Iterable[int]) -> Marks:
    """The marks as they are now; read them before the listings are made."""
    rows = Product.objects.filter(pk__in=list(product_ids), relist_asked_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("pk", "relist_asked_at") if at is not None}


def clear_marks(marks: Marks) -> None:
    """Take off the marks whose work is done. One that was set since asks for more, and stays."""
    for at in set(marks.values()):
        ids = [pk for pk, each in marks.items() if each == at]
        Product.objects.filter(pk__in=ids, relist_asked_at=at).update(relist_asked_at=None)


def marked_before(moment: datetime) -> list[int]:
    """Products whose listings were asked for that long ago and have not followed."""
    rows = Product.objects.filter(relist_asked_at__lt=moment)
    return list(rows.order_by("relist_asked_at").values_list("pk", flat=True)[:_A_SWEEP])
