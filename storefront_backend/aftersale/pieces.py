"""How many pieces of an order's lines wait, have left, were cancelled, came back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from storefront_backend.orders.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    Refund,
    RefundLine,
)


@dataclass(frozen=True, slots=True)
class Count:
    """Pieces of one order line; `sold` is all of them."""

    sold: int
    waiting: int
    sent: int
    canceled: int
    returned: int


def count(order: Order) -> dict[int, Count]:
    """The pieces of each line, by its primary key. Requested refunds count as done."""
    waiting, sent = Counter[int](), Counter[int]()
    for row in FulfillmentLine.objects.filter(fulfillment__order=order).values_list(
        "line_id", "quantity", "fulfillment__state"
    ):
        line, quantity, state = row
        if state == Fulfillment.State.WAITING:
            waiting[line] += quantity
        elif state == Fulfillment.State.FULFILLED:
            sent[line] += quantity
    canceled, returned = Counter[int](), Counter[int]()
    for line, quantity, kind in RefundLine.objects.filter(refund__order=order).values_list(
        "line_id", "quantity", "refund__kind"
    ):
        (returned if kind == Refund.Kind.RETURN else canceled)[line] += quantity
    return {
        line.pk: Count(
            line.quantity, waiting[line.pk], sent[line.pk], canceled[line.pk], returned[line.pk]
        )
        for line in order.lines.all()
    }
