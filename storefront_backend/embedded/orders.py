"""The OrderEngine over our own rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.orders import Order
from storefront_backend.embedded import stock
from storefront_backend.embedded.order_rows import order_of
from storefront_backend.orders.models import Fulfillment, Transaction, TransactionEvent
from storefront_backend.orders.models import Order as OrderRow

_MOST = 200


@dataclass(frozen=True, slots=True)
class EmbeddedOrders:
    """Implements OrderEngine."""

    now: Callable[[], datetime]

    def get(self, key: str) -> Order:
        """The order of a number or a token. Raises NotFound."""
        return order_of(_find(key))

    def list(self, *, email: str = "", brand: str = "", limit: int = 50) -> Sequence[Order]:
        """Newest first; a brand gets only its own lines of each order."""
        rows = OrderRow.objects.all()
        if email:
            rows = rows.filter(email__iexact=email)
        if brand:
            rows = rows.filter(fulfillments__brand__slug=brand)
        return [order_of(row, brand=brand) for row in rows[: min(limit, _MOST)]]

    def fulfil(self, number: str, *, brand: str, tracking: str) -> Order:
        """Mark a brand's parcel as sent. Again with the same tracking: no change."""
        with transaction.atomic():
            row = _find(number, lock=True)
            parcel = row.fulfillments.filter(brand__slug=brand).first()
            if parcel is None:
                raise NotFound(f"Order {number} holds nothing of {brand}", field="brand")
            if parcel.state == Fulfillment.State.FULFILLED and parcel.tracking == tracking:
                return order_of(row)
            if parcel.state != Fulfillment.State.WAITING:
                raise InvalidRequest(f"Parcel {parcel.number} is {parcel.state}", field="brand")
            parcel.state = Fulfillment.State.FULFILLED
            parcel.tracking = tracking
            parcel.sent_at = self.now()
            parcel.save()
            waiting = row.fulfillments.filter(state=Fulfillment.State.WAITING).exists()
            row.state = OrderRow.State.PARTIALLY_FULFILLED if waiting else OrderRow.State.FULFILLED
            row.save(update_fields=("state",))
            return order_of(row)

    def cancel(self, number: str, *, reason: str) -> Order:
        """Cancel an order of which nothing is sent, and give the stock back."""
        with transaction.atomic():
            row = _find(number, lock=True)
            if row.state == OrderRow.State.CANCELED:
                return order_of(row)
            if row.state != OrderRow.State.UNFULFILLED:
                raise InvalidRequest("Parts of the order are on their way already", field="number")
            for line in row.lines.all():
                if line.variant_id is not None:
                    stock.give_back(line.variant_id, line.quantity)
            row.fulfillments.update(state=Fulfillment.State.CANCELED)
            row.state = OrderRow.State.CANCELED
            row.save(update_fields=("state",))
            return order_of(row)

    def record_refund(self, number: str, *, amount: Money, reference: str, reason: str) -> Order:
        """Write down a refund that the provider has made; idempotent by reference."""
        with transaction.atomic():
            row = _find(number, lock=True)
            if amount.currency != row.currency or row.refunded + amount.amount > row.paid:
                raise InvalidRequest("More than was paid cannot be refunded", field="amount")
            payment = (
                row.checkout.transactions.select_for_update()
                .filter(state__in=(Transaction.State.CHARGED, Transaction.State.REFUNDED))
                .first()
            )
            if payment is None:
                raise InvalidRequest("The order has no charged payment", field="number")
            _, new = TransactionEvent.objects.get_or_create(
                provider=payment.provider,
                event_id=reference,
                defaults={
                    "transaction": payment,
                    "kind": "refunded",
                    "amount": amount.amount,
                    "currency": amount.currency,
                    "reason": reason[:200],
                    "occurred_at": self.now(),
                },
            )
            if new:
                payment.refunded += amount.amount
                payment.save(update_fields=("refunded", "updated_at"))
                row.refunded += amount.amount
                row.save(update_fields=("refunded",))
            return order_of(row)


def _find(key: str, *, lock: bool = False) -> OrderRow:
    """By number, or by the token that only the shopper has."""
    rows = OrderRow.objects.select_for_update() if lock else OrderRow.objects.all()
    try:
        return rows.get(number=key) if key.isdigit() else rows.get(token=uuid.UUID(key))
    except (OrderRow.DoesNotExist, ValueError):
        raise NotFound(f"There is no order {key}", field="number") from None
