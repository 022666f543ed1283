"""Which products have listings that lag behind them: a mark in the product's own row.

Code that changes what a listing depends on (passport, price formula, markets, variants) marks the
product in the same transaction, so that no kill in between leaves a listing at the old price. The
relisting clears the mark in the transaction that writes the listings. A new product has the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from storefront_backend.background.models import Failure
from storefront_backend.catalog.models import Product

KIND = "relist"  # of an item that failed: its id is the product's


def mark_for_relisting(product_ids: Iterable[int]) -> None:
    """Note that the listings of these products lag. What was set aside gets a new chance."""
    ids = list(product_ids)
    Product.objects.filter(pk__in=ids).update(relist_needed_at=timezone.now())
    Failure.objects.filter(kind=KIND, item__in=[str(pk) for pk in ids]).delete()


def lagging(now: datetime, most: int) -> list[int]:
    """Products to relist, the longest waiting first, without those that wait after a failure."""
    held = Failure.objects.filter(Q(set_aside_at__isnull=False) | Q(next_at__gt=now), kind=KIND)
    names = [int(item) for item in held.values_list("item", flat=True)]
    marked = Product.objects.filter(relist_needed_at__isnull=False).exclude(pk__in=names)
    return list(marked.order_by("relist_needed_at", "pk").values_list("pk", flat=True)[:most])


def clear(marks: Mapping[int, datetime]) -> None:
    """Take back the marks that were there before the listings were written, and no newer ones."""
    for pk, mark in marks.items():
        Product.objects.filter(pk=pk, relist_needed_at=mark).update(relist_needed_at=None)
