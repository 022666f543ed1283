"""What the provider did with an order's money, in the ledger: one movement for each of its events.

A refund that we requested is booked with its lines (`refunds`). What somebody did at the provider's
own page names no line, and neither do disputes, so they go to accounts that a person empties
(`allocations`). Whether a movement is due depends on the rows and not on the order of the messages,
so messages may come late, twice and out of order.

| event                                  | movement                                          |
|----------------------------------------|---------------------------------------------------|
| a refund that no credit note requested | provider to unallocated                           |
| a refund that the bank sent back       | unallocated to provider: the shopper is owed it   |
| less taken than was sold, or released  | provider to unallocated, but for what we released |
| disputed money withdrawn, reinstated   | provider to disputed, and back                    |
| the fee for a dispute                  | provider to provider-fees, in the fee's currency  |
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from i18n.money import Money
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.commerce import ledger
from storefront_backend.commerce.ledger import Account, Movement, MovementKind
from storefront_backend.commerce.payments import EventKind
from storefront_backend.orders.models import (
    LedgerEntry,
    LedgerMovement,
    Order,
    Refund,
    Transaction,
    TransactionEvent,
)
from storefront_backend.selling.ledger import book_sale, write

_MOVES_MONEY = (
    EventKind.CHARGED,
    EventKind.CANCELED,
    EventKind.REFUNDED,
    EventKind.REFUND_FAILED,
    EventKind.DISPUTE_WITHDRAWN,
    EventKind.DISPUTE_REINSTATED,
)


def refund_reference(payment: Transaction, refund_number: str) -> str:
    """What the provider knows a refund of ours by."""
    return f"{payment.reference}-refund-{refund_number}"


def book(payment: Transaction, at: datetime) -> int:
    """Book what a (locked) payment's events ask for; idempotent. How many were booked.

    Nothing is booked before the payment has made its order.
    """
    events = [
        event
        for event in rows.counted(payment).filter(kind__in=_MOVES_MONEY)
        if (event.kind, event.amount) != (EventKind.CHARGED, payment.amount)
    ]
    if not events:
        return 0
    order = Order.objects.filter(payment_reference=payment.reference).first()
    if order is None:
        return 0
    known = set(LedgerMovement.objects.filter(order=order).values_list("key", flat=True))
    due = [m for e in events for m in _movements(e, payment, order) if m.key not in known]
    if due:
        book_sale(order, at)
    return sum(write(movement, None, order, at) for movement in due)


def difference(payment: Transaction, order: Order) -> Money:
    """What the ledger says of a payment's money at the provider, less what its events say."""
    booked = LedgerEntry.objects.filter(
        order=order, account=Account.PROVIDER, currency=order.currency
    ).exclude(movement__kind=MovementKind.DISPUTE_FEE)
    there = Decimal(0)
    events = list(rows.counted(payment))
    now = rows.standing(events)
    # Held money counts as ours since the sale; it is booked out when the hold is gone.
    held = now.state == Transaction.State.AUTHORIZED
    there += payment.amount if held else now.charged
    there -= now.refunded
    for event in events:
        if event.kind == EventKind.DISPUTE_WITHDRAWN:
            there -= event.amount
        elif event.kind == EventKind.DISPUTE_REINSTATED:
            there += event.amount
    here = booked.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return Money(here - there, order.currency).quantized()


def _movements(event: TransactionEvent, payment: Transaction, order: Order) -> Iterator[Movement]:
    key = f"{event.provider} {event.event_id}"
    amount = Money(event.amount, event.currency)
    match event.kind:
        case EventKind.REFUNDED if not _is_ours(event, payment, order):
            yield ledger.provider_refund(key, amount)
        case EventKind.REFUND_FAILED:
            yield ledger.provider_refund(key, -amount)
        case EventKind.CHARGED | EventKind.CANCELED:
            missing = _not_taken(event, payment, order)
            if missing:
                yield ledger.provider_refund(key, missing)
        case EventKind.DISPUTE_WITHDRAWN:
            yield ledger.dispute(key, amount)
        case EventKind.DISPUTE_REINSTATED:
            yield ledger.dispute(key, -amount)
    if event.fee:
        yield ledger.dispute_fee(f"fee {key}", Money(event.fee, event.fee_currency))


def _is_ours(event: TransactionEvent, payment: Transaction, order: Order) -> bool:
    """Whether a credit note of ours has requested the refund: it books its own lines."""
    numbers = order.refunds.filter(source=Refund.Source.PROVIDER).values_list("number", flat=True)
    return event.request in {refund_reference(payment, number) for number in numbers}


def _not_taken(event: TransactionEvent, payment: Transaction, order: Order) -> Money:
    """What was sold and never taken, but for what credit notes of ours released."""
    if event.kind == EventKind.CANCELED and payment.charged:
        return Money.zero(order.currency)
    taken = event.amount if event.kind == EventKind.CHARGED else Decimal(0)
    released = order.refunds.filter(is_release=True).aggregate(sum=Sum("amount"))["sum"]
    missing = order.paid - taken - (released or Decimal(0))
    return Money(max(missing, Decimal(0)), order.currency)
