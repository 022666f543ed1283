"""The catalogue over a Saleor: what goes out, what comes back, and what a fault leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from i18n.money import Money
from storefront_backend.commerce.catalogue import (
    CatalogAsset,
    CatalogProduct,
    CatalogVariant,
    ListingPrice,
    StockLevel,
)
from storefront_backend.saleor.catalogue.engine import ROWS, SaleorCatalog
from storefront_backend.saleor.catalogue.texts import to_blocks, to_text
from storefront_backend.saleor.errors import SaleorUnavailable
from storefront_backend.saleor.transport import Patience, Saleor
from tests.builders import make_passport, make_stone
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL


@pytest.fixture
def fake() -> FakeSaleor:
    return FakeSaleor()


@pytest.fixture
def engine(fake: FakeSaleor) -> SaleorCatalog:
    return over(fake)


def over(fake: FakeSaleor, **options: bool) -> SaleorCatalog:
    patience = Patience(attempts=1)
    saleor = Saleor(URL, TOKEN, http=fake.client(), patience=patience)
    return SaleorCatalog(saleor, lanes=1, **options)


def ring(code: str = "ring", **fields: object) -> CatalogProduct:
    variant = CatalogVariant(
        f"{code}-750",
        "18K",
        make_passport(stones=(make_stone(report="GIA 1"),)),
        (ListingPrice(f"{code}-750", "de", Money(Decimal(900), "EUR")),),
        (StockLevel(f"{code}-750", "shenzhen", 3),),
    )
    defaults: dict[str, object] = {
        "slug": code,
        "brand": "lanyue",
        "kind": "ring",
        "names": {"en": "Ring", "de": "Ring", "zh-Hant": "戒指"},
        "descriptions": {},
        "variants": (variant,),
        "markets": ("de",),
    }
    return CatalogProduct(**(defaults | fields))  # type: ignore[arg-type]  # named by the test


def facts(node: dict[str, object]) -> dict[str, str]:
    return {
        each["attribute"]["slug"]: each["values"][0]["name"] or each["values"][0]["plainText"]
        for each in node["attributes"]  # type: ignore[attr-defined]
    }


def test_a_passport_becomes_attributes_and_metadata(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring()])
    variant = fake.variant("ring-750")
    reported = facts(variant)
    assert reported["pavilion-alloy"] == "gold-750-yellow"
    assert (reported["pavilion-grams"], reported["pavilion-ring-size"]) == ("4", "54.4")
    assert reported["pavilion-stones"] == "1 × diamond, 0.5 ct, natural, GIA 1"
    assert json.loads(variant["_meta"]["pavilion.passport"]) == (
        ring().variants[0].passport.to_json()
    )


def test_an_unknown_fact_is_no_attribute(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    bare = CatalogVariant("bare", "bare", make_passport(origin="", hs_code="", stones=()))
    engine.publish([ring(variants=(bare,))])
    assert not {"pavilion-origin", "pavilion-hs-code", "pavilion-carat"} & set(
        facts(fake.variant("bare"))
    )


def test_3d_files_are_told_by_address(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    asset = CatalogAsset("web-glb", "https://assets.test/ring.glb", "model/gltf-binary")
    engine.publish([ring(assets=(asset,))])
    (reported,) = json.loads(fake.products["ring"]["_meta"]["pavilion.assets"])
    assert reported["url"] == "https://assets.test/ring.glb"


def test_a_push_of_nothing_new_is_one_look(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    engine.publish([ring()])
    fake.requests.clear()
    engine.publish([ring()])
    assert fake.requests == ["CatalogueBrandPages", "CatalogueStanding"]


def test_a_name_changed_in_saleor_is_not_overwritten(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring()])
    fake.edit("ring", name="Kapok ring")
    report = engine.publish([ring()])
    assert (report.unchanged, report.conflicts) == (("ring",), ())
    assert fake.products["ring"]["name"] == "Kapok ring"


def test_a_name_changed_on_both_sides_is_shown_and_the_later_one_kept(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring()])
    fake.edit("ring", name="Theirs")
    for minutes, kept, current in ((-1, "theirs", "Theirs"), (1, "ours", "Ours")):
        ours = ring(names={"en": "Ours"}, updated_at=fake.clock + timedelta(minutes=minutes))
        (conflict,) = engine.publish([ours]).conflicts
        assert (conflict.field, conflict.kept) == ("name:en", kept)
        assert fake.products["ring"]["name"] == current


def test_a_market_that_the_product_left_is_unpublished(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring(markets=("de", "us"))])
    engine.publish([ring(markets=("de",))])
    published = {
        each["channel"]["slug"]: each["isPublished"]
        for each in fake.products["ring"]["channelListings"]
    }
    assert published == {"de": True, "us": False}


def test_a_price_where_it_is_not_shown_hides_it_nowhere_else(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring()])
    engine.set_prices([ListingPrice("ring-750", "us", Money(Decimal(980), "USD"))])
    assert [each.field for each in engine.changes_since("").changes] == ["stock:shenzhen"]


def test_a_product_of_others_is_not_touched(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    engine.publish([ring()])
    fake.products["ring"]["_meta"].clear()
    report = engine.publish([ring(names={"en": "Taken"})])
    assert [failure.code for failure in report.failures] == ["foreign"]
    assert fake.products["ring"]["name"] == "Ring"


def test_a_thorough_push_heals_what_was_changed_by_hand(fake: FakeSaleor) -> None:
    over(fake).publish([ring()])
    fake.variant("ring-750")["attributes"][0]["values"][0]["name"] = "gold-375-yellow"
    assert over(fake).publish([ring()]).unchanged == ("ring",)
    assert over(fake, thorough=True).publish([ring()]).updated == ("ring",)
    assert facts(fake.variant("ring-750"))["pavilion-alloy"] == "gold-750-yellow"


def test_what_saleor_is_not_set_up_for_says_so(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    fake.kinds.clear()
    (failure,) = engine.publish([ring()]).failures
    assert failure.code == "not_set_up"
    assert "saleor_bootstrap" in failure.message


def killed_after(operation: str, fake: FakeSaleor) -> Callable[[str], None]:
    def die(done: str) -> None:
        if done == operation:
            fake.after_write = lambda done: None
            raise httpx.ReadError("killed")

    return die


@pytest.mark.parametrize("operation", ["CreateBrandPage", "CreateProducts", "TranslateProducts"])
def test_a_push_cut_off_after_any_write_is_finished_by_the_next(
    fake: FakeSaleor, operation: str
) -> None:
    fake.after_write = killed_after(operation, fake)
    with pytest.raises(SaleorUnavailable):
        over(fake).publish([ring("one"), ring("two")])
    over(fake).publish([ring("one"), ring("two")])
    assert over(fake).publish([ring("one"), ring("two")]).unchanged == ("one", "two")
    assert fake.products["two"]["_t"]["ZH_HANT"]["name"] == "戒指"
    assert len(fake.products) == 2


def test_one_batch_that_fails_does_not_stop_the_others(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    many = [ring(f"ring-{number}") for number in range(120)]
    engine.publish([ring("first")])
    fake.faults = []
    fake.after_write = killed_after("CreateProducts", fake)
    with pytest.raises(SaleorUnavailable):
        engine.publish(many)
    assert len(fake.products) == 121


def test_a_batch_holds_only_so_many_rows(fake: FakeSaleor, engine: SaleorCatalog) -> None:
    variants = tuple(replace(ring().variants[0], sku=f"s{n}") for n in range(ROWS // 3))
    engine.publish([ring("a", variants=variants), ring("b", variants=())])
    assert fake.requests.count("CreateProducts") == 1
    engine.publish([ring("c", variants=variants), ring("d", variants=variants)])
    assert fake.requests.count("CreateProducts") == 3


def test_a_list_of_changes_reads_on_where_many_share_a_moment(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    engine.publish([ring(f"ring-{number}") for number in range(150)])
    for product in fake.products.values():
        product.update(updatedAt=fake.clock.isoformat(), name="Renamed")
    seen: list[str] = []
    cursor = ""
    while (page := engine.changes_since(cursor)).cursor != cursor:
        seen += [each.subject for each in page.changes if each.field == "name:en"]
        cursor = page.cursor
    assert sorted(seen) == sorted(fake.products)


@pytest.mark.parametrize("text", ["", "One.", "One.\n\nTwo & <b>three</b>.", "Line\nbreak"])
def test_a_description_comes_back_as_it_went(text: str) -> None:
    assert to_text(to_blocks(text)) == text


def test_a_list_from_the_dashboard_reads_as_lines() -> None:
    blocks = {"blocks": [{"type": "list", "data": {"items": ["18<b>K</b>", "4&nbsp;g"]}}]}
    assert to_text(json.dumps(blocks)) == "18K\n\n4\xa0g"


def test_variants_bear_their_names_in_every_language(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    product = ring()
    variant = replace(product.variants[0], labels={"de": "18K Gelbgold", "ja": "18金"})
    named = replace(product, variants=(variant,))
    engine.publish([named])
    assert fake.variant("ring-750")["_t"] == {
        "DE": {"name": "18K Gelbgold"}, "JA": {"name": "18金"}
    }  # fmt: skip
    assert engine.publish([named]).unchanged == ("ring",)


def test_names_of_variants_that_a_killed_push_left_out_are_written_by_the_next(
    fake: FakeSaleor, engine: SaleorCatalog
) -> None:
    product = ring()
    named = replace(product, variants=(replace(product.variants[0], labels={"de": "Gelbgold"}),))
    engine.publish([named])
    del fake.variant("ring-750")["_t"]
    assert engine.publish([named]).updated == ("ring",)
    assert fake.variant("ring-750")["_t"] == {"DE": {"name": "Gelbgold"}}
    assert fake.requests.count("UpdateProduct") == 0
