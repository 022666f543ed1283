"""Stock set by hand at the desk: the count that was read decides who wins a race.

    seen 5, set to 8    UPDATE … WHERE quantity = 5 AND reserved <= 8     one row, or the reason why

A sale between reading and saving changes the row, so that nothing is written over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction

from storefront_backend.catalog.models import ProductVariant, Stock, Warehouse
from storefront_backend.scope.rows import Scope

MOST = 1_000_000


class Reason(StrEnum):
    """Why a count was not taken."""

    CHANGED = "changed"  # it is another number by now
    PROMISED = "promised"  # more pieces are reserved by open checkouts
    GONE = "gone"  # no such row, or not the brand's


@dataclass(frozen=True, slots=True)
class Count:
    """A stock row with the number that was read, and the number that is counted."""

    stock_id: int
    seen: int
    counted: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A count that was refused, with what the row says now."""

    count: Count
    reason: Reason
    quantity: int = 0
    reserved: int = 0


def set_counts(scope: Scope, counts: Iterable[Count]) -> tuple[int, tuple[NotTaken, ...]]:
    """Write each count whose row still says what was read; how many, and the others."""
    written, refused = 0, []
    for count in sorted(counts, key=lambda each: each.stock_id):  # in one order: no deadlock
        rows = scope.rows(Stock).filter(pk=count.stock_id)
        taken = rows.filter(quantity=count.seen, reserved__lte=count.counted).update(
            quantity=count.counted
        )
        written += taken
        if not taken:
            refused.append(_why(rows.first(), count))
    return written, tuple(refused)


def _why(row: Stock | None, count: Count) -> NotTaken:
    if row is None:
        return NotTaken(count, Reason.GONE)
    reason = Reason.CHANGED if row.quantity != count.seen else Reason.PROMISED
    return NotTaken(count, reason, row.quantity, row.reserved)


def add_place(variant: ProductVariant, warehouse: Warehouse, quantity: int) -> bool:
    """Keep the variant at another warehouse; False where it is kept there already."""
    try:
        with transaction.atomic():
            Stock.objects.create(variant=variant, warehouse=warehouse, quantity=quantity)
    except IntegrityError:  # a race, or a second click
        return False
    return True
