"""The tick as a set operation: what the database writes is what the price book says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from i18n.passport import MetalPart
from i18n.price_formula import Making
from storefront_backend import wiring
from storefront_backend.catalog import queries
from storefront_backend.catalog.models import (
    Listing,
    MarketPrices,
    PastPrice,
    ProductVariant,
    Rate,
    RateTick,
    Repricing,
    ShippingMethod,
)
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.pricebook import Rounding
from storefront_backend.jobs.sweep import sweep_step
from storefront_backend.pricing.repricing import Repricer, ask
from tests.builders import (
    MARKETS,
    make_brand,
    make_formula,
    make_marked_variant,
    make_passport,
    make_product,
    make_shop,
    make_variant,
)

pytestmark = pytest.mark.django_db


def tick(share: str, metal: str = "gold") -> RateTick:
    """That metal moves by so much; the tick it makes."""
    last = Rate.objects.filter(code=metal).order_by("-as_of").first()
    assert last is not None
    Rate.objects.create(
        kind="metal", code=metal, base=last.base, source="test", as_of=wiring.now(),
        value=last.value * (1 + Decimal(share)),
    )  # fmt: skip
    return wiring.rate_desk().meet()


def reprice(of: RateTick) -> dict[str, Repricing]:
    """Work the tick through every market."""
    ask(of, MARKETS, "test", wiring.now())
    return {work.market: work for work in wiring.repricer(of).work()}


def listed() -> dict[tuple[str, str], tuple[object, ...]]:
    """Every listing's current price."""
    rows = Listing.objects.select_related("variant")
    return {(r.variant.sku, r.market): (r.goods, r.total, r.shipping, r.is_live) for r in rows}


def many_variants() -> list[ProductVariant]:
    """Every kind of formula, of every metal."""
    product = make_product()
    marks = ("750", "common-control-mark", "uae-official-stamp")
    formulas = [
        make_formula(making_kind=kind, making=Decimal("7.5"), loss_percent=Decimal("3.3"))
        for kind in Making
    ]
    formulas += [
        make_formula(fixed=Decimal("1999.99")),
        make_formula(currency="USD", stones=Decimal("123.45"), engraving=Decimal(9)),
        make_formula(floor=Decimal(9000)),
        make_formula(ceiling=Decimal(800)),
    ]
    alloys = ("gold-750-yellow", "silver-925", "platinum-950", "palladium-950")
    return [
        make_variant(
            product,
            formula=formula,
            passport=make_passport(
                metals=(
                    MetalPart(alloy, Decimal("3.1415")),
                    MetalPart("gold-916", Decimal("0.7")),
                ),
                hallmarks=marks,
            ),
        )
        for formula in formulas
        for alloy in alloys
    ]


def test_the_database_writes_what_the_price_book_says() -> None:
    variants = many_variants()
    make_shop(*variants)
    for market, rule in zip(MARKETS, [*Rounding, Rounding.CHARM], strict=True):
        MarketPrices.objects.create(
            market=market, rounding=rule, markup=Decimal("0.0175"), floor=Decimal(80)
        )
    reprice(tick("0.0217"))
    by_database = listed()
    wiring.lister().relist(variants, MARKETS)
    assert by_database == listed()
    assert len({goods for goods, *_ in by_database.values()}) > 50


def test_a_second_tick_of_the_same_rates_writes_nothing() -> None:
    make_shop(make_marked_variant())
    first = tick("0.02")
    assert {work.changed for work in reprice(first).values()} == {1}
    again = reprice(first)
    assert {(work.looked_at, work.changed) for work in again.values()} == {(1, 0)}


def test_gold_leaves_silver_alone() -> None:
    silver = make_passport(metals=(MetalPart("silver-925", Decimal(9)),), hallmarks=("925",))
    make_shop(make_marked_variant(), make_variant(passport=silver))
    before = listed()
    works = reprice(tick("0.02"))
    moved = {sku for (sku, market), row in listed().items() if before[sku, market] != row}
    assert len(moved) == 1
    assert {(work.looked_at, work.changed) for work in works.values()} == {(2, 1)}


def test_an_audit_row_says_who_when_and_by_which_rates() -> None:
    make_shop(make_marked_variant())
    now = tick("0.02")
    work = reprice(now)["de"]
    assert (work.asked_by, work.tick.version, work.changed) == ("test", now.version, 1)
    assert Listing.objects.get(market="de").rates == now.version


