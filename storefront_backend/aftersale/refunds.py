"""Refunds for pieces: before their parcel left (cancellation) or after (return).

A Refund row is committed before the provider is called and its number is the provider's reference;
when the answer is in, the credit note is final and the ledger is reversed. Every step is
idempotent: if a process is killed between two of them, a retry with the same key, or `finish`,
continues there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import structlog
from django.db import transaction
from django.db.models import Q

from i18n.money import Money
from storefront_backend.aftersale import parcels, pieces
from storefront_backend.background.items import each
from storefront_backend.commerce import ledger
from storefront_backend.commerce.errors import (
    CommerceError,
    InvalidRequest,
    KeyReused,
    NoSuchPieces,
    NotFound,
)
from storefront_backend.commerce.ledger import Account, Commission
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.shares import PARTS, Share, in_proportion
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.models import OrderLine, Refund, RefundLine, Transaction
from storefront_backend.orders.reading import order_of
from storefront_backend.selling.ledger import book_sale, line_shares, write

log = structlog.get_logger(__name__)


class Payments(Protocol):
    """What a refund needs of the payment desk."""

    def capture(self, number: str, amount: Money | None = None) -> Money:
        """Take held money: all, or `amount` and release the rest."""

    def refund(self, number: str, amount: Money, *, reference: str, reason: str = "") -> Order:
        """Refund; idempotent by its reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What to refund. `pieces` are counts by order line id; `key` is the idempotency key.

    `parts` of the price: goods, shipping, duty, tax. `amount`: less than those parts cost; None:
    what they cost. `duty_note` says what becomes of the duty.
    """

    key: str
    brand: str
    pieces: Mapping[str, int]
    reason: str
    parts: frozenset[str] = PARTS
    amount: Money | None = None
    duty_note: str = ""


@dataclass(frozen=True, slots=True)
class RefundDesk:
    """Cancels before sending, takes returns after it, and refunds the money."""

    payments: Payments
    now: Callable[[], datetime]

    def cancel(self, number: str, request: RefundRequest) -> Order:
        """Call pieces off that have not left; they go back to stock. Raises InvalidRequest."""
        return self._pay(self._write(number, request, Refund.Kind.CANCELLATION))

    def take_back(self, number: str, request: RefundRequest) -> Order:
        """Refund pieces that the shopper has sent back. Raises InvalidRequest.

        They are not put back to stock here: somebody has to look at them first.
        """
        return self._pay(self._write(number, request, Refund.Kind.RETURN))

    def allow(self, number: str, request: RefundRequest) -> Order:
        """Refund part of the price of pieces that the shopper keeps. Raises InvalidRequest.

        All pieces of their lines must have left.
        """
        return self._pay(self._write(number, request, Refund.Kind.ALLOWANCE))

    def cancel_brand(self, number: str, brand: str, *, reason: str) -> Order:
        """Cancel all of a brand's pieces that have not left. Idempotent."""
        order = _find(number)
        counts = pieces.count(order)
        waiting = {
            str(line.pk): counts[line.pk].waiting
            for line in order.lines.filter(brand__slug=brand)
            if counts[line.pk].waiting
        }
        key = f"cancel {number} {brand}"
        if not waiting and Refund.objects.filter(key=key).exists():
            return self._pay(Refund.objects.get(key=key))
        return self.cancel(
            number, RefundRequest(key=key, brand=brand, pieces=waiting, reason=reason)
        )

    def finish(self) -> int:
        """Ask the provider again for what a killed process left; returns how many it did."""

        def work(refund: Refund) -> bool:
            try:
                self._pay(refund)
            except CommerceError as error:
                log.warning("refund not made", number=refund.number, code=error.code)
                return False
            return True

        requested = Refund.objects.filter(state=Refund.State.ASKED)
        return each(
            "refund", requested, work, self.now(), id_of=lambda row: row.number, most=None
        ).done

    def _write(self, number: str, request: RefundRequest, kind: Refund.Kind) -> Refund:
        with transaction.atomic():
            order, payment = lock(number)
            known = Refund.objects.filter(key=request.key).first()
            if known is not None:
                check_same(known, order, request, kind)
                return known
            rows = rows_of(order, request, kind)
            held = payment.state == Transaction.State.AUTHORIZED
            return create(order, request, kind, rows, self.now(), is_release=held)

    def _pay(self, refund: Refund) -> Order:
        order = refund.order
        if refund.state == Refund.State.ASKED:
            amount = Money(refund.amount, refund.currency).quantized()
            kept = Money(order.paid, order.currency).quantized() - amount
            if refund.is_release and kept:
                # A hold is released in part by taking the rest of it.
                self.payments.capture(order.number, kept)
            else:
                self.payments.refund(
                    order.number, amount, reference=refund.number, reason=refund.reason
                )
            self._conclude(refund)
        return order_of(_find(order.number))

    def _conclude(self, refund: Refund) -> None:
        with transaction.atomic():
            locked = Refund.objects.select_for_update().get(pk=refund.pk)
            if locked.state == Refund.State.DONE:
                return
            book(locked, self.now())
            locked.state, locked.done_at = Refund.State.DONE, self.now()
            locked.save(update_fields=("state", "done_at"))


