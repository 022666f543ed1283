"""What every CatalogEngine does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from i18n.money import Money
from storefront_backend.commerce.catalogue import (
    CatalogChange,
    CatalogProduct,
    CatalogVariant,
    ListingPrice,
    StockLevel,
)
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.ports import CatalogEngine
from tests.builders import make_passport
from tests.contracts.catalog_harness import Harness, in_memory, live

pytestmark = pytest.mark.django_db
MARKS = ("750", "common-control-mark", "uae-official-stamp")


@pytest.fixture(params=["saleor in memory", "saleor live"])
def shop(request: pytest.FixtureRequest) -> Harness:
    if request.param == "saleor in memory":
        return in_memory()
    running = live()
    if running is None:
        pytest.skip("SALEOR_API_URL and SALEOR_APP_TOKEN name no running Saleor")
    return running


def ring(shop: Harness, code: str = "ring", **fields: object) -> CatalogProduct:
    """A ring in one metal, for sale in two markets."""
    slug = f"{shop.prefix}{code}"
    sku = f"{slug}-750"
    defaults: dict[str, object] = {
        "slug": slug,
        "brand": "lanyue",
        "kind": "ring",
        "names": {"en": "Kapok ring", "de": "Kapok-Ring", "ja": "カポックの指輪"},
        "descriptions": {"en": "Cast & set by hand.\n\nIn Shunde."},
        "variants": (
            CatalogVariant(
                sku,
                "18K yellow gold",
                make_passport(hallmarks=MARKS),
                (euros(sku, 900), ListingPrice(sku, "us", Money(Decimal(980), "USD"))),
                (StockLevel(sku, "shenzhen", 3),),
            ),
        ),
        "markets": ("us", "de"),
    }
    return CatalogProduct(**(defaults | fields))  # type: ignore[arg-type]  # named by the test


def euros(sku: str, amount: int) -> ListingPrice:
    return ListingPrice(sku, "de", Money(Decimal(amount), "EUR"))


def every_change(engine: CatalogEngine, cursor: str = "") -> tuple[list[CatalogChange], str]:
    found: list[CatalogChange] = []
    while True:
        page = engine.changes_since(cursor)
        found += page.changes
        if page.cursor == cursor:
            return found, cursor
        cursor = page.cursor


def test_a_product_is_published_with_names_price_and_stock(shop: Harness) -> None:
    product = ring(shop)
    assert shop.engine.publish([product]).created == (product.slug,)
    sku = product.variants[0].sku
    assert shop.names(product.slug) == product.names
    assert shop.price(sku, "de") == Money(Decimal(900), "EUR")
    assert shop.stock(sku) == 3


def test_the_same_again_changes_nothing(shop: Harness) -> None:
    product = ring(shop)
    shop.engine.publish([product])
    assert shop.engine.publish([product]).unchanged == (product.slug,)


def test_only_what_differs_is_written(shop: Harness) -> None:
    first, second = ring(shop, "one"), ring(shop, "two")
    shop.engine.publish([first, second])
    renamed = replace(first, names={**first.names, "de": "Baumwollbaum-Ring"})
    report = shop.engine.publish([renamed, second])
    assert (report.updated, report.unchanged) == ((first.slug,), (second.slug,))
    assert shop.names(first.slug)["de"] == "Baumwollbaum-Ring"


def test_a_variant_may_come_later(shop: Harness) -> None:
    product = ring(shop)
    shop.engine.publish([product])
    sku = f"{product.slug}-950"
    extra = CatalogVariant(sku, "Platinum", make_passport(), (), (StockLevel(sku, "shenzhen", 1),))
    more = replace(product, variants=(*product.variants, extra))
    assert shop.engine.publish([more]).updated == (product.slug,)
    assert shop.stock(sku) == 1


def test_a_changed_passport_is_written_once(shop: Harness) -> None:
    product = ring(shop)
    shop.engine.publish([product])
    heavier = replace(product.variants[0], passport=make_passport(hs_code="711319", origin="HK"))
    changed = replace(product, variants=(heavier,))
    assert shop.engine.publish([changed]).updated == (product.slug,)
    assert shop.engine.publish([changed]).unchanged == (product.slug,)


def test_one_bad_product_does_not_stop_the_others(shop: Harness) -> None:
    nameless, good = ring(shop, "nameless", names={"de": "Ring"}), ring(shop, "good")
    report = shop.engine.publish([nameless, good])
    assert report.created == (good.slug,)
    assert [(each.subject, each.code) for each in report.failures] == [(nameless.slug, "no_name")]


def test_publishing_leaves_later_prices_and_stock_alone(shop: Harness) -> None:
    product = ring(shop)
    sku = product.variants[0].sku
    shop.engine.publish([product])
    shop.engine.set_prices([euros(sku, 950)])
    shop.engine.set_stock([StockLevel(sku, "shenzhen", 1)])
    shop.engine.publish([product])
    assert (shop.price(sku, "de"), shop.stock(sku)) == (Money(Decimal(950), "EUR"), 1)


def test_a_price_of_none_takes_it_off_sale_in_that_market_only(shop: Harness) -> None:
    product = ring(shop)
    sku = product.variants[0].sku
    shop.engine.publish([product])
    shop.engine.set_prices([ListingPrice(sku, "de", None)])
    assert shop.price(sku, "de") is None
    assert shop.price(sku, "us") == Money(Decimal(980), "USD")


def test_an_unknown_piece_has_no_price_and_nothing_is_set(shop: Harness) -> None:
    product = ring(shop)
    sku = product.variants[0].sku
    shop.engine.publish([product])
    with pytest.raises(NotFound):
        shop.engine.set_prices([euros(sku, 1), euros(f"{sku}-none", 1)])
    assert shop.price(sku, "de") == Money(Decimal(900), "EUR")


def test_a_price_in_another_currency_is_refused(shop: Harness) -> None:
    product = ring(shop)
    sku = product.variants[0].sku
    shop.engine.publish([product])
    with pytest.raises(InvalidRequest):
        shop.engine.set_prices([ListingPrice(sku, "de", Money(Decimal(1), "USD"))])
    assert shop.price(sku, "de") == Money(Decimal(900), "EUR")


def test_stock_is_set_where_it_lies(shop: Harness) -> None:
    product = ring(shop)
    sku = product.variants[0].sku
    shop.engine.publish([product])
    shop.engine.set_stock([StockLevel(sku, "shenzhen", 7)])
    assert shop.stock(sku) == 7
    with pytest.raises(NotFound):
        shop.engine.set_stock([StockLevel(sku, "atlantis", 9)])
    assert shop.stock(sku) == 7


def test_a_name_that_somebody_else_changed_is_told_once(shop: Harness) -> None:
    product = ring(shop)
    shop.engine.publish([product])
    _, cursor = every_change(shop.engine)
    shop.rename(product.slug, "Cotton-tree ring")
    changes, cursor = every_change(shop.engine, cursor)
    reported = {(each.subject, each.field): each.value for each in changes}
    assert reported[product.slug, "name:en"] == "Cotton-tree ring"
    assert every_change(shop.engine, cursor) == ([], cursor)


def test_the_first_reading_tells_of_stock_too(shop: Harness) -> None:
    product = ring(shop)
    shop.engine.publish([product])
    changes, _ = every_change(shop.engine)
    reported = {(each.subject, each.field): each.value for each in changes}
    assert reported[product.variants[0].sku, "stock:shenzhen"] == "3"


def test_a_cursor_of_somebody_else_is_refused(shop: Harness) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        shop.engine.changes_since("yesterday")
    assert refusal.value.field == "cursor"
