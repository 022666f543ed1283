"""Payment recovery by the sweep: retries every step that a killed process may have left.

| left behind | what is done |
|---|---|
| a row, and we do not know whether the provider was reached | the same request again gives its id; the payment is released, since no shopper was sent to pay |
| a shopper at the payment page, or a lost webhook | the provider is queried for its state |
| a shopper who left (timeout) | the payment is released at the provider |
| money and no order | sold now, or refunded |
| a capture, refund or cancellation without an answer | retried with the same idempotency key |
| money held for an order that is not sent yet | captured before the hold expires |
"""  # noqa: E501 - a table

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Model, Q

from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.background.items import each
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.orders.models import (
    Checkout,
    Order,
    Reservation,
    Transaction,
    TransactionRequest,
)
from storefront_backend.selling import stock

if TYPE_CHECKING:
    from storefront_backend.aftersale.payment_desk import PaymentDesk

log = structlog.get_logger(__name__)

# How long after its pieces were released an unpaid payment is released.
_GRACE = timedelta(minutes=15)
# A card's hold ends after 7 days: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
# (customer-initiated, card not present; read 2026-11-24). Two days are left for trying again.
_HOLD_KEPT_FOR = timedelta(days=5)


def recover(desk: PaymentDesk, older_than: timedelta) -> int:
    """Finish what a killed process left; returns how many payments were looked at."""
    release_expired(desk.now())
    limit = desk.now() - older_than
    payments = Transaction.objects.filter(provider=desk.provider.name)
    no_order = Q(state__in=rows.MONEY_HELD, checkout__order=None)
    unsettled = payments.filter(
        Q(state__in=rows.UNSETTLED) | no_order, created_at__lte=limit
    ).order_by("created_at")
    requested = TransactionRequest.objects.filter(
        state=TransactionRequest.State.ASKED,
        transaction__provider=desk.provider.name,
        updated_at__lte=limit,
    )
    held = Order.objects.filter(
        payment_reference__in=[
            str(reference)
            for reference in payments.filter(
                state=Transaction.State.AUTHORIZED,
                created_at__lte=desk.now() - _HOLD_KEPT_FOR,
            ).values_list("reference", flat=True)
        ]
    ).exclude(state=Order.State.CANCELED)
    return (
        _repeat("payment", _settle, desk, unsettled.iterator())
        + _repeat("payment-request", _carry_out, desk, requested.iterator())
        + _repeat("payment-hold", _capture, desk, held.iterator())
    )


def settle_now(desk: PaymentDesk, payment: Transaction) -> None:
    """What a person asks for at once: the provider's answer, then an order or the money back.

    Raises ProviderUnavailable.
    """
    desk.settle(str(payment.reference))
    payment.refresh_from_db()
    if payment.state not in rows.UNSETTLED:
        _finish(desk, payment)


def release_expired(now: datetime) -> int:
    """Release the reserved pieces of shoppers who did not pay in time (timeout)."""
    expired = Reservation.objects.filter(expires_at__lt=now)
    checkouts = Checkout.objects.filter(
        pk__in=expired.values("checkout"), state=Checkout.State.PAYING
    )
    count = 0
    for checkout in checkouts:
        with transaction.atomic():
            locked = Checkout.objects.select_for_update().get(pk=checkout.pk)
            if locked.state == Checkout.State.PAYING:
                stock.release(locked)
                locked.state = Checkout.State.OPEN
                locked.save(update_fields=("state", "updated_at"))
                count += 1
    return count


def _repeat[Row: Model](
    kind: str, step: Callable[[PaymentDesk, Row], None], desk: PaymentDesk, rows_: Iterable[Row]
) -> int:
    """One row's failure must not keep the others waiting. Money is never set aside for good."""

    def work(row: Row) -> bool:
        try:
            step(desk, row)
        except CommerceError as error:
            log.warning("payment not recovered", row=str(row), code=error.code)
        return True

    count = each(kind, rows_, work, desk.now(), id_of=lambda row: str(row.pk), most=None)
    return count.done


def _settle(desk: PaymentDesk, payment: Transaction) -> None:
    reference = str(payment.reference)
    if not payment.provider_id:
        # Should the provider tell of money all the same, its events outrank what we write here.
        desk.start(payment)
        desk.give_up(reference)
        return
    desk.settle(reference)
    payment.refresh_from_db()
    if payment.state not in rows.UNSETTLED:
        _finish(desk, payment)
    elif payment.created_at < desk.now() - desk.hold_for - _GRACE:
        desk.give_up(reference)


def _finish(desk: PaymentDesk, payment: Transaction) -> None:
    """Money held, events all known: an order now, or a refund."""
    with transaction.atomic():
        back = desk.follow(rows.lock_payment(payment.pk), final=True)
    if back is not None:
        desk.carry_out(back.pk)


def _carry_out(desk: PaymentDesk, request: TransactionRequest) -> None:
    try:
        desk.carry_out(request.pk)
    except InvalidRequest:
        # Refused: because the payment has moved on. Its current state is the truth.
        desk.settle(str(request.transaction.reference))
        raise


def _capture(desk: PaymentDesk, order: Order) -> None:
    desk.capture(order.number)
