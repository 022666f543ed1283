"""Mails to a shopper about an order: that it is bought, and that a parcel has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront_backend.notices.letter import Letter
from storefront_backend.notices.order_letters import Writer
from storefront_backend.orders.models import Fulfillment, OrderMail
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of

# A shop that gets its mail server later does not write to the shoppers of last year.
_NEWS_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Bought:
    """An order, once. One that was canceled whole before a mail was sent is not confirmed."""

    writer: Writer
    name: str = "order"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of orders."""
        rows = OrderRow.objects.filter(created_at__gte=now - _NEWS_FOR).exclude(
            mails__kind=OrderMail.Kind.CONFIRMATION
        )
        rows = rows.exclude(state=OrderRow.State.CANCELED)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """Lines, total, address."""
        known = OrderMail.objects.filter(order=key, kind=OrderMail.Kind.CONFIRMATION).exists()
        row = None if known else OrderRow.objects.filter(pk=key).first()
        return None if row is None else self.writer.letter(order_of(row))

    def sent(self, key: int, now: datetime) -> None:
        """A row, of which the database allows one an order."""
        self.refused(key, now, "")

    def refused(self, key: int, now: datetime, why: str) -> None:
        """The same row, with the reason."""
        OrderMail.objects.create(
            order_id=key, kind=OrderMail.Kind.CONFIRMATION, sent_at=now, problem=why
        )


@dataclass(frozen=True, slots=True)
class ParcelSent:
    """A parcel of an order is on its way."""

    writer: Writer
    name: str = "parcel"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of parcels."""
        sent = Fulfillment.objects.filter(
            state=Fulfillment.State.FULFILLED, sent_at__gte=now - _NEWS_FOR, mails=None
        )
        return list(sent.order_by("sent_at").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """Its own pieces, carrier and number."""
        row = Fulfillment.objects.filter(pk=key, mails=None).select_related("order").first()
        if row is None:
            return None
        order = order_of(row.order)
        parcel = next((p for p in order.fulfillments if p.id == str(key)), None)
        return None if parcel is None else self.writer.letter(order, parcel)

    def sent(self, key: int, now: datetime) -> None:
        """A row, of which the database allows one a parcel."""
        self.refused(key, now, "")

    def refused(self, key: int, now: datetime, why: str) -> None:
        """The same row, with the reason."""
        order = Fulfillment.objects.values_list("order_id", flat=True).get(pk=key)
        OrderMail.objects.create(
            order_id=order, parcel_id=key, kind=OrderMail.Kind.PARCEL, sent_at=now, problem=why
        )
