"""Payment rows: what a provider said, once each, and what follows from all of it.

A payment's state comes of the whole set of its events and never of the last one, so the order in
which they come, and how often, cannot matter. An event whose money cannot be of the payment
(another currency, nothing or less) is kept and counts for nothing; it holds the order until a
person has looked at it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import QuerySet

from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.ledger import Account
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.orders.models import (
    Checkout,
    Order,
    Transaction,
    TransactionEvent,
    TransactionRequest,
)
from storefront_backend.selling.ledger import open_money

UNSETTLED = (Transaction.State.REQUESTED, Transaction.State.PENDING)
MONEY_HELD = (Transaction.State.AUTHORIZED, Transaction.State.CHARGED)
ENDED = (Transaction.State.FAILED, Transaction.State.CANCELED)
_DISPUTES = {
    EventKind.DISPUTE_LOST: Transaction.Dispute.LOST,
    EventKind.DISPUTE_WON: Transaction.Dispute.WON,
    EventKind.DISPUTED: Transaction.Dispute.OPEN,
}
_REFUSALS = (EventKind.DECLINED, EventKind.FAILED, EventKind.CANCELED)
_UNSENT = (Order.State.UNFULFILLED, Order.State.PARTIALLY_FULFILLED)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a payment by its events; `state` is None while none of them decides."""

    state: Transaction.State | None
    charged: Decimal
    refunded: Decimal
    dispute: str
    refusal: str


def standing(events: Iterable[TransactionEvent]) -> Standing:
    """The sum of events, in any order."""
    known = sorted(
        (event for event in events if not event.mismatch),
        key=lambda event: (event.occurred_at, event.event_id),
    )
    kinds = {event.kind for event in known}

    def total(kind: EventKind) -> Decimal:
        return sum((event.amount for event in known if event.kind == kind), Decimal(0))

    charged = total(EventKind.CHARGED)
    # The word of a refund that failed may come before that of the refund.
    refunded = max(Decimal(0), total(EventKind.REFUNDED) - total(EventKind.REFUND_FAILED))
    state: Transaction.State | None = None
    if charged:
        state = Transaction.State.CHARGED
        if refunded >= charged:
            state = Transaction.State.REFUNDED
    elif EventKind.CANCELED in kinds:  # also after an authorization: the hold is gone
        state = Transaction.State.CANCELED
    elif EventKind.AUTHORIZED in kinds:
        state = Transaction.State.AUTHORIZED
    elif EventKind.FAILED in kinds:
        state = Transaction.State.FAILED
    refusals = [event.reason for event in known if event.kind in _REFUSALS]
    return Standing(
        state=state,
        charged=charged,
        refunded=refunded,
        dispute=next((word for kind, word in _DISPUTES.items() if kind in kinds), ""),
        refusal=refusals[-1] if refusals else "",
    )


def write_event(payment: Transaction, event: PaymentEvent) -> bool:
    """Record an event once, bring the (locked) payment up to date; whether it was news."""
    mismatch = _mismatch(payment, event)
    row, new = TransactionEvent.objects.get_or_create(
        provider=payment.provider,
        # Kept apart, so that the true event of that id still counts when it comes.
        event_id=unfit_id(event) if mismatch else event.id,
        defaults={
            "transaction": payment,
            "kind": event.kind.value,
            "amount": event.amount.amount,
            "currency": event.amount.currency,
            "reason": event.reason[:200],
            "request": event.request[:120],
            "fee": event.fee.amount if event.fee else Decimal(0),
            "fee_currency": event.fee.currency if event.fee else "",
            "mismatch": mismatch,
            "occurred_at": event.occurred_at,
        },
    )
    if new and mismatch:
        log.error("payment event does not fit", reference=str(payment.reference), why=mismatch)
    if not new and event.occurred_at >= row.occurred_at:
        return False
    if not new:
        # Two messages report one thing; the earlier is nearer to when it happened.
        row.occurred_at = event.occurred_at
        row.save(update_fields=("occurred_at",))
    refresh(payment, "" if mismatch else event.provider_id)
    return True


def unfit_id(event: PaymentEvent) -> str:
    """What an event that does not fit is kept by."""
    return f"{event.id[:80]} {event.amount.currency} {event.amount.amount}"


def _mismatch(payment: Transaction, event: PaymentEvent) -> str:
    """Why the money of an event cannot be of the payment; empty where it can."""
    said = f"{event.kind.value} {event.amount}"
    if event.amount.currency != payment.currency:
        return f"{said}: the payment is in {payment.currency}"
    if event.amount.amount < 0 or (event.kind not in _REFUSALS and not event.amount):
        return f"{said}: an amount is above 0"
    return ""


