"""Orders as one brand sees them: its own lines, parcels and refunds, and no other's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.orders import Order, order_state
from storefront_backend.orders.models import Fulfillment, Refund
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import loaded, order_of


@dataclass(frozen=True, slots=True)
class BrandOrder:
    """`order` holds the brand's lines, parcels and refunds only; its cost is everybody's."""

    order: Order
    on_hold: bool  # a person must look at the order before anything is sent

    def pieces(self, line_id: str) -> dict[str, int]:
        """How many pieces of a line wait, have left, were cancelled, came back."""
        found = Counter(dict.fromkeys(("waiting", "sent", "canceled", "returned"), 0))
        for parcel in self.order.fulfillments:
            state = {"waiting": "waiting", "fulfilled": "sent"}.get(parcel.state)
            if state:
                found[state] += sum(n for line, n in parcel.pieces if line == line_id)
        for refund in self.order.refunds:
            kind = {"cancellation": "canceled", "return": "returned"}.get(refund.kind)
            if kind:
                found[kind] += sum(r.quantity for r in refund.lines if r.line_id == line_id)
        return dict(found)

    @property
    def state(self) -> str:
        """Of the brand's part alone: unfulfilled, partially_fulfilled, fulfilled, canceled …"""
        count = Counter[str]()
        for line in self.order.lines:
            count.update(self.pieces(line.id))
        return order_state(waiting=count["waiting"], sent=count["sent"], returned=count["returned"])


def one(brand: str, number: str) -> BrandOrder:
    """Raises NotFound where the order holds nothing of the brand."""
    for found in page(brand, number=number, limit=1):
        return found
    raise NotFound(f"There is no order {number}", field="number")


def page(
    brand: str, *, number: str = "", waiting: bool = False, after: str = "", limit: int
) -> list[BrandOrder]:
    """Newest first, from after the order of that number on; `waiting`: with a parcel to send."""
    own = Fulfillment.objects.filter(order=OuterRef("pk"), brand__slug=brand)
    if waiting:
        own = own.filter(state=Fulfillment.State.WAITING)
    rows = OrderRow.objects.filter(Exists(own)).order_by("-pk")
    if number:
        rows = rows.filter(number=number)
    if after:
        rows = rows.filter(pk__lt=OrderRow.objects.filter(number=after).values("pk")[:1])
    return [
        BrandOrder(order_of(row, brand=brand), on_hold=bool(row.flag))
        for row in loaded(rows[:limit])
    ]


def refund_number(key: str) -> str:
    """The credit note of a request, by its key."""
    return Refund.objects.get(key=key).number
