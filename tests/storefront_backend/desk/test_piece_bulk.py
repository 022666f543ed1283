"""Pieces changed together: retired after a question, put into a collection, published again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from storefront_backend.catalog.models import Brand, Collection, Product
from tests.builders import make_brand, make_product, make_rates, make_variant
from tests.catalog_import.workbooks import row
from tests.storefront_backend.desk.test_brand_pages import signed_in
from tests.storefront_backend.pricing.imports import PRICED, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PLACE = "/desk/brand/lotus/pieces/publication/"
SHEET = [
    row(
        product_code=code, sku=f"{code}-1", kind="ring", ring_size="US 7", hallmarks="750", **PRICED
    )
    for code in ("R1", "R2")
]


@pytest.fixture
def lotus(tmp_path: Path) -> Brand:
    make_rates()
    lotus = make_brand("lotus")
    bring_in(lotus, tmp_path, *SHEET)
    return lotus


@pytest.fixture
def alice(lotus: Brand) -> Client:
    return signed_in("alice", lotus, "member")


def state(code: str) -> tuple[bool, bool]:
    piece = Product.objects.get(code=code)
    return piece.is_published, piece.variants.filter(is_active=True).exists()


def chosen(*codes: str) -> list[int]:
    return list(Product.objects.filter(code__in=codes).values_list("pk", flat=True))


def test_retiring_is_asked_first_and_takes_the_variants_too(alice: Client) -> None:
    asked = alice.post(PLACE, {"piece": chosen("R1"), "do": "retire"})
    assert "Retire 1 piece?" in asked.content.decode()
    assert state("R1") == (True, True)
    alice.post(PLACE, {"piece": chosen("R1"), "do": "retire", "sure": "1"})
    assert (state("R1"), state("R2")) == ((False, False), (True, True))


@pytest.mark.parametrize("way", ["publish", "sheet"])
def test_a_retired_piece_comes_back(way: str, alice: Client, lotus: Brand, tmp_path: Path) -> None:
    alice.post(PLACE, {"piece": chosen("R1"), "do": "retire", "sure": "1"})
    if way == "publish":
        alice.post(PLACE, {"piece": chosen("R1"), "do": "publish"})
    else:
        bring_in(lotus, tmp_path, *SHEET)
    assert state("R1") == (True, True)


def test_pieces_go_into_a_collection_and_the_same_sheet_changes_nothing(alice: Client) -> None:
    alice.post(PLACE, {"piece": chosen("R1", "R2"), "do": "collect", "collection": " Kapok  red "})
    pieces = Product.objects.filter(code__in=("R1", "R2"))
    assert {piece.collection for piece in pieces} == {Collection.objects.get()}
    assert Collection.objects.get().names == {"en": "Kapok red"}
    assert {piece.draft["collection"] for piece in pieces} == {"Kapok red"}
    alice.post(PLACE, {"piece": chosen("R1"), "do": "collect", "collection": ""})
    assert Product.objects.get(code="R1").collection is None


def test_another_brands_pieces_stay_as_they_are(alice: Client) -> None:
    theirs = make_product(make_brand("crane"))
    make_variant(theirs)
    for do in ("retire", "hide", "collect"):
        alice.post(PLACE, {"piece": [theirs.pk], "do": do, "sure": "1", "collection": "Mine"})
    theirs.refresh_from_db()
    assert (theirs.is_published, theirs.collection) == (True, None)
    assert theirs.variants.filter(is_active=True).exists()


def test_a_translation_older_than_its_original_is_marked(alice: Client) -> None:
    piece = Product.objects.get(code="R1")
    where = f"/desk/brand/lotus/pieces/{piece.pk}/texts/"
    for chinese in ("红棉戒指", "木棉花戒指"):  # the second is a change of the original
        said = {"version": alice.get(where).context["version"], "name_zh_hans": chinese}
        if chinese == "红棉戒指":
            said |= {"name_de": "Kapokring", "description_de": "Von Hand."}
        assert alice.post(where, said).status_code == 302
    texts = alice.get(where).context["texts"]
    states = {text.code: text.state for text in texts}
    assert states["de"] == "stale"
    assert states["zh-Hans"] != "stale"
