"""Checkouts on the point of being paid, for tests about money."""

from __future__ import annotations

from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.checkout import Checkout, LineRequest, OpenCheckout
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.payments import PaymentSession
from storefront_backend.orders.models import Transaction
from tests.builders import make_address


def ready_checkout(variant: ProductVariant, market: str = "de") -> Checkout:
    """One piece, an address, a price."""
    engine = wiring.checkouts()
    opened = engine.open(
        OpenCheckout(market=market, language="en", lines=(LineRequest(variant.sku, 1),))
    )
    return engine.set_delivery(
        opened.token,
        email="alice@example.com",
        shipping=make_address(market),
        billing=None,
        option="",
    )


def begin(checkout: Checkout) -> PaymentSession:
    """The shopper is sent to pay."""
    return wiring.payment_desk().begin(
        checkout.token, return_url="http://shop/back/{reference}", cancel_url="http://shop/bag"
    )


def order_paid_in_sandbox(variant: ProductVariant) -> Order:
    """The order of a shopper who paid, or whose money is held."""
    session = begin(ready_checkout(variant))
    wiring.sandbox().pay(session.provider_id)
    order = wiring.payment_desk().settle(session.reference)
    assert order is not None
    return order


def payment_of(order: Order) -> Transaction:
    """The row of the money."""
    return Transaction.objects.get(checkout__order__number=order.number)


def stock_of(variant: ProductVariant) -> tuple[int, int]:
    """Pieces at hand, and how many of them are promised."""
    row = Stock.objects.get(variant=variant)
    return row.quantity, row.reserved
