"""What every CheckoutEngine does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.checkout import CheckoutState, LineRequest, OpenCheckout
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    InvalidAddress,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
)
from storefront_backend.commerce.ports import CheckoutEngine
from tests.builders import make_address, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(shop: str) -> CheckoutEngine:
    return wiring.checkouts()


def opened(engine: CheckoutEngine, sku: str, quantity: int = 1, market: str = "de"):
    return engine.open(
        OpenCheckout(market=market, language="en", lines=(LineRequest(sku, quantity),))
    )


def addressed(engine: CheckoutEngine, token: str, market: str = "de"):
    return engine.set_delivery(
        token, email="alice@example.com", shipping=make_address(market), billing=None, option=""
    )


def test_a_new_checkout_is_quoted_with_duty_and_tax(engine: CheckoutEngine) -> None:
    checkout = opened(engine, make_shop().sku)
    assert checkout.state is CheckoutState.OPEN
    assert checkout.quote is not None
    assert {"goods", "shipping", "duty", "tax"} <= {line.kind for line in checkout.quote.cost.lines}


def test_the_total_is_the_sum_of_the_lines(engine: CheckoutEngine) -> None:
    cost = opened(engine, make_shop().sku, 2).quote.cost
    assert cost.total == Money.sum((line.amount for line in cost.lines), "EUR")


def test_two_pieces_cost_twice_the_goods_of_one(engine: CheckoutEngine) -> None:
    sku = make_shop().sku
    one, two = opened(engine, sku, 1), opened(engine, sku, 2)
    assert two.quote.cost.of("goods") == one.quote.cost.of("goods") * 2


def test_lines_are_replaced(engine: CheckoutEngine) -> None:
    ring, bangle = make_variant(), make_variant(make_product(kind="bangle"))
    make_shop(ring, bangle)
    checkout = opened(engine, ring.sku)
    changed = engine.set_lines(checkout.token, (LineRequest(bangle.sku, 3),))
    assert [(line.sku, line.quantity) for line in changed.lines] == [(bangle.sku, 3)]


def test_a_checkout_says_what_is_still_missing(engine: CheckoutEngine) -> None:
    checkout = opened(engine, make_shop().sku)
    assert [field for field, _ in checkout.missing] == ["email", "shipping_address"]
    assert addressed(engine, checkout.token).ready


def test_every_fault_of_an_address_is_told_at_once(engine: CheckoutEngine) -> None:
    checkout = opened(engine, make_shop().sku)
    faulty = replace(make_address("de"), postal_code="abc", city="")
    with pytest.raises(InvalidAddress) as refusal:
        engine.set_delivery(
            checkout.token, email="a@example.com", shipping=faulty, billing=None, option=""
        )
    assert set(refusal.value.fields) == {"city", "postal_code"}
    assert engine.get(checkout.token).shipping_address is None


def test_an_address_of_another_country_is_refused(engine: CheckoutEngine) -> None:
    checkout = opened(engine, make_shop().sku)
    with pytest.raises(InvalidAddress) as refusal:
        addressed(engine, checkout.token, market="jp")
    assert set(refusal.value.fields) == {"country"}


def test_a_delivery_that_is_not_offered_is_refused(engine: CheckoutEngine) -> None:
    checkout = opened(engine, make_shop().sku)
    with pytest.raises(InvalidRequest) as refusal:
        engine.set_delivery(
            checkout.token,
            email="a@example.com",
            shipping=make_address("de"),
            billing=None,
            option="by-swan",
        )
    assert refusal.value.field == "delivery"


def test_a_piece_that_is_not_listed_there_is_not_sold_there(engine: CheckoutEngine) -> None:
    variant = make_shop(make_variant(make_product(markets=["de"])))
    with pytest.raises(NotListed):
        opened(engine, variant.sku, market="us")


def test_more_than_there_is_is_refused(engine: CheckoutEngine) -> None:
    variant = make_shop(make_variant(stock=2))
    with pytest.raises(OutOfStock):
        opened(engine, variant.sku, 3)


def test_an_engraving_longer_than_the_piece_takes_is_refused(engine: CheckoutEngine) -> None:
    variant = make_shop(make_variant(make_product(engraving_max=5)))
    with pytest.raises(InvalidRequest) as refusal:
        engine.open(OpenCheckout("de", "en", (LineRequest(variant.sku, 1, "For ever and ever"),)))
    assert refusal.value.field == "engraving"


def test_an_unknown_token_is_not_found(engine: CheckoutEngine) -> None:
    for token in ("6e9a7a52-2b65-4b44-a6cf-1d4a3c1b3e8f", "nothing"):
        with pytest.raises(NotFound):
            engine.get(token)


def test_completing_gives_an_order_of_what_was_shown(engine: CheckoutEngine) -> None:
    checkout = addressed(engine, opened(engine, make_shop().sku).token)
    order = engine.complete(checkout.token, paid=checkout.quote.total, payment_reference="r1")
    assert order.cost.total == checkout.quote.cost.total
    assert [line.kind for line in order.cost.lines] == [
        line.kind for line in checkout.quote.cost.lines
    ]
    assert engine.get(checkout.token).order_number == order.number


def test_completing_again_gives_the_same_order(engine: CheckoutEngine) -> None:
    checkout = addressed(engine, opened(engine, make_shop().sku).token)
    first, again = (
        engine.complete(checkout.token, paid=checkout.quote.total, payment_reference="r1")
        for _ in range(2)
    )
    assert first == again


def test_another_payment_of_a_finished_checkout_is_refused(engine: CheckoutEngine) -> None:
    checkout = addressed(engine, opened(engine, make_shop().sku).token)
    engine.complete(checkout.token, paid=checkout.quote.total, payment_reference="r1")
    with pytest.raises(CheckoutClosed):
        engine.complete(checkout.token, paid=checkout.quote.total, payment_reference="r2")


def test_a_cent_too_little_makes_no_order(engine: CheckoutEngine) -> None:
    checkout = addressed(engine, opened(engine, make_shop().sku).token)
    short = checkout.quote.total - Money(Decimal("0.01"), "EUR")
    with pytest.raises(InvalidRequest):
        engine.complete(checkout.token, paid=short, payment_reference="r1")
    assert engine.get(checkout.token).state is CheckoutState.OPEN


def test_a_finished_checkout_takes_no_more_lines(engine: CheckoutEngine) -> None:
    sku = make_shop().sku
    checkout = addressed(engine, opened(engine, sku).token)
    engine.complete(checkout.token, paid=checkout.quote.total, payment_reference="r1")
    with pytest.raises(CheckoutClosed):
        engine.set_lines(checkout.token, (LineRequest(sku, 2),))