def refresh(payment: Transaction, provider_id: str = "") -> None:
    """Bring the (locked) payment up to date with its events and requests."""
    now = standing(payment.events.all())
    payment.provider_id = payment.provider_id or provider_id
    payment.charged, payment.refunded, payment.dispute = now.charged, now.refunded, now.dispute
    if now.state is not None:
        payment.state = now.state
    elif payment.state == Transaction.State.REQUESTED and payment.provider_id:
        payment.state = Transaction.State.PENDING
    paid = payment.charged or payment.state == Transaction.State.AUTHORIZED
    back = returned(payment)
    payment.reason = back.reason if back else ("" if paid else now.refusal[:200])
    if not paid and not payment.reason and (unfit := _unchecked(payment)):
        payment.reason = f"mismatch: {unfit.mismatch}"[:200]
    payment.save()


def returned(payment: Transaction) -> TransactionRequest | None:
    """The request to refund a payment that could become no order, unless it was refused."""
    requests = payment.requests.exclude(state=TransactionRequest.State.REFUSED)
    return requests.filter(reference__startswith=f"{payment.reference}-back").last()


def ask(
    payment: Transaction,
    kind: TransactionRequest.Kind,
    reference: str,
    amount: Decimal,
    reason: str = "",
) -> TransactionRequest:
    """Record the request to the provider; idempotent by the reference."""
    return TransactionRequest.objects.get_or_create(
        reference=reference,
        defaults={
            "transaction": payment,
            "kind": kind,
            "amount": amount,
            "currency": payment.currency,
            "reason": reason[:200],
        },
    )[0]


def mark_order(payment: Transaction) -> None:
    """Tell the order what became of its money: refunds, disputes, a hold that is gone.

    After the provider's books, which say whether a refund has its lines.
    """
    order = Order.objects.select_for_update().filter(payment_reference=payment.reference).first()
    if order is None:
        return
    flag = ""
    if payment.dispute in (Transaction.Dispute.OPEN, Transaction.Dispute.LOST):
        flag = Order.Flag.DISPUTED
    elif payment.state in ENDED and order.state != Order.State.CANCELED:
        flag = Order.Flag.UNPAID
    elif order.state in _UNSENT and _is_given_back(payment, order):
        flag = Order.Flag.REFUNDED
    elif _unchecked(payment) is not None:
        flag = Order.Flag.MISMATCH
    if (order.refunded, order.flag) != (payment.refunded, flag):
        order.refunded, order.flag = payment.refunded, flag
        order.save(update_fields=("refunded", "flag"))


def _is_given_back(payment: Transaction, order: Order) -> bool:
    """All of its money was refunded, or a part at the provider's that no line bears yet."""
    if payment.state == Transaction.State.REFUNDED:
        return True
    return payment.refunded > 0 and any(
        each.account == Account.UNALLOCATED and each.amount.amount > 0
        for each in open_money(order.number)
    )


def counted(payment: Transaction) -> QuerySet[TransactionEvent]:
    """The events of a payment that count."""
    return payment.events.filter(mismatch="")


def _unchecked(payment: Transaction) -> TransactionEvent | None:
    """An event that does not fit and that no person has looked at yet."""
    return payment.events.exclude(mismatch="").filter(checked_at=None).first()


def check_events(number: str, at: datetime) -> int:
    """A person has looked at what does not fit, and the order goes on; how many events."""
    with transaction.atomic():
        _, payment = lock_order(number)
        unfit = payment.events.exclude(mismatch="").filter(checked_at=None)
        count = unfit.update(checked_at=at)
        refresh(payment)
        mark_order(payment)
    return count


def find_payment(reference: str) -> Transaction:
    """The payment of our reference. Raises NotFound."""
    return _payment(Transaction.objects.select_related("checkout"), reference)


def lock_reference(reference: str) -> Transaction:
    """The same, until the end of the caller's transaction ours alone. Raises NotFound."""
    return _payment(Transaction.objects.select_for_update(), reference)


def lock_payment(pk: int) -> Transaction:
    """The payment of that primary key, until the end of the caller's transaction ours alone."""
    return Transaction.objects.select_for_update().get(pk=pk)


def _payment(rows: QuerySet[Transaction], reference: str) -> Transaction:
    try:
        return rows.get(reference=uuid.UUID(reference))
    except (Transaction.DoesNotExist, ValueError):
        raise NotFound("There is no such payment", field="reference") from None


def lock_checkout(token: str) -> Checkout:
    """The checkout of a token, locked. Raises NotFound."""
    try:
        return Checkout.objects.select_for_update().get(token=uuid.UUID(str(token)))
    except (Checkout.DoesNotExist, ValueError):
        raise NotFound("There is no such checkout", field="token") from None


def lock_order(number: str) -> tuple[Order, Transaction]:
    """An order and the payment that made it, locked. Raises NotFound."""
    # Payment first, as everywhere, so that a webhook and a clerk cannot deadlock.
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise NotFound(f"There is no order {number}", field="number")
    payment = Transaction.objects.select_for_update().get(reference=order.payment_reference)
    return Order.objects.select_for_update().get(pk=order.pk), payment
