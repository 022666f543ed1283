"""Codes, cards, engravings and warehouses: what a checkout holds besides its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant, Stock, Warehouse
from storefront_backend.commerce.checkout import Checkout, LineRequest, OpenCheckout, Wishes
from storefront_backend.commerce.errors import InvalidRequest, OutOfStock
from storefront_backend.commerce.withdrawal import withdrawal_right
from storefront_backend.orders.models import OrderLine, Piece, PromoCode
from tests.builders import make_address, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db


def opened(variant: ProductVariant, quantity: int = 1, market: str = "de", **line) -> Checkout:
    return wiring.checkouts().open(
        OpenCheckout(market, "en", (LineRequest(variant.sku, quantity, **line),))
    )


def delivered(checkout: Checkout, wishes: Wishes | None = None) -> Checkout:
    return wiring.checkouts().set_delivery(
        checkout.token,
        email="alice@example.com",
        shipping=make_address(checkout.market),
        billing=None,
        option="",
        wishes=wishes,
    )


def paid(checkout: Checkout):
    return wiring.checkouts().complete(
        checkout.token, paid=checkout.quote.total, payment_reference=checkout.token
    )


def stock_at(variant: ProductVariant, slug: str, country: str, *, bonded: bool = False) -> None:
    place = Warehouse.objects.create(slug=slug, name=slug, country=country, is_bonded=bonded)
    Stock.objects.create(warehouse=place, variant=variant, quantity=1)


def make_code(**fields) -> PromoCode:
    defaults = {"code": "LOTUS", "kind": "percentage", "value": Decimal(10)}
    return PromoCode.objects.create(**(defaults | fields))


def test_ten_per_cent_come_off_the_goods_before_duty_and_tax():
    before = opened(make_shop())
    make_code()
    after = wiring.checkouts().apply_code(before.token, "lotus")
    off = (before.quote.cost.of("goods") * Decimal("0.1")).quantized()
    assert after.discount == off
    assert after.quote.cost.of("goods") == before.quote.cost.of("goods") - off
    assert after.quote.cost.of("tax") < before.quote.cost.of("tax")
    assert wiring.checkouts().apply_code(before.token, "").quote.total == before.quote.total


def test_a_fixed_code_takes_its_amount_and_the_order_keeps_it():
    make_code(kind="fixed", value=Decimal(25), currency="EUR")
    checkout = delivered(opened(make_shop()))
    checkout = wiring.checkouts().apply_code(checkout.token, "LOTUS")
    order = paid(checkout)
    assert checkout.discount == Money(Decimal("25.00"), "EUR")
    assert (order.promo, order.lines[0].goods) == ("LOTUS", checkout.quote.cost.of("goods"))


@pytest.mark.parametrize(
    "fields",
    [
        {"markets": ["us"]},
        {"ends_at": wiring.now() - timedelta(days=1)},
        {"starts_at": wiring.now() + timedelta(days=1)},
        {"usage_limit": 0},
        {"kind": "fixed", "currency": "USD"},
        {"is_active": False},
    ],
)
def test_a_code_that_does_not_hold_here_and_now_is_refused(fields):
    checkout = opened(make_shop())
    make_code(**fields)
    with pytest.raises(InvalidRequest) as refusal:
        wiring.checkouts().apply_code(checkout.token, "LOTUS")
    assert refusal.value.field == "code"
    assert wiring.checkouts().get(checkout.token).quote == checkout.quote


def test_the_last_use_of_a_code_goes_to_one_order():
    make_code(usage_limit=1)
    variant = make_shop()
    first, second = (
        wiring.checkouts().apply_code(delivered(opened(variant)).token, "LOTUS") for _ in range(2)
    )
    paid(first)
    with pytest.raises(InvalidRequest) as refusal:
        paid(second)
    assert refusal.value.field == "code"
    assert PromoCode.objects.get().used == 1
    assert Stock.objects.get(variant=variant).quantity == 4


def test_an_engraved_piece_waits_for_consent_which_the_order_keeps():
    variant = make_shop(make_variant(make_product(engraving_max=20)))
    checkout = delivered(opened(variant, engraving="For ever"))
    assert [field for field, _ in checkout.missing] == ["no_return_consent"]
    checkout = delivered(checkout, Wishes("With love", no_return_consent=True))
    order = paid(checkout)
    assert order.no_return_consent_at == checkout.no_return_consent_at is not None
    assert order.gift_message == "With love"


def test_an_engraved_piece_in_germany_is_left_out_of_the_fourteen_days():
    variant = make_shop(make_variant(make_product(engraving_max=20)))
    plain, engraved = opened(variant), opened(variant, engraving="For ever")
    book, today = wiring.rulebook(), wiring.now().date()
    assert [withdrawal_right(book, c, today).days for c in (plain, engraved)] == [14, 14]
    assert not withdrawal_right(book, plain, today).engraved_excepted
    assert withdrawal_right(book, engraved, today).engraved_excepted
    assert withdrawal_right(book, replace(plain, market="us"), today) is None


def test_the_size_stays_in_the_shoppers_own_words():
    checkout = delivered(opened(make_shop(), ring_size="JP 13"))
    assert paid(checkout).lines[0].ring_size == "JP 13"


def test_a_bonded_warehouse_at_home_is_nearest_and_its_stock_still_pays_duty():
    variant = make_shop()
    abroad = opened(variant)
    stock_at(variant, "frankfurt", "DE", bonded=True)
    checkout = delivered(opened(variant))
    assert checkout.quote.cost.of("duty") == abroad.quote.cost.of("duty") != Money.zero("EUR")
    paid(checkout)
    assert OrderLine.objects.get().warehouse == "frankfurt"


def test_duty_paid_stock_in_the_union_is_not_sold_since_its_law_is_not_known():
    variant = make_shop(make_variant(stock=0))
    stock_at(variant, "venlo", "NL")
    with pytest.raises(OutOfStock) as refusal:
        opened(variant)
    assert refusal.value.field == "lines"


def test_in_a_free_port_stock_at_home_is_sold():
    variant = make_shop()
    stock_at(variant, "kwai-chung", "HK")
    paid(delivered(opened(variant, market="hk")))
    assert OrderLine.objects.get().warehouse == "kwai-chung"


def test_a_one_of_a_kind_piece_is_sold_with_its_number():
    variant = make_shop(make_variant(stock=1))
    Piece.objects.create(variant=variant, warehouse=Warehouse.objects.get(), serial="P-0001")
    order = paid(delivered(opened(variant)))
    assert order.lines[0].serials == ("P-0001",)


def test_what_is_made_to_order_says_how_long_and_takes_no_stock():
    variant = make_shop(make_variant(stock=0, made_to_order_days=30))
    checkout = delivered(opened(variant, 2))
    assert checkout.lines[0].lead_days == 30
    assert paid(checkout).lines[0].lead_days == 30
    assert Stock.objects.get().quantity == 0


def test_two_engravings_of_one_ring_are_held_together():
    variant = make_shop(make_variant(make_product(engraving_max=9), stock=2))
    checkout = wiring.checkouts().open(
        OpenCheckout(
            "de", "en", (LineRequest(variant.sku, 1, "A"), LineRequest(variant.sku, 1, "B"))
        )
    )
    order = paid(delivered(checkout, Wishes(no_return_consent=True)))
    assert [line.engraving for line in order.lines] == ["A", "B"]
    assert Stock.objects.get().quantity == 0
