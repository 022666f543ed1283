"""Stock: reserved while a shopper pays, taken when the order is made, released otherwise.

Every change is one conditional UPDATE: PostgreSQL decides who gets the last piece, not a read that
may be old by the time of the write. So a race has one winner.
A check constraint is the second guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, F, IntegerField, Value, When

from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.errors import OutOfStock
from storefront_backend.orders.models import (
    Checkout,
    CheckoutLine,
    OrderLine,
    Piece,
    Reservation,
)


def reserve(
    checkout: Checkout, lines: Iterable[CheckoutLine], country: str, until: datetime
) -> None:
    """Hold the pieces of all lines for the checkout; call inside a transaction.

    The warehouses that the quote was calculated for are tried, one in the shopper's country first.
    A piece that is made to order needs no stock. Raises OutOfStock naming the sku; the caller's
    transaction then undoes the rest.
    """
    release(checkout)
    wanted: dict[int, int] = {}
    in_stock_only: dict[int, str] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
        if line.variant.made_to_order_days is None:
            in_stock_only[line.variant_id] = line.variant.sku
    # Always in the same order, so that two shoppers with the same pieces cannot deadlock.
    for variant_id, quantity in sorted(wanted.items()):
        allowed = checkout.dispatch.get(str(variant_id))
        stock = _hold(variant_id, quantity, country, allowed)
        if stock is not None:
            Reservation.objects.create(
                checkout=checkout, stock=stock, quantity=quantity, expires_at=until
            )
        elif variant_id in in_stock_only:
            raise OutOfStock(f"{in_stock_only[variant_id]} has just been sold", field="lines")


def _hold(
    variant_id: int, quantity: int, country: str, allowed: Sequence[int] | None
) -> Stock | None:
    nearest = Case(
        When(warehouse__country=country, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    candidates = Stock.objects.filter(variant=variant_id).order_by(nearest, "warehouse_id")
    if allowed is not None:
        candidates = candidates.filter(warehouse__in=allowed)
    for stock in candidates:
        held = Stock.objects.filter(pk=stock.pk, quantity__gte=F("reserved") + quantity).update(
            reserved=F("reserved") + quantity
        )
        if held:
            return stock
    return None


def release(checkout: Checkout) -> None:
    """Release what the checkout holds; call inside a transaction."""
    for reservation in checkout.reservations.select_for_update().order_by("stock_id"):
        Stock.objects.filter(pk=reservation.stock_id).update(
            reserved=F("reserved") - reservation.quantity
        )
        reservation.delete()


def take(checkout: Checkout) -> dict[int, str]:
    """The reserved pieces are sold; call inside a transaction.

    Returns the warehouse that each variant comes from; one that is made to order has none.
    """
    taken: dict[int, str] = {}
    reservations = checkout.reservations.select_related("stock__warehouse")
    for reservation in reservations.select_for_update(of=("self",)).order_by("stock_id"):
        Stock.objects.filter(pk=reservation.stock_id).update(
            reserved=F("reserved") - reservation.quantity,
            quantity=F("quantity") - reservation.quantity,
        )
        taken[reservation.stock.variant_id] = reservation.stock.warehouse.slug
        reservation.delete()
    return taken


def return_to_stock(line: OrderLine, quantity: int) -> None:
    """Pieces that were cancelled return to the warehouse that they were taken from.

    Of a line that was made to order nothing had been taken.
    """
    rows = Stock.objects.filter(variant=line.variant_id).order_by("warehouse_id")
    if line.warehouse:
        rows = rows.filter(warehouse__slug=line.warehouse)
    elif line.lead_days is not None:
        return
    stock = rows.first()
    if stock is not None:
        Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + quantity)


def available(variant: ProductVariant) -> int:
    """Pieces that can be bought right now."""
    return sum(stock.quantity - stock.reserved for stock in variant.stock.all())


def assign_serials(lines: Iterable[OrderLine]) -> None:
    """Name the very pieces that are sold, where the warehouse numbers them.

    Pieces without numbers are sold as well: a serial says which piece, the stock says how many.
    """
    for line in lines:
        free = Piece.objects.select_for_update(skip_locked=True).filter(
            variant=line.variant_id, warehouse__slug=line.warehouse, line=None
        )
        chosen = list(free.order_by("serial")[: line.quantity])
        if chosen:
            Piece.objects.filter(pk__in=[piece.pk for piece in chosen]).update(line=line)
