"""Reconciles our record of payments with the provider's, line by line.

| kind | says |
|---|---|
| missing-here | the provider reports something that we have not recorded |
| missing-there | we have recorded something that the provider does not know |
| amount | both know it, and not with the same amount |
| state | a payment's row is not the sum of its own events |
| no-order | money is here, no order has come of it, and it is not on its way back |
| no-money | there is an order and its money is not here |
| mismatch | the provider reported money that cannot be the payment's, and no person looked at it |
| ledger | the brands' ledger does not have at the provider what a payment's events say |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from i18n.money import Money
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.aftersale import provider_books
from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.commerce.ports import PaymentStatement
from storefront_backend.orders.models import Order, Refund, Transaction, TransactionEvent
from storefront_backend.selling.ledger import book_sale

if TYPE_CHECKING:
    from storefront_backend.aftersale.payment_desk import PaymentDesk

# A declined attempt moves no money, and a hold leaves no trace once it is taken or released.
_COMPARED = frozenset(EventKind) - {EventKind.DECLINED, EventKind.OTHER, EventKind.AUTHORIZED}
# What a provider shows for ever; of a dispute, say, it shows only how it ended.
_LASTING = (EventKind.CHARGED, EventKind.REFUNDED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One line on which the two accounts do not agree."""

    kind: str
    reference: str
    ours: str
    theirs: str
    event: PaymentEvent | None = None

    def __str__(self) -> str:
        return f"{self.kind:<14} {self.reference}  here: {self.ours}  there: {self.theirs}"


def differences(statement: PaymentStatement, since: datetime) -> Iterator[Difference]:
    """Every difference about payments begun since then, and about their refunds."""
    payments = {
        str(payment.reference): payment
        for payment in Transaction.objects.filter(
            provider=statement.name, created_at__gte=since
        ).prefetch_related("events", "requests", "checkout__order")
    }
    theirs: dict[str, dict[str, PaymentEvent]] = {}
    for event in statement.events_since(since):
        theirs.setdefault(event.reference, {})[event.id] = event
    for reference in theirs.keys() - payments.keys():
        # Begun just before `since` in our account, or not ours at all.
        try:
            payments[reference] = rows.find_payment(reference)
        except NotFound:
            for event in theirs[reference].values():
                yield Difference("missing-here", reference, "no payment", _event_text(event))
    for reference, payment in sorted(payments.items(), key=lambda item: item[1].created_at):
        found = theirs.get(reference) or _looked_up(statement, payment)
        yield from _of_payment(payment, found)
    yield from _orders_without_money(since)


def heal(desk: PaymentDesk, difference: Difference) -> bool:
    """Record what is missing here, and bring rows up to their events; whether anything was done."""
    if difference.kind == "missing-here" and difference.event is not None:
        desk.record(difference.event)
        return True
    if difference.kind in ("state", "no-order", "ledger"):
        payment = rows.find_payment(difference.reference)
        with transaction.atomic():
            locked = rows.lock_payment(payment.pk)
            rows.refresh(locked)
            order = _order_of(locked)
            if order is not None:  # one from before there was a ledger has no sale in it
                book_sale(order, desk.now())
            back = desk.follow(locked, final=True)
        if back is not None:
            desk.carry_out(back.pk)
        return True
    return False


def _looked_up(statement: PaymentStatement, payment: Transaction) -> dict[str, PaymentEvent]:
    if not payment.provider_id:
        return {}
    try:
        return {event.id: event for event in statement.look_up(payment.provider_id)}
    except NotFound:
        return {}


def _of_payment(payment: Transaction, theirs: dict[str, PaymentEvent]) -> Iterator[Difference]:
    reference = str(payment.reference)
    ours = {row.event_id: row for row in payment.events.all() if not row.mismatch}
    unfit = {row.event_id for row in payment.events.all() if row.mismatch}
    for event in theirs.values():
        row = ours.get(event.id)
        if event.kind not in _COMPARED or rows.unfit_id(event) in unfit:
            continue
        if row is None:
            yield Difference("missing-here", reference, "nothing", _event_text(event), event)
        elif (row.amount, row.currency) != (event.amount.amount, event.amount.currency):
            yield Difference("amount", reference, _row(row), _event_text(event))
    for row in payment.events.all():
        if row.mismatch and row.checked_at is None:
            yield Difference("mismatch", reference, row.mismatch, "-")
    for row in ours.values():
        if row.kind in _LASTING and row.event_id not in theirs:
            yield Difference("missing-there", reference, _row(row), "nothing")
    sums = rows.standing(ours.values())
    ours_now = (payment.state, payment.charged, payment.refunded)
    if sums.state is not None and ours_now != (sums.state, sums.charged, sums.refunded):
        yield Difference(
            "state",
            reference,
            f"{payment.state}, {payment.charged} charged, {payment.refunded} refunded",
            f"{sums.state}, {sums.charged} charged, {sums.refunded} refunded",
        )
    order = _order_of(payment)
    if order is not None and not order.refunds.filter(state=Refund.State.ASKED).exists():
        off = provider_books.difference(payment, order)
        if off:
            yield Difference("ledger", reference, f"order {order.number} is off by {off}", "-")
    if _has_no_order(payment):
        money = Money(payment.charged or payment.amount, payment.currency)
        yield Difference("no-order", reference, f"{payment.state} {money}, no order", "-")


def _has_no_order(payment: Transaction) -> bool:
    if payment.state not in rows.MONEY_HELD or rows.returned(payment):
        return False
    return _order_of(payment) is None


def _order_of(payment: Transaction) -> Order | None:
    """The order that the payment has made."""
    order: Order | None = getattr(payment.checkout, "order", None)
    mine = order is not None and order.payment_reference == str(payment.reference)
    return order if mine else None


def _orders_without_money(since: datetime) -> Iterator[Difference]:
    orders = Order.objects.filter(created_at__gte=since).exclude(state=Order.State.CANCELED)
    paid = Transaction.objects.filter(
        Q(state__in=(*rows.MONEY_HELD, Transaction.State.REFUNDED)),
        checkout__order__in=orders,
    ).values_list("reference", flat=True)
    references = {str(reference) for reference in paid}
    for order in orders:
        if order.payment_reference not in references:
            yield Difference(
                "no-money", order.payment_reference, f"order {order.number}", "no money"
            )


def _event_text(event: PaymentEvent) -> str:
    return f"{event.kind.value} {event.amount} ({event.id})"


def _row(row: TransactionEvent) -> str:
    return f"{row.kind} {Money(row.amount, row.currency)} ({row.event_id})"
