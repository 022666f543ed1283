"""Sends a letter about an order once more, because somebody asks for it.

The outbox sends what is due by itself, once; this writes the same letter anew from the order as it
is now, and leaves the outbox's own note in step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.notices.letter import Letter
from storefront_backend.notices.order_letters import Writer
from storefront_backend.orders.models import Fulfillment, OrderMail
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of


@dataclass(frozen=True, slots=True)
class SendAgain:
    """`channel` is None where the shop has no way to send letters."""

    writer: Writer
    channel: Callable[[Letter], None] | None
    now: Callable[[], datetime]

    def __call__(self, number: str, parcel: str = "") -> None:
        """The order's confirmation, or the news of that parcel.

        Raises NotFound, InvalidRequest where the parcel has not left or no mail can be sent,
        NotDeliverable, ChannelDown.
        """
        if self.channel is None:
            raise InvalidRequest(
                "The shop cannot send mail", hint="Set EMAIL_URL (docs/settings.md)."
            )
        row = OrderRow.objects.filter(number=number).first()
        if row is None:
            raise NotFound(f"There is no order {number}", field="number")
        sent = _parcel(row, parcel) if parcel else None
        self.channel(self._letter(row, sent))
        kind = OrderMail.Kind.PARCEL if sent else OrderMail.Kind.CONFIRMATION
        OrderMail.objects.update_or_create(
            order=row, parcel=sent, kind=kind, defaults={"sent_at": self.now(), "problem": ""}
        )

    def _letter(self, row: OrderRow, sent: Fulfillment | None) -> Letter:
        order = order_of(row)
        if sent is None:
            return self.writer.letter(order)
        parcel = next(each for each in order.fulfillments if each.id == str(sent.pk))
        return self.writer.letter(order, parcel)


def _parcel(row: OrderRow, number: str) -> Fulfillment:
    parcel = row.fulfillments.filter(number=number).first()
    if parcel is None:
        raise NotFound(f"Order {row.number} has no parcel {number}", field="parcel")
    if parcel.state != Fulfillment.State.FULFILLED:
        raise InvalidRequest(f"Parcel {number} has not left", field="parcel")
    return parcel