def test_a_price_that_no_carrier_insures_any_more_comes_off_sale() -> None:
    make_shop(make_marked_variant())
    goods = Listing.objects.get(market="hk").goods
    ShippingMethod.objects.filter(market="hk").update(insured_up_to=goods)
    work = reprice(tick("0.02"))["hk"]
    row = Listing.objects.get(market="hk")
    assert (work.taken_off, row.is_live, row.stopped_by) == (1, False, "no_insured_delivery")


def test_rates_that_grow_old_stop_the_tick_and_change_nothing() -> None:
    make_shop(make_marked_variant())
    now = tick("0.02")
    ask(now, MARKETS, "test", wiring.now())
    before, fresh = listed(), wiring.repricer(now)
    later = Repricer(now, fresh.book, fresh.costs, wiring.now() + timedelta(days=5))
    with pytest.raises(StaleRates, match="too old to price with"):
        later.work()
    assert listed() == before
    assert Repricing.objects.filter(done_at=None).count() == len(MARKETS)


def test_what_a_price_was_is_kept_where_the_law_asks_for_it() -> None:
    make_shop(make_marked_variant())
    before = Listing.objects.get(market="de").total
    reprice(tick("-0.02"))
    past = PastPrice.objects.get()
    assert (past.listing.market, past.total) == ("de", before)


def test_the_sweep_forgets_what_a_price_was_after_thirty_days() -> None:
    listing = make_shop().listings.get(market="de")
    now = wiring.now()
    for days in (29, 31, 400):
        PastPrice.objects.create(listing=listing, total=100, until=now - timedelta(days=days))
    assert sweep_step.call("past_prices") == 2
    assert PastPrice.objects.get().until == now - timedelta(days=29)


@pytest.mark.parametrize("market", MARKETS)
def test_the_lines_on_a_page_add_up_to_the_listing(market: str) -> None:
    product = make_product()
    make_shop(make_marked_variant(product))
    reprice(tick("0.02"))
    (variant,) = queries.product_page(product.slug, market, "en", wiring.till()).variants
    row = Listing.objects.get(market=market)
    assert sum(line.amount.amount for line in variant.landed.lines) == row.total


def test_a_brand_may_show_what_its_price_is_made_of(client: Client) -> None:
    product = make_product(make_brand(shows_price_parts=True))
    make_shop(make_marked_variant(product))
    (variant,) = queries.product_page(product.slug, "de", "en", wiring.till()).variants
    assert variant.parts is not None
    assert str(variant.parts.metal) == "2700.00 CNY"  # 4 g × 0.75 × 900
    assert str(variant.parts.making) == "240.00 CNY"
    assert str(variant.parts.margin) == "588.00 CNY"
    assert (
        b"How the house sets its price" in client.get(f"/de/en/jewellery/{product.slug}/").content
    )


def test_another_brand_keeps_its_formula_to_itself(client: Client) -> None:
    product = make_product()
    make_shop(make_marked_variant(product))
    (variant,) = queries.product_page(product.slug, "de", "en", wiring.till()).variants
    assert variant.parts is None
    page = client.get(f"/de/en/jewellery/{product.slug}/").content
    assert b"How the house sets its price" not in page


@pytest.mark.parametrize(("market", "struck"), [("de", False), ("ae", True)])
def test_a_reduction_is_announced_only_where_the_past_bears_it_out(
    market: str, struck: bool
) -> None:
    product = make_product()
    make_shop(make_marked_variant(product, formula=make_formula(compare_at=Decimal(5000))))
    (variant,) = queries.product_page(product.slug, market, "en", wiring.till()).variants
    assert (variant.before is not None) is struck


def test_in_the_eu_the_lowest_price_of_thirty_days_is_what_was() -> None:
    product = make_product()
    make_shop(make_marked_variant(product, formula=make_formula(compare_at=Decimal(50_000))))
    first = Listing.objects.get(market="de").total
    reprice(tick("0.05"))
    reprice(tick("-0.08"))
    (variant,) = queries.product_page(product.slug, "de", "en", wiring.till()).variants
    assert variant.before is not None
    assert variant.before.amount == first
    PastPrice.objects.filter(total=first).update(until=wiring.now() - timedelta(days=31))
    (later,) = queries.product_page(product.slug, "de", "en", wiring.till()).variants
    assert later.before is not None
    assert later.before.amount > first
