"""Which shoppers have something to hear about their order, and that they have heard it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from storefront_backend.commerce.orders import Fulfillment as Parcel
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.mails import NotDeliverable
from storefront_backend.orders.models import Fulfillment, OrderMail
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of

# A shop that gets its mail server later does not write to the shoppers of last year.
_NEWS_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class News:
    """Bought, or, with a parcel, on its way."""

    order: Order
    parcel: Parcel | None = None


def tell(send: Callable[[News], None], now: datetime, *, most: int = 100) -> int:
    """Send what is due, oldest first; returns how many.

    `send` raises NotDeliverable where it is the address: that stops no other mail.
    Each is noted in the transaction that sends it, so a killed process repeats one mail at most.
    Orders that were called off whole before anybody heard of them are not confirmed.
    """
    return sum(_tell(order, parcel, send, now) for order, parcel in list(_due(now))[:most])


def _due(now: datetime) -> Iterator[tuple[int, int | None]]:
    since = now - _NEWS_FOR
    bought = OrderRow.objects.filter(created_at__gte=since).exclude(
        mails__kind=OrderMail.Kind.CONFIRMATION
    )
    canceled = OrderRow.State.CANCELED
    for pk in bought.exclude(state=canceled).order_by("pk").values_list("pk", flat=True):
        yield pk, None
    sent = Fulfillment.objects.filter(
        state=Fulfillment.State.FULFILLED, sent_at__gte=since, mails=None
    )
    yield from sent.order_by("sent_at").values_list("order_id", "pk")


def _tell(order: int, parcel: int | None, send: Callable[[News], None], now: datetime) -> bool:
    with transaction.atomic():
        row = OrderRow.objects.select_for_update(skip_locked=True).filter(pk=order).first()
        kind = OrderMail.Kind.PARCEL if parcel else OrderMail.Kind.CONFIRMATION
        if row is None or OrderMail.objects.filter(order=row, parcel=parcel, kind=kind).exists():
            return False
        view = order_of(row)
        of_view = next((p for p in view.fulfillments if p.id == str(parcel)), None)
        problem = ""
        try:
            send(News(view, of_view))
        except NotDeliverable as refusal:
            if not refusal.for_good:
                return False  # a full box, or a server that wants to be asked twice
            problem = str(refusal)[:200]
        OrderMail.objects.create(
            order=row, parcel_id=parcel, kind=kind, sent_at=now, problem=problem
        )
        return not problem