def book(refund: Refund, at: datetime) -> None:
    """Reverse in the ledger what the refund returns; idempotent.

    The shop gives up its commission on the refunded goods of a line, calculated on the running
    total, so that many small refunds return what one large one would.
    """
    order, brand = refund.order, refund.brand
    book_sale(order, refund.created_at)
    share, zero = Share.zero(order.currency), Money.zero(order.currency)
    commission = Commission(zero, zero)
    for row in refund.lines.select_related("line"):
        share += _share_of(row, order.currency)
        before = _goods_given_back_before(row)
        terms = parcels.commission_terms(order, row.line.brand_id)
        commission += terms.between(
            Money(before, order.currency), Money(before + row.goods, order.currency)
        )
    key, source = f"refund {refund.number}", Account(refund.source)
    movement = (
        ledger.refund_unsent(key, brand.slug, share, source)
        if refund.kind == Refund.Kind.CANCELLATION
        else ledger.refund_returned(key, brand.slug, share, commission, source)
    )
    write(movement, brand, order, at)


def create(
    order: OrderRow,
    request: RefundRequest,
    kind: Refund.Kind,
    rows: Sequence[tuple[OrderLine, int, Share]],
    at: datetime,
    **fields: Any,
) -> Refund:
    """Write a refund with its lines, and do to the parcels what follows from its kind."""
    refund = Refund.objects.create(
        order=order,
        brand=rows[0][0].brand,
        key=request.key,
        number=f"{order.number}-C{order.refunds.count() + 1}",
        kind=kind,
        reason=request.reason[:200],
        duty_note=request.duty_note[:300],
        amount=Share.sum((share for _, _, share in rows), order.currency).total.amount,
        currency=order.currency,
        created_at=at,
        **fields,
    )
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=refund,
            line=line,
            quantity=quantity,
            goods=share.goods.amount,
            shipping=share.shipping.amount,
            duty=share.duty.amount,
            tax=share.tax.amount,
        )
        for line, quantity, share in rows
    )
    if kind == Refund.Kind.CANCELLATION:
        parcel = parcels.waiting_parcel(order, request.brand)
        parcels.cancel_pieces(parcel, {line.pk: quantity for line, quantity, _ in rows})
    elif kind == Refund.Kind.RETURN:
        parcels.set_state(order)
    return refund


