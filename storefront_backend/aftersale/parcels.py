"""A brand's parcels: sent whole or in part, or cancelled before they leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from i18n.money import Money
from storefront_backend.aftersale import pieces
from storefront_backend.commerce import ledger
from storefront_backend.commerce.errors import NoSuchPieces, NotFound
from storefront_backend.commerce.ledger import Commission, CommissionTerms
from storefront_backend.commerce.orders import order_state
from storefront_backend.commerce.shares import Share
from storefront_backend.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from storefront_backend.selling import stock
from storefront_backend.selling.ledger import book_sale, line_shares, write

# A parcel number is the order's and a count: 100017-2. Saleor counts alike.
_WAITING = Fulfillment.State.WAITING
_SENT = Fulfillment.State.FULFILLED


def waiting_parcel(order: Order, brand: str) -> Fulfillment:
    """The brand's parcel that has not left. Raises NotFound, NoSuchPieces."""
    parcels = list(order.fulfillments.filter(brand__slug=brand).select_related("brand"))
    if not parcels:
        raise NotFound(f"Order {order.number} holds nothing of {brand}", field="brand")
    for parcel in parcels:
        if parcel.state == _WAITING:
            return parcel
    raise NoSuchPieces(f"Parcel {parcels[-1].number} is {parcels[-1].state}", field="pieces")


def send(
    order: Order,
    brand: str,
    tracking: str,
    wanted: Mapping[int, int] | None,
    at: datetime,
    *,
    carrier: str = "",
) -> Fulfillment:
    """The brand's parcel leaves with the wanted pieces (by line), or all; the rest waits on.

    Call with the order locked, after its money was taken. Idempotent by the tracking.
    Raises NotFound, NoSuchPieces.
    """
    known = order.fulfillments.filter(brand__slug=brand, state=_SENT, tracking=tracking).first()
    if known is not None:
        return known
    parcel = waiting_parcel(order, brand)
    if wanted is not None:
        _leave_behind(parcel, wanted)
    before = pieces.count(order)
    parcel.state, parcel.tracking, parcel.sent_at = _SENT, tracking, at
    parcel.carrier = carrier[:60]
    parcel.save()
    _book(order, parcel, before, at)
    set_state(order)
    return parcel


def cancel_pieces(parcel: Fulfillment, wanted: Mapping[int, int]) -> None:
    """Take pieces (by line) out of a waiting parcel and return them to stock."""
    held = {row.line_id: row for row in parcel.lines.select_related("line")}
    for line_id, quantity in wanted.items():
        row = held.get(line_id)
        if row is None or quantity > row.quantity:
            raise NoSuchPieces(f"Parcel {parcel.number} does not hold that many", field="pieces")
        stock.return_to_stock(row.line, quantity)
        if quantity == row.quantity:
            row.delete()
        else:
            row.quantity -= quantity
            row.save(update_fields=("quantity",))
    if not parcel.lines.exists():
        parcel.state = Fulfillment.State.CANCELED
        parcel.save(update_fields=("state",))
    set_state(parcel.order)


def set_state(order: Order) -> None:
    """The order's state by its parcels and returns."""
    counts = pieces.count(order).values()
    order.state = order_state(
        waiting=sum(each.waiting for each in counts),
        sent=sum(each.sent for each in counts),
        returned=sum(each.returned for each in counts),
    )
    order.save(update_fields=("state",))


def commission_terms(order: Order, brand_id: int) -> CommissionTerms:
    """The terms of the day of the sale."""
    parcel = order.fulfillments.filter(brand_id=brand_id).first()
    assert parcel is not None
    return CommissionTerms(parcel.commission, parcel.commission_tax)


def commission_on(order: Order, line: OrderLine, whole: Share, first: int, last: int) -> Commission:
    """Commission on the pieces first … last-1 of a line whose share of the bill is `whole`."""
    terms = commission_terms(order, line.brand_id)

    def upto(count: int) -> Money:
        return whole.of_pieces(0, count, line.quantity).goods

    return terms.between(upto(first), upto(last))


def _leave_behind(parcel: Fulfillment, wanted: Mapping[int, int]) -> None:
    rows = {row.line_id: row for row in parcel.lines.all()}
    if not wanted or set(wanted) - set(rows):
        raise NoSuchPieces(f"Parcel {parcel.number} does not hold those lines", field="pieces")
    rest = {key: row.quantity - wanted.get(key, 0) for key, row in rows.items()}
    if min(wanted.values()) < 1 or min(rest.values()) < 0:
        raise NoSuchPieces(f"Parcel {parcel.number} does not hold that many", field="pieces")
    if not any(rest.values()):
        return
    later = Fulfillment.objects.create(
        order=parcel.order,
        brand=parcel.brand,
        number=f"{parcel.order.number}-{parcel.order.fulfillments.count() + 1}",
        commission=parcel.commission,
        commission_tax=parcel.commission_tax,
    )
    for key, row in rows.items():
        if rest[key]:
            FulfillmentLine.objects.create(fulfillment=later, line=row.line, quantity=rest[key])
        if rest[key] == row.quantity:
            row.delete()
        elif rest[key]:
            row.quantity -= rest[key]
            row.save(update_fields=("quantity",))


def _book(
    order: Order, parcel: Fulfillment, before: Mapping[int, pieces.Count], at: datetime
) -> None:
    book_sale(order, at)
    each = line_shares(order, order.lines.all())
    zero = Money.zero(order.currency)
    goods, commission = zero, Commission(zero, zero)
    for row in parcel.lines.select_related("line"):
        line, sent = row.line, before[row.line_id].sent
        whole = each[line.pk]
        goods += whole.of_pieces(sent, sent + row.quantity, line.quantity).goods
        commission += commission_on(order, line, whole, sent, sent + row.quantity)
    movement = ledger.fulfilment(
        f"fulfilment {parcel.number}", parcel.brand.slug, goods, commission
    )
    write(movement, parcel.brand, order, at)
