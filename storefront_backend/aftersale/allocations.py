"""Whose was the money that was refunded at the provider's, or lost to a dispute?

`provider_books` puts such money of an order on the accounts `unallocated` and `disputed`. A person,
or code that knows the lines, allocates it from there:

    allocate     lines of a brand bear it: a credit note is made, and the brand's due is reversed as
                 by any other refund
    write_off    the shop bears it

Both are idempotent by their key, move no money at the provider, and never take more than is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from i18n.money import Money
from storefront_backend.aftersale import payment_rows, refunds
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.commerce import ledger
from storefront_backend.commerce.errors import InvalidRequest, KeyReused
from storefront_backend.commerce.ledger import OPEN_ACCOUNTS, Account
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.shares import Share
from storefront_backend.orders.models import LedgerMovement, Refund, Transaction
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of
from storefront_backend.selling.ledger import open_money, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(RefundRequest):
    """A refund that has been paid already.

    `kind`: the pieces were cancelled before they left (`cancellation`), came back (`return`), or
    stay with the shopper (`allowance`). `source`: `unallocated` or `disputed`.
    """

    kind: str = Refund.Kind.RETURN
    source: Account = Account.UNALLOCATED


@dataclass(frozen=True, slots=True)
class AllocationDesk:
    """Empties the open accounts. No provider is called."""

    now: Callable[[], datetime]

    def allocate(self, number: str, allocation: Allocation) -> Order:
        """Let lines bear open money of an order. Idempotent by its key.

        Raises NotFound, InvalidRequest where more is named than is open or than the pieces cost,
        or where the pieces cannot be cancelled or returned.
        """
        if allocation.kind not in Refund.Kind.values:
            kinds = ", ".join(Refund.Kind.values)
            raise InvalidRequest(f"A refund is one of {kinds}", field="kind")
        with transaction.atomic():
            order, payment = refunds.lock(number)
            known = Refund.objects.filter(key=allocation.key).first()
            if known is None:
                self._allocate(order, payment, allocation)
                payment_rows.mark_order(payment)
            elif known.source != allocation.source:
                raise KeyReused("That key refunded something else", field="key")
            else:
                refunds.check_same(known, order, allocation, Refund.Kind(allocation.kind))
        return order_of(OrderRow.objects.get(number=number))

    def write_off(
        self,
        number: str,
        *,
        key: str,
        reason: str,
        amount: Money | None = None,
        source: Account = Account.UNALLOCATED,
    ) -> Money:
        """Let the shop bear open money: `amount` of it, or all. Returns what was written off.

        Below zero it is the shop's gain: money that came back and is owed to no one.
        Idempotent by its key. Raises NotFound, InvalidRequest.
        """
        name = f"write-off {key}"
        with transaction.atomic():
            order, payment = refunds.lock(number)
            known = LedgerMovement.objects.filter(key=name).first()
            if known is not None:
                booked = known.entries.get(account=Account.LOSS)
                if known.order_id != order.pk:
                    raise KeyReused("That key wrote off something else", field="key")
                return Money(booked.amount, booked.currency).quantized()
            balance = _open(order, payment, source)
            wanted = balance if amount is None else amount
            if (
                wanted.currency != balance.currency
                or not wanted
                or wanted.amount * balance.amount <= 0
                or abs(wanted.amount) > abs(balance.amount)
            ):
                raise InvalidRequest(f"{balance} is open, not {wanted}", field="amount")
            write(ledger.write_off(name, wanted, source), None, order, self.now(), reason)
            payment_rows.mark_order(payment)
            return wanted

    def _allocate(self, order: OrderRow, payment: Transaction, requested: Allocation) -> None:
        kind = Refund.Kind(requested.kind)
        balance = _open(order, payment, requested.source)
        rows = refunds.rows_of(order, requested, kind)
        total = Share.sum((share for _, _, share in rows), order.currency).total
        if total > balance:
            raise InvalidRequest(
                f"{balance} is open, and those pieces cost {total}",
                field="amount",
                hint="Name the amount, or fewer pieces.",
            )
        refund = refunds.create(
            order,
            requested,
            kind,
            rows,
            self.now(),
            source=requested.source.value,
            state=Refund.State.DONE,
            done_at=self.now(),
        )
        refunds.book(refund, self.now())


def _open(order: OrderRow, payment: Transaction, source: Account) -> Money:
    if source not in OPEN_ACCOUNTS:
        names = ", ".join(account.value for account in OPEN_ACCOUNTS)
        raise InvalidRequest(f"There is open money on {names}", field="source")
    if source == Account.DISPUTED and payment.dispute == Transaction.Dispute.OPEN:
        raise InvalidRequest("The shopper's bank has not decided yet", field="source")
    found = (each.amount for each in open_money(order.number) if each.account == source)
    return next(found, Money.zero(order.currency))
