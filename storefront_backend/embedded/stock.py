"""Stock: reserved while a shopper pays, taken when the order stands, given back otherwise.

Every change is one conditional UPDATE: PostgreSQL decides who gets the last piece, not a read that
may be old by the time of the write. A check constraint stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, IntegerField, Value, When

from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.errors import OutOfStock
from storefront_backend.orders.models import Checkout, CheckoutLine, Reservation


def reserve(
    checkout: Checkout, lines: Iterable[CheckoutLine], country: str, until: datetime
) -> None:
    """Hold the pieces of all lines for the checkout; call inside a transaction.

    A warehouse in the shopper's country is asked first. A piece that is made to order needs no
    stock. Raises OutOfStock naming the sku; the caller's transaction then undoes the rest.
    """
    release(checkout)
    # Always in the same order, so that two shoppers with the same pieces cannot deadlock.
    for line in sorted(lines, key=lambda line: line.variant_id):
        stock = _hold(line.variant_id, line.quantity, country)
        if stock is not None:
            Reservation.objects.create(
                checkout=checkout, stock=stock, quantity=line.quantity, expires_at=until
            )
        elif line.variant.made_to_order_days is None:
            raise OutOfStock(f"{line.variant.sku} has just been sold", field="lines")


def _hold(variant_id: int, quantity: int, country: str) -> Stock | None:
    nearest = Case(
        When(warehouse__country=country, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    candidates = Stock.objects.filter(variant=variant_id).order_by(nearest, "warehouse_id")
    for stock in candidates:
        held = Stock.objects.filter(pk=stock.pk, quantity__gte=F("reserved") + quantity).update(
            reserved=F("reserved") + quantity
        )
        if held:
            return stock
    return None


def release(checkout: Checkout) -> None:
    """Give back what the checkout holds; call inside a transaction."""
    for reservation in checkout.reservations.select_for_update().order_by("stock_id"):
        Stock.objects.filter(pk=reservation.stock_id).update(
            reserved=F("reserved") - reservation.quantity
        )
        reservation.delete()


def take(checkout: Checkout) -> None:
    """The reserved pieces are sold; call inside a transaction."""
    for reservation in checkout.reservations.select_for_update().order_by("stock_id"):
        Stock.objects.filter(pk=reservation.stock_id).update(
            reserved=F("reserved") - reservation.quantity,
            quantity=F("quantity") - reservation.quantity,
        )
        reservation.delete()


def give_back(variant_id: int, quantity: int) -> None:
    """Pieces of a canceled order return to the first warehouse that has a row for them."""
    stock = Stock.objects.filter(variant=variant_id).order_by("warehouse_id").first()
    if stock is not None:
        Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + quantity)


def available(variant: ProductVariant) -> int:
    """Pieces that can be bought right now."""
    return sum(stock.quantity - stock.reserved for stock in variant.stock.all())