def rows_of(
    order: OrderRow, request: RefundRequest, kind: Refund.Kind
) -> list[tuple[OrderLine, int, Share]]:
    """The requested lines, how many pieces, and what is refunded.

    Raises InvalidRequest, and NoSuchPieces where the pieces are not there for that.
    """
    if not request.parts or request.parts - PARTS:
        raise InvalidRequest(f"A price has the parts {', '.join(sorted(PARTS))}", field="parts")
    lines = list(order.lines.select_related("brand"))
    counts, each = pieces.count(order), line_shares(order, lines)
    mine = {str(line.pk): line for line in lines if line.brand.slug == request.brand}
    if not request.pieces or set(request.pieces) - set(mine):
        raise NoSuchPieces("Name lines of that brand's", field="pieces")
    rows = []
    for key, quantity in request.pieces.items():
        line = mine[key]
        have = counts[line.pk]
        unsent = kind == Refund.Kind.CANCELLATION
        free = have.waiting if unsent else have.sent - have.returned
        if kind == Refund.Kind.ALLOWANCE and have.waiting:
            raise NoSuchPieces(
                f"{line.sku} is not sent completely: cancel pieces, or wait", field="pieces"
            )
        if not 1 <= quantity <= free:
            raise NoSuchPieces(f"{free} of {line.sku} can be refunded", field="pieces")
        # Returns are counted from the first piece, cancellations from the last.
        first = line.quantity - have.canceled - quantity if unsent else have.returned
        share = each[line.pk].of_pieces(first, first + quantity, line.quantity)
        left = each[line.pk] - _refunded_before(line, order.currency)
        rows.append((line, quantity, share.only(request.parts).at_most(left)))
    if not any(share.total for _, _, share in rows):
        raise InvalidRequest("There is nothing to refund", field="parts")
    return rows if request.amount is None else _worth(rows, request.amount)


def check_same(known: Refund, order: OrderRow, request: RefundRequest, kind: Refund.Kind) -> None:
    """Raises KeyReused where the refund of that key is another one than is requested now."""
    of_lines = {str(row.line_id): row.quantity for row in known.lines.all()}
    if (known.order_id, known.kind, of_lines) != (order.pk, kind, dict(request.pieces)):
        raise KeyReused("That key refunded something else", field="key")


def _worth(
    rows: list[tuple[OrderLine, int, Share]], amount: Money
) -> list[tuple[OrderLine, int, Share]]:
    """The same pieces at an amount of somebody's choosing, cut in proportion to what they cost."""
    cost = Share.sum((share for _, _, share in rows), rows[0][2].goods.currency).total
    if amount.currency != cost.currency or not 0 < amount.amount <= cost.amount:
        raise InvalidRequest(f"Those pieces cost {cost}, not {amount}", field="amount")
    if amount.quantized() != amount:
        raise InvalidRequest(f"{amount} cannot be paid", field="amount")
    parts = in_proportion(amount, [share.total for _, _, share in rows])
    return [
        (line, quantity, share.worth(part) if share.total else share)
        for (line, quantity, share), part in zip(rows, parts, strict=True)
    ]


def _goods_given_back_before(row: RefundLine) -> Decimal:
    """What of the goods that had fallen due was returned by earlier refunds of the line."""
    earlier = RefundLine.objects.filter(line=row.line_id, refund__lt=row.refund_id).exclude(
        refund__kind=Refund.Kind.CANCELLATION
    )
    return sum(earlier.values_list("goods", flat=True), Decimal(0))


def _refunded_before(line: OrderLine, currency: str) -> Share:
    """All that was refunded on the line, whether or not the provider has answered."""
    return Share.sum((_share_of(row, currency) for row in line.refund_lines.all()), currency)


def _share_of(row: RefundLine, currency: str) -> Share:
    return Share(
        Money(row.goods, currency),
        Money(row.shipping, currency),
        Money(row.duty, currency),
        Money(row.tax, currency),
    )


def _find(number: str) -> OrderRow:
    try:
        return OrderRow.objects.get(number=number)
    except OrderRow.DoesNotExist:
        raise NotFound(f"There is no order {number}", field="number") from None


def lock(number: str) -> tuple[OrderRow, Transaction]:
    """The order and the payment that made it, locked. Raises NotFound, InvalidRequest."""
    # The payment first, as everywhere, so that a webhook and a clerk cannot deadlock.
    order = _find(number)
    payment = Transaction.objects.select_for_update().filter(of_order(order)).first()
    if payment is None:
        raise InvalidRequest("The order has no payment", field="number")
    return OrderRow.objects.select_for_update().get(pk=order.pk), payment


def of_order(order: OrderRow) -> Q:
    """The payment that made the order; none where it was paid by another way than ours."""
    reference = order.payment_reference
    try:
        return Q(reference=uuid.UUID(reference))
    except ValueError:
        return Q(pk=None)
