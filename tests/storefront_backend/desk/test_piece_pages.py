"""A piece at the desk: passport, texts, photographs, model. alice owns it, charlie does not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client

from storefront_backend.catalog.models import Brand, Product, ProductVariant
from storefront_backend.models3d.models import Build, Model
from storefront_backend.photographs.models import Photograph
from tests.builders import make_brand, make_product, make_rates, make_variant
from tests.catalog_import.workbooks import row
from tests.showroom.photographs.pictures import striped
from tests.storefront_backend.desk.test_brand_pages import signed_in
from tests.storefront_backend.pricing.imports import PRICED, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
RING = row(
    product_code="RING", sku="RING-1", kind="ring", ring_size="US 7", hallmarks="750", **PRICED
)


@pytest.fixture
def lotus() -> Brand:
    make_rates()
    return make_brand("lotus")


@pytest.fixture
def ring(lotus: Brand, tmp_path: Path) -> Product:
    bring_in(lotus, tmp_path, RING, {**RING, "sku": "RING-2", "ring_size": "US 8"})
    return Product.objects.get(code="RING")


@pytest.fixture
def alice(ring: Product) -> Client:
    return signed_in("alice", ring.brand)


def place(product: Product, rest: str) -> str:
    return f"/desk/brand/lotus/pieces/{product.pk}/{rest}"


def passport(product: Product) -> str:
    return place(product, f"passport/{product.variants.get(own_sku='RING-1').pk}/")


def version(client: Client, where: str) -> str:
    return str(client.get(where).context["version"])


def grams(sku: str) -> str:
    return str(ProductVariant.objects.get(own_sku=sku).passport["metals"][0]["grams"])


def test_a_fact_is_changed_as_by_a_sheet_and_its_markets_are_checked_again(
    alice: Client, ring: Product
) -> None:
    Product.objects.update(relist_needed_at=None)
    where = passport(ring)
    said = {"version": version(alice, where), "grams": "4.3 g"}
    assert alice.post(where, said).status_code == 302
    assert (grams("RING-1"), grams("RING-2")) == ("4.3", "4.2")
    ring.refresh_from_db()
    assert ring.relist_needed_at is not None


def test_what_a_sheet_refuses_the_editor_refuses_at_the_field(alice: Client, ring: Product) -> None:
    where = passport(ring)
    page = alice.post(where, {"version": version(alice, where), "grams": "heavy"})
    assert page.status_code == 422
    wrong = next(field for field in page.context["fields"] if field.name == "grams")
    assert wrong.problem.code == "not_a_number"
    assert wrong.value == "heavy"
    assert grams("RING-1") == "4.2"


def test_a_change_made_meanwhile_is_shown_and_never_overwritten(
    alice: Client, ring: Product
) -> None:
    where = passport(ring)
    before = version(alice, where)
    alice.post(where, {"version": before, "grams": "4.3"})
    page = alice.post(where, {"version": before, "grams": "4.1"})
    assert page.status_code == 409
    field = next(field for field in page.context["fields"] if field.name == "grams")
    assert (field.value, field.now) == ("4.1", "4.3")
    assert grams("RING-1") == "4.3"


def test_a_change_is_written_into_every_variant_in_the_alloy_when_asked(
    alice: Client, ring: Product
) -> None:
    where = passport(ring)
    said = {"version": version(alice, where), "hallmarks": "750, HUID", "alike": "1"}
    alice.post(where, said)
    marks = {tuple(each.passport["hallmarks"]) for each in ring.variants.all()}
    assert marks == {("750", "HUID")}


def test_texts_are_written_side_by_side_and_the_missing_ones_marked(
    alice: Client, ring: Product
) -> None:
    where = place(ring, "texts/")
    said = {"version": version(alice, where), "name_zh_hant": "木棉戒指"}
    assert alice.post(where, said).status_code == 302
    page = alice.get(where)
    states = {text.code: text.state for text in page.context["texts"]}
    assert len(states) == 11
    assert (states["en"], states["zh-Hant"], states["ja"]) == ("", "", "missing")
    ring.refresh_from_db()
    assert ring.names["zh-Hant"] == "木棉戒指"


def test_a_hidden_piece_stays_hidden_when_it_is_edited(alice: Client, ring: Product) -> None:
    Product.objects.update(is_published=False)
    where = place(ring, "texts/")
    alice.post(where, {"version": version(alice, where), "name_en": "Kapok ring"})
    ring.refresh_from_db()
    assert (ring.names["en"], ring.is_published) == ("Kapok ring", False)


def test_photographs_are_added_moved_described_and_deleted_without_a_script(
    alice: Client, ring: Product
) -> None:
    files = []
    for shift in (0, 60):
        file = io.BytesIO()
        striped(500, 400, shift).save(file, "JPEG")
        file.seek(0)
        file.name = f"{shift}.jpg"  # type: ignore[attr-defined]
        files.append(file)
    where = place(ring, "photographs/")
    assert alice.post(where, {"files": files}).status_code == 302
    first, second = Photograph.objects.all()
    alice.post(f"{where}{second.pk}/", {"do": "up"})
    alice.post(f"{where}{first.pk}/", {"do": "describe", "alt-en": "From the front"})
    shown = alice.get(where)
    assert [each["row"].pk for each in shown.context["photographs"]] == [second.pk, first.pk]
    assert "From the front" in shown.content.decode()
    alice.post(f"{where}{second.pk}/", {"do": "delete"})
    assert [each.pk for each in Photograph.objects.all()] == [first.pk]


def build_of(product: Product, **report: object) -> Build:
    model, _ = Model.objects.get_or_create(
        product=product,
        defaults={"brand": product.brand, "source_key": "-", "source_bytes": 1,
                  "source_name": "ring.stl"},
    )  # fmt: skip
    number = Build.objects.count()
    return Build.objects.create(model=model, state="done", input_key=str(number), report=report)


PARTS = [{"name": "band", "role": "metal", "material": "", "count": 1, "triangles": 9}]
HEAVY = {
    "name": "weight gold-750-yellow", "outcome": "warn", "found": "5.10 g", "expected": "4.2 g",
    "tolerance": "12 %", "note": "",
}  # fmt: skip


def test_measured_and_declared_are_side_by_side_with_what_to_do(
    alice: Client, ring: Product
) -> None:
    build_of(ring, verdicts=[HEAVY])
    (check,) = alice.get(place(ring, "model/")).context["newest"].checks
    assert (check.found, check.expected) == ("5.10 g", "4.2 g")
    assert str(check.cure).startswith("Weigh the piece.")


def test_a_part_is_said_to_be_something_and_built_again(alice: Client, ring: Product) -> None:
    build_of(ring, parts=PARTS)
    alice.post(place(ring, "model/parts/"), {"part-0": "stone:ruby"})
    model = Model.objects.get()
    assert model.declared["overrides"] == {"band": {"role": "stone", "material": "ruby"}}
    assert Build.objects.filter(state="queued").count() == 1
    alice.post(place(ring, "model/parts/"), {"part-0": ""})
    model.refresh_from_db()
    assert model.declared["overrides"] == {}


def test_two_builds_are_compared_and_the_earlier_one_shown_again(
    alice: Client, ring: Product
) -> None:
    earlier, newest = build_of(ring), build_of(ring)
    page = alice.get(place(ring, f"model/?with={earlier.pk}"))
    assert (page.context["newest"].row, page.context["other"].row) == (newest, earlier)
    alice.post(place(ring, f"model/builds/{earlier.pk}/"), {"do": "show"})
    assert Model.objects.get().current_build == earlier


def test_another_brands_build_photograph_and_variant_are_not_reached(
    alice: Client, ring: Product
) -> None:
    theirs = make_variant(make_product(make_brand("crane")))
    build = build_of(theirs.product)
    photograph = Photograph.objects.create(
        brand=theirs.brand, product=theirs.product, source_name="a.jpg"
    )
    for rest in (f"model/builds/{build.pk}/", f"photographs/{photograph.pk}/"):
        answer = alice.post(place(ring, rest), {"do": "delete"})
        assert answer.status_code == 404
    assert alice.get(place(ring, f"passport/{theirs.pk}/")).status_code == 404
    assert Photograph.objects.filter(pk=photograph.pk).exists()


def test_a_reader_looks_and_changes_nothing(ring: Product) -> None:
    carol = signed_in("carol", ring.brand, "reader")
    where = passport(ring)
    assert carol.post(where, {"version": version(carol, where), "grams": "9"}).status_code == 403
    assert grams("RING-1") == "4.2"


def test_pieces_are_narrowed_by_metal_and_by_what_is_missing(alice: Client, ring: Product) -> None:
    other = make_variant(make_product(ring.brand, code="other"), alloy="silver-925").product

    def found(**wanted: str) -> set[str]:
        page = alice.get("/desk/brand/lotus/pieces/", wanted)
        return {each["row"].product.code for each in page.context["rows"]}

    Photograph.objects.create(brand=ring.brand, product=ring, source_name="a.jpg", state="ready")
    assert found(metal="silver-925") == {other.code}
    assert found(missing="photograph") == {other.code}
    assert found(missing="model") == {ring.code, other.code}
    assert found(missing="stock") == {ring.code}
