"""The OrderEngine over our own rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from storefront_backend.aftersale import parcels
from storefront_backend.aftersale.refunds import Payments, RefundDesk, of_order
from storefront_backend.commerce.errors import InvalidRequest, NotFound, OrderOnHold
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import Fulfillment, Transaction
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import loaded, order_of

_MOST = 200


@dataclass(frozen=True, slots=True)
class EmbeddedOrders:
    """Implements OrderEngine."""

    now: Callable[[], datetime]
    payments: Payments | None = None

    def get(self, key: str) -> Order:
        """The order of a number or a token. Raises NotFound."""
        return order_of(_find(key))

    def list(self, *, email: str = "", brand: str = "", limit: int = 50) -> Sequence[Order]:
        """Newest first; a brand gets only its own lines of each order."""
        rows = OrderRow.objects.all()
        if email:
            rows = rows.filter(email__iexact=email)
        if brand:
            # A brand has several parcels of an order where it sent one in part.
            own = Fulfillment.objects.filter(order=OuterRef("pk"), brand__slug=brand)
            rows = rows.filter(Exists(own))
        return [order_of(row, brand=brand) for row in loaded(rows[: min(limit, _MOST)])]

    def fulfil(
        self,
        number: str,
        *,
        brand: str,
        tracking: str,
        pieces: Mapping[str, int] | None = None,
        carrier: str = "",
    ) -> Order:
        """A brand's parcel leaves, with the pieces named (by order line id) or with all.

        Held money is taken first. Again with the same tracking: no change. Raises PaymentDeclined
        and ProviderUnavailable where the money does not come, OrderOnHold where the order is
        disputed or unpaid; then nothing is marked as sent.
        """
        row = _find(number)
        _check_flag(row)
        parcel = row.fulfillments.filter(brand__slug=brand).first()
        if self.payments is not None and parcel is not None and _is_held(row):
            self.payments.capture(number)
        with transaction.atomic():
            row = _find(number, lock=True)
            _check_flag(row)  # a dispute may have come in meanwhile
            wanted = None if pieces is None else _keys(pieces)
            parcels.send(row, brand, tracking, wanted, self.now(), carrier=carrier)
            return order_of(row)

    def cancel(self, number: str, *, reason: str) -> Order:
        """Cancel an order of which nothing is sent: stock is released and money refunded.

        Idempotent: a retry does what a killed process left half done.
        """
        row = _find(number)
        if row.state not in (OrderRow.State.CANCELED, OrderRow.State.UNFULFILLED):
            raise InvalidRequest("Parts of the order are on their way already", field="number")
        if self.payments is not None and Transaction.objects.filter(of_order(row)).exists():
            desk = RefundDesk(self.payments, self.now)
            for brand in _brands(row):
                desk.cancel_brand(number, brand, reason=reason)
            return self.get(number)
        with transaction.atomic():
            row = _find(number, lock=True)
            for parcel in row.fulfillments.filter(state=Fulfillment.State.WAITING):
                parcels.cancel_pieces(
                    parcel, {line.line_id: line.quantity for line in parcel.lines.all()}
                )
        return self.get(number)


def _check_flag(row: OrderRow) -> None:
    if row.flag:
        raise OrderOnHold(f"Order {row.number} is {row.flag}: look at it first", field="number")


def _is_held(row: OrderRow) -> bool:
    return Transaction.objects.filter(of_order(row), state=Transaction.State.AUTHORIZED).exists()


def _brands(row: OrderRow) -> Sequence[str]:
    return list(
        row.fulfillments.order_by("brand__slug").values_list("brand__slug", flat=True).distinct()
    )


def _keys(pieces: Mapping[str, int]) -> dict[int, int]:
    if not all(key.isdecimal() for key in pieces):
        raise InvalidRequest("Name lines by their ids", field="pieces")
    return {int(key): quantity for key, quantity in pieces.items()}


def _find(key: str, *, lock: bool = False) -> OrderRow:
    """By number, or by the token that only the shopper has."""
    rows = OrderRow.objects.select_for_update() if lock else OrderRow.objects.all()
    try:
        return rows.get(number=key) if key.isdigit() else rows.get(token=uuid.UUID(key))
    except (OrderRow.DoesNotExist, ValueError):
        raise NotFound(f"There is no order {key}", field="number") from None
