"""Prices before a metal moves: the page's figures are those of the tick that follows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, Listing, ProductVariant, Rate
from storefront_backend.pricing.metal_moves import MetalPreview, at_other_metals
from storefront_backend.pricing.repricing import ask
from tests.builders import make_brand, make_formula, make_marked_variant, make_product, make_shop
from tests.storefront_backend.desk.test_brand_pages import signed_in

pytestmark = pytest.mark.django_db
MARKETS = ("us", "de", "jp")


@pytest.fixture
def lotus() -> Brand:
    return make_brand("lotus")


@pytest.fixture
def rings(lotus: Brand) -> list[ProductVariant]:
    """One that follows gold, one at a ceiling near its price, one at a fixed price."""
    free = make_marked_variant(make_product(lotus))
    capped = make_marked_variant(make_product(lotus), formula=make_formula(ceiling=Decimal(3600)))
    fixed = make_marked_variant(make_product(lotus), formula=make_formula(fixed=Decimal(5000)))
    make_shop(free, capped, fixed, markets=MARKETS)
    return [free, capped, fixed]


def gold_ticks(share: str) -> None:
    """A real tick: the rate of gold moves, is accepted, and every market is repriced."""
    before = Rate.objects.get(kind="metal", code="gold")
    Rate.objects.create(
        kind="metal", code="gold", base="CNY", value=before.value * Decimal(share),
        source="builder", as_of=before.as_of + timedelta(minutes=30),
    )  # fmt: skip
    tick = wiring.rate_desk().meet()
    assert tick.state == "accepted"
    ask(tick, MARKETS, "test", wiring.now())
    wiring.repricer(tick).work()


@pytest.mark.parametrize(("percent", "share"), [("7.5", "1.075"), ("-9", "0.91")])
def test_a_preview_is_what_the_tick_then_does(
    lotus: Brand, rings: list[ProductVariant], percent: str, share: str
) -> None:
    book = at_other_metals(wiring.price_book(), {"gold": Decimal(percent)})
    preview = MetalPreview(lotus.pk, book, wiring.now())
    said = {market: preview.pieces(market, [each.pk for each in rings]) for market in MARKETS}
    gold_ticks(share)
    for market in MARKETS:
        goods = dict(Listing.objects.filter(market=market).values_list("variant", "goods"))
        assert {key: move.new.amount for key, move in said[market].items()} == goods
        assert len(goods) == 3
    free, capped, fixed = (said["de"][each.pk] for each in rings)
    assert (free.bound, fixed.share) == ("", 0)
    assert capped.bound == ("ceiling" if percent == "7.5" else "")


def test_the_page_shows_old_and_new_and_writes_nothing(
    lotus: Brand, rings: list[ProductVariant]
) -> None:
    before = list(Listing.objects.order_by("pk").values_list("goods", "total", "updated_at"))
    asked = {"metal": "gold", "percent": "20", "market": "de"}
    page = signed_in("alice", lotus).get("/desk/brand/lotus/prices/", asked)
    rows = {each["variant"].pk: each["moved"] for each in page.context["rows"]}
    assert rows[rings[0].pk].new.amount > rows[rings[0].pk].old.amount
    assert [each.at_ceiling for each in page.context["moved"]] == [1, 1, 1]
    assert "waits until an operator" in page.content.decode()
    assert (
        list(Listing.objects.order_by("pk").values_list("goods", "total", "updated_at")) == before
    )


def test_another_brands_prices_are_in_no_sum(lotus: Brand, rings: list[ProductVariant]) -> None:
    crane = make_brand("crane")
    wiring.lister().relist([make_marked_variant(make_product(crane))], MARKETS)
    page = signed_in("alice", lotus).get("/desk/brand/lotus/prices/", {"percent": "5"})
    assert [each.listings for each in page.context["moved"]] == [3, 3, 3]
    book = at_other_metals(wiring.price_book(), {"gold": Decimal(5)})
    assert MetalPreview(crane.pk, book, wiring.now()).market("de").listings == 1  # type: ignore[union-attr]


def test_a_formula_is_said_in_words(lotus: Brand, rings: list[ProductVariant]) -> None:
    page = signed_in("alice", lotus).get("/desk/brand/lotus/prices/")
    words = {each["variant"].pk: each["words"] for each in page.context["rows"]}
    assert [words[each.pk] for each in rings] == [
        "(metal + making 60 CNY a gram) + margin 20 %",
        "(metal + making 60 CNY a gram) + margin 20 %",
        "Fixed price 5000 CNY",
    ]


def test_a_shop_without_rates_says_so(lotus: Brand) -> None:
    make_product(lotus)
    page = signed_in("alice", lotus).get("/desk/brand/lotus/prices/", {"percent": "5"})
    assert page.status_code == 200
    assert page.context["problem"]


def test_a_move_that_is_no_number_is_refused(lotus: Brand) -> None:
    assert (
        signed_in("alice", lotus).get("/desk/brand/lotus/prices/", {"percent": "x"}).status_code
        == 422
    )
    assert Client().get("/desk/brand/lotus/prices/").status_code == 302
