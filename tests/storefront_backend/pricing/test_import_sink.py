"""A brand's rows after its sheets: nothing is lost, nothing comes back, addresses stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront_backend import wiring
from storefront_backend.catalog.models import (
    Collection,
    FormerSlug,
    Product,
    ProductVariant,
    Stock,
)
from storefront_backend.catalog.slugs import change_slug
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.pricing.import_sink import BrandSink
from tests.builders import make_brand, make_product, make_rates, make_variant, make_warehouse
from tests.catalog_import.products import product
from tests.catalog_import.workbooks import row
from tests.storefront_backend.pricing.imports import PRICED, bring_in, planned

pytestmark = pytest.mark.django_db

RING = row(kind="ring", ring_size="US 7", stock=1, **PRICED)


@pytest.fixture(autouse=True)
def rates() -> None:
    make_rates()


def test_a_second_sheet_leaves_the_first_on_sale(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, row(product_code="RING", sku="RING-1", **PRICED))
    report = bring_in(brand, tmp_path, row(product_code="NECK", sku="NECK-1", **PRICED))
    assert report.withdrawn == ()
    assert Product.objects.filter(brand=brand, is_published=True).count() == 2


def test_what_a_sheet_lacks_is_retired_when_asked_and_asks_to_be_relisted(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, row(product_code="RING", sku="RING-1", **PRICED))
    Product.objects.update(relist_needed_at=None)
    rows = row(product_code="NECK", sku="NECK-1", **PRICED)
    assert bring_in(brand, tmp_path, rows, retire_missing=True).withdrawn == ("RING",)
    gone = Product.objects.get(code="RING")
    assert not gone.is_published
    assert gone.relist_needed_at is not None


def test_a_sold_one_off_does_not_come_back_with_a_new_description(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    Stock.objects.update(quantity=0)  # sold
    bring_in(brand, tmp_path, {**RING, "description_en": "A lion, dancing."})
    assert Stock.objects.get().quantity == 0


def test_another_number_in_the_sheet_is_news_and_the_stock_follows(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    Stock.objects.update(quantity=0)
    bring_in(brand, tmp_path, {**RING, "stock": 4})
    assert Stock.objects.get().quantity == 4


def test_the_same_number_is_set_when_the_sheet_is_said_to_be_the_stock(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    Stock.objects.update(quantity=0)
    bring_in(brand, tmp_path, RING, set_stock=True)
    assert Stock.objects.get().quantity == 1


def test_pieces_that_are_promised_stay_promised(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, {**RING, "stock": 5})
    Stock.objects.update(reserved=3)
    bring_in(brand, tmp_path, {**RING, "stock": 1})
    assert Stock.objects.get().quantity == 3


def test_a_sheet_without_stock_and_texts_leaves_both(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, {**RING, "description_en": "A lion.", "stock": 3})
    fewer = {name: value for name, value in RING.items() if name != "stock"}
    bring_in(brand, tmp_path, {**fewer, "name_en": "Lion"})
    found = Product.objects.get()
    assert (found.descriptions, found.names) == ({"en": "A lion."}, {"en": "Lion"})
    assert Stock.objects.get().quantity == 3


def test_a_row_with_an_unreadable_code_keeps_every_variant_on_sale(tmp_path: Path) -> None:
    brand = make_brand()
    good = [row(sku=f"LION-{n}", **PRICED) for n in range(3)]
    bring_in(brand, tmp_path, *good)
    merged = [good[0], *({**each, "product_code": None} for each in good[1:])]
    report = bring_in(brand, tmp_path, *merged, only_valid=True, retire_missing=True)
    assert report.held == ("LION",)
    assert ProductVariant.objects.filter(is_active=True).count() == 3


def test_a_new_name_does_not_move_the_address(tmp_path: Path) -> None:
    brand = make_brand("lingnan")
    bring_in(brand, tmp_path, RING)
    bring_in(brand, tmp_path, {**RING, "name_en": "Dancing lion ring"})
    assert Product.objects.get().slug == "lingnan-lion-dance-pendant-lion"


@pytest.mark.parametrize(
    "codes", [("R1", "r-1"), ("A.1", "A1"), ("戒指一", "戒指壹"), ("----", "====")], ids=str
)
def test_products_whose_words_make_one_address_get_two(
    tmp_path: Path, codes: tuple[str, str]
) -> None:
    sink = BrandSink(make_brand(), make_warehouse(), None, wiring.assets(), lambda _pk: None)
    for code in codes:
        sink.put(product(code, names={"en": "木棉"}))
    slugs = set(Product.objects.values_list("slug", flat=True))
    assert len(slugs) == 2
    assert all(slug.isascii() and len(slug) <= 120 for slug in slugs)


def test_each_chinese_collection_is_its_own(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, {**RING, "collection": "岭南"},
             row(product_code="W", sku="W-1", collection="江南", **PRICED))  # fmt: skip
    assert set(Collection.objects.values_list("slug", "names__en")) == {
        ("lingnan", "岭南"), ("jiangnan", "江南"),
    }  # fmt: skip


def test_collections_that_are_written_alike_in_latin_stay_apart(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, {**RING, "collection": "岭南"},
             row(product_code="W", sku="W-1", collection="Lingnan", **PRICED))  # fmt: skip
    assert Product.objects.values("collection").distinct().count() == 2


def test_two_brands_have_one_code_and_one_sku(tmp_path: Path) -> None:
    for brand in (make_brand(), make_brand()):
        bring_in(brand, tmp_path, RING)
    skus = list(ProductVariant.objects.values_list("own_sku", "sku"))
    assert [own for own, _ in skus] == ["LION-1", "LION-1"]
    assert len({public for _, public in skus}) == 2


def test_a_sku_that_somebody_elses_piece_has_in_public_is_no_obstacle(tmp_path: Path) -> None:
    alice = make_brand("alice")
    theirs = make_variant(make_product(), sku="alice.LION-1", stock=9)
    bring_in(alice, tmp_path, RING)
    own = ProductVariant.objects.get(brand=alice)
    assert own.own_sku == "LION-1"
    assert own.sku != theirs.sku
    theirs.refresh_from_db()
    assert theirs.brand != alice


def test_a_price_that_somebody_changed_in_the_shop_stays(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    ProductVariant.objects.update(price_formula={"currency": "CNY", "making_kind": "none",
                                                 "fixed": "13000"})  # fmt: skip
    bring_in(brand, tmp_path, {**RING, "name_en": "Lion"})
    assert ProductVariant.objects.get().price_formula["fixed"] == "13000"


def test_a_mesh_goes_to_the_store_before_the_transaction(tmp_path: Path) -> None:
    seen: list[bool] = []

    class Store:
        def put(self, source: BinaryIO, **_: Any) -> str:
            seen.append(len(connection.savepoint_ids) > before)
            return "key"

    (tmp_path / "lion.stl").write_bytes(b"mesh")
    before = len(connection.savepoint_ids)
    store: Any = Store()
    sink = BrandSink(make_brand(), make_warehouse(), tmp_path, store, lambda _pk: None)
    sink.put(product("LION", model_file="lion.stl"))
    assert seen == [False]


def test_a_product_that_the_database_refuses_keeps_no_other_out() -> None:
    sink = BrandSink(make_brand(), make_warehouse(), None, wiring.assets(), lambda _pks: None)
    refused = sink.put(product("A"), product("B" * 61), product("C"))
    assert list(refused) == ["B" * 61]
    assert "too long" in refused["B" * 61]
    assert set(Product.objects.values_list("code", flat=True)) == {"A", "C"}


def test_a_portion_asks_for_the_same_few_queries_whatever_its_size() -> None:
    sink = BrandSink(make_brand(), make_warehouse(), None, wiring.assets(), lambda _pks: None)
    with CaptureQueriesContext(connection) as few:
        sink.put(*(product(f"A{n}") for n in range(3)))
    with CaptureQueriesContext(connection) as many:
        sink.put(*(product(f"B{n}") for n in range(60)))
    assert len(many) == len(few)


def test_what_is_to_follow_is_marked_with_the_change_itself(tmp_path: Path) -> None:
    """So a process that is killed before it queues the task leaves work for the sweep."""
    bring_in(make_brand(), tmp_path, RING)
    assert Product.objects.get().relist_needed_at is not None


def test_an_address_that_is_changed_leads_on(tmp_path: Path) -> None:
    first, second = make_product(slug="first"), make_product(slug="second")
    change_slug(first, "newer")
    assert FormerSlug.objects.get().slug == "first"
    with pytest.raises(InvalidRequest):
        change_slug(second, "first")
    change_slug(first, "first")
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["newer"]


# --- prices that move -------------------------------------------------------------------------


def _fixed() -> str:
    return str(ProductVariant.objects.get().price_formula["fixed"])


def test_a_price_that_moves_too_far_is_held_and_the_rest_goes_on(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    report = bring_in(brand, tmp_path, {**RING, "name_en": "Lion", "fixed_price": 1280})
    (move,) = report.moves
    assert (move.sku, move.before, move.after, str(move.percent)) == (
        "LION-1", "12800.00 CNY", "1280.00 CNY", "-90.0",
    )  # fmt: skip
    assert (_fixed(), Product.objects.get().names) == ("12800", {"en": "Lion"})


def test_a_held_price_is_asked_about_until_it_is_confirmed(tmp_path: Path) -> None:
    brand = make_brand()
    cheaper = {**RING, "fixed_price": 1280}
    bring_in(brand, tmp_path, RING)
    assert len(bring_in(brand, tmp_path, cheaper).moves) == 1
    assert len(bring_in(brand, tmp_path, cheaper).moves) == 1
    assert bring_in(brand, tmp_path, cheaper, accepted_moves=frozenset({"LION-1"})).moves == ()
    assert _fixed() == "1280"


def test_a_weight_that_moves_the_price_too_far_is_held_with_it(tmp_path: Path) -> None:
    brand = make_brand()
    gold = row(making_kind="per-gram", making=60, grams=3.2)
    bring_in(brand, tmp_path, gold)
    assert len(bring_in(brand, tmp_path, {**gold, "grams": 32}).moves) == 1
    assert ProductVariant.objects.get().passport["metals"][0]["grams"] == "3.2"


def test_a_price_in_another_currency_is_compared_by_the_rates(tmp_path: Path) -> None:
    brand = make_brand()
    bring_in(brand, tmp_path, RING)
    same = {**RING, "currency": "USD", "fixed_price": 1792}
    assert bring_in(brand, tmp_path, same).moves == ()
    assert len(bring_in(brand, tmp_path, {**same, "currency": "HKD"}).moves) == 1


def test_a_brand_may_have_its_own_bound(tmp_path: Path) -> None:
    brand = make_brand(price_move_percent=5)
    bring_in(brand, tmp_path, RING)
    assert len(bring_in(brand, tmp_path, {**RING, "fixed_price": 13_900}).moves) == 1


def test_a_brand_that_sells_at_metal_value_says_so_once(tmp_path: Path) -> None:
    bare = row(margin_percent=None)
    _, refused, _ = planned(make_brand(), tmp_path, bare)
    assert [problem.code for problem in refused.result.errors] == ["no_price"]
    report = bring_in(make_brand(sells_at_metal_value=True), tmp_path, bare)
    assert report.created == ("LION",)
