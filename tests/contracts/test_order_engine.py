"""What every OrderEngine does."""

from __future__ import annotations

import pytest

from storefront_backend import wiring
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.orders import Order, OrderState
from storefront_backend.commerce.ports import OrderEngine
from tests.builders import make_address, make_brand, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(shop: str) -> OrderEngine:
    return wiring.orders()


def sold(*skus: str, quantity: int = 1) -> Order:
    """An order of these pieces in Germany, paid."""
    checkouts = wiring.checkouts()
    lines = tuple(LineRequest(sku, quantity) for sku in skus)
    token = checkouts.open(OpenCheckout("de", "en", lines)).token
    checkout = checkouts.set_delivery(
        token, email="alice@example.com", shipping=make_address(), billing=None, option=""
    )
    return checkouts.complete(token, paid=checkout.quote.total, payment_reference="paid-1")


def test_an_order_is_found_by_number_and_by_token(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    assert engine.get(order.number) == engine.get(order.token) == order


def test_an_unknown_order_is_not_found(engine: OrderEngine) -> None:
    for key in ("123456", "6e9a7a52-2b65-4b44-a6cf-1d4a3c1b3e8f", "nothing"):
        with pytest.raises(NotFound):
            engine.get(key)


def test_a_shopper_sees_their_own_orders(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    assert [each.number for each in engine.list(email="ALICE@example.com")] == [order.number]
    assert engine.list(email="bob@example.com") == []


def test_a_brand_sees_its_own_lines_only(engine: OrderEngine) -> None:
    alice, bob = make_brand("alice-house"), make_brand("bob-house")
    rings = [make_variant(make_product(brand)) for brand in (alice, bob)]
    make_shop(*rings)
    sold(*(ring.sku for ring in rings))
    (order,) = engine.list(brand="alice-house")
    assert [line.brand for line in order.lines] == ["alice-house"]


def test_a_sent_parcel_is_fulfilled_once(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    brand = order.lines[0].brand
    sent = engine.fulfil(order.number, brand=brand, tracking="SF1")
    assert sent.state is OrderState.FULFILLED
    assert engine.fulfil(order.number, brand=brand, tracking="SF1") == sent


def test_one_brand_of_two_fulfils_a_part(engine: OrderEngine) -> None:
    rings = [make_variant(make_product(make_brand(slug))) for slug in ("house-a", "house-b")]
    make_shop(*rings)
    order = sold(*(ring.sku for ring in rings))
    sent = engine.fulfil(order.number, brand="house-a", tracking="SF1")
    assert sent.state is OrderState.PARTIALLY_FULFILLED
    sent = engine.fulfil(order.number, brand="house-b", tracking="SF2")
    assert sent.state is OrderState.FULFILLED


def test_a_brand_that_has_nothing_in_it_sends_nothing(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    with pytest.raises(NotFound):
        engine.fulfil(order.number, brand="mallory-house", tracking="SF1")
    assert engine.get(order.number).state is OrderState.UNFULFILLED


def test_a_cancelled_order_stays_cancelled(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    canceled = engine.cancel(order.number, reason="Changed my mind")
    assert canceled.state is OrderState.CANCELED
    assert engine.cancel(order.number, reason="Again").state is OrderState.CANCELED


def test_what_is_on_its_way_is_not_cancelled(engine: OrderEngine) -> None:
    order = sold(make_shop().sku)
    engine.fulfil(order.number, brand=order.lines[0].brand, tracking="SF1")
    with pytest.raises(InvalidRequest):
        engine.cancel(order.number, reason="Too late")
    assert engine.get(order.number).state is OrderState.FULFILLED
