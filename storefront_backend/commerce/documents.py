"""What the papers of an order say: commercial invoice, packing list, credit note.

One brand's parcel has one invoice and one packing list under the parcel's number; a refund has one
credit note under its own. They are made of the order as it was sold, so they never change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from i18n.passport import Passport
from i18n.rulebook import Rulebook
from storefront_backend.commerce.checkout import Address
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.orders import Fulfillment, Order, OrderLine
from storefront_backend.commerce.shares import Share, shares


class PaperKind(StrEnum):
    """Which paper."""

    INVOICE = "invoice"
    PACKING_LIST = "packing-list"
    CREDIT_NOTE = "credit-note"


@dataclass(frozen=True, slots=True)
class Seller:
    """The brand as it signs its papers."""

    slug: str
    name: str
    legal_name: str
    address: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Pieces of one kind. Grams and carats of `passport` are those of one piece."""

    sku: str
    name: str
    passport: Passport
    quantity: int
    share: Share
    engraving: str = ""
    ring_size: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `refers_to` is the invoice that a credit note takes back."""

    kind: PaperKind
    number: str
    order: str
    dated: date
    market: str
    language: str
    currency: str
    seller: Seller
    buyer: Address
    lines: tuple[PaperLine, ...]
    carrier: str
    tracking: str = ""
    refers_to: str = ""
    reason: str = ""
    duty_note: str = ""
    rulebook: str = ""

    @property
    def total(self) -> Share:
        """The sum of the lines."""
        return Share.sum((line.share for line in self.lines), self.currency)

    @property
    def pieces(self) -> int:
        """How many pieces it names."""
        return sum(line.quantity for line in self.lines)


def parcel_paper(kind: PaperKind, order: Order, number: str, seller: Seller) -> Paper:
    """The invoice or packing list of a parcel.

    Raises NotFound where the seller has no such parcel, or it was cancelled.
    """
    parcel = _parcel(order, number, seller)
    bill = _shares(order)
    lines = {line.id: line for line in order.lines}
    rows = []
    for line_id, quantity in parcel.pieces:
        line, first = lines[line_id], _pieces_before(order, parcel, line_id)
        share = bill[line_id].of_pieces(first, first + quantity, line.quantity)
        serials = line.serials[first : first + quantity]
        rows.append(_line(line, quantity, share, serials))
    return Paper(
        kind=kind,
        number=parcel.number,
        order=order.number,
        dated=_day(parcel.sent_at or order.created_at),
        market=order.market,
        language=order.language,
        currency=order.cost.currency,
        seller=seller,
        buyer=order.shipping_address,
        lines=tuple(rows),
        carrier=parcel.carrier or order.delivery,
        tracking=parcel.tracking,
        rulebook=order.cost.rulebook,
    )


def credit_note(order: Order, number: str, seller: Seller) -> Paper:
    """The credit note of a refund. Raises NotFound where the seller has none of that number."""
    refund = next(
        (
            each
            for each in order.refunds
            if (each.number, each.brand, each.state) == (number, seller.slug, "done")
        ),
        None,
    )
    if refund is None:
        raise NotFound(f"There is no credit note {number}", field="number")
    lines = {line.id: line for line in order.lines}
    first = next(p for p in order.fulfillments if p.brand == seller.slug)
    return Paper(
        kind=PaperKind.CREDIT_NOTE,
        number=refund.number,
        order=order.number,
        dated=_day(refund.created_at),
        market=order.market,
        language=order.language,
        currency=order.cost.currency,
        seller=seller,
        buyer=order.shipping_address,
        lines=tuple(_line(lines[row.line_id], row.quantity, row.share, ()) for row in refund.lines),
        carrier=order.delivery,
        refers_to=first.number,
        reason=refund.reason,
        duty_note=refund.duty_note,
        rulebook=order.cost.rulebook,
    )


def check_seller(paper: Paper, rulebook: Rulebook) -> None:
    """Raises InvalidRequest where the market's law wants a seller's name that is not known."""
    law = rulebook.market(paper.market).on(paper.dated)
    requested = [
        statement
        for period in law.periods
        if period.kind == "invoice"
        for statement in period.terms.states
    ]
    named = paper.seller.legal_name and paper.seller.address
    if not named and any("supplier" in statement for statement in requested):
        raise InvalidRequest(
            "The law of this market wants the supplier's name and address on the invoice",
            field="seller",
            hint="Fill in the brand's legal name and address",
        )


def _parcel(order: Order, number: str, seller: Seller) -> Fulfillment:
    for parcel in order.fulfillments:
        if parcel.number == number and parcel.brand == seller.slug and parcel.pieces:
            return parcel
    raise NotFound(f"There is no parcel {number}", field="number")


def _pieces_before(order: Order, parcel: Fulfillment, line_id: str) -> int:
    """Pieces of the line that travel in parcels with a lower number."""
    return sum(
        quantity
        for other in order.fulfillments
        if _count(other.number) < _count(parcel.number)
        for line, quantity in other.pieces
        if line == line_id
    )


def _count(number: str) -> int:
    return int(number.rpartition("-")[2])


def _shares(order: Order) -> dict[str, Share]:
    return shares(order.cost, {line.id: line.goods for line in order.lines})


def _line(line: OrderLine, quantity: int, share: Share, serials: Iterable[str]) -> PaperLine:
    return PaperLine(
        sku=line.sku,
        name=line.name,
        passport=line.passport,
        quantity=quantity,
        share=share,
        engraving=line.engraving,
        ring_size=line.ring_size,
        serials=tuple(serials),
    )


def _day(moment: datetime) -> date:
    return moment.date()
