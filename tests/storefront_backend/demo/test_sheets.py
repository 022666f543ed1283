"""The demo's words are complete, and its sheets import without an error."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from catalog_import import check
from showroom.atelier import PIECES, piece
from showroom.atelier.rings import us_diameter
from storefront_backend.demo.sheets import grams, weigh, write_sheet
from storefront_backend.demo.stories import DemoBrand, brands, pieces, pieces_of

BRANDS = pytest.mark.parametrize("brand", brands().values(), ids=lambda brand: brand.code)


def test_every_piece_belongs_to_one_brand() -> None:
    reported = [entry.code for brand in brands().values() for entry in pieces_of(brand)]
    assert sorted(reported) == sorted(design.code for design in PIECES)


@BRANDS
def test_a_brand_tells_its_story_in_two_or_three_paragraphs(brand: DemoBrand) -> None:
    assert {"en", "zh-Hans", "zh-Hant", "ja", "ar"} <= set(brand.name)
    assert {"en", "ar", "zh-Hant", "ja", "de"} <= set(brand.story)
    for language in ("en", "ar"):
        assert len(brand.story[language].split("\n\n")) in (2, 3)


def test_every_piece_is_named_in_six_languages_and_described_in_two() -> None:
    for entry in pieces().values():
        assert {"en", "ar", "zh-Hans", "zh-Hant", "ja", "de"} <= set(entry.name), entry.code
        assert {"en", "ar"} <= set(entry.description), entry.code


def test_what_is_declared_of_stones_is_what_the_solids_hold() -> None:
    for entry in pieces().values():
        held = {stone.kind for stone in piece(entry.code).build().stones}
        assert set(entry.stone) == held, entry.code


def test_a_size_between_weighs_what_it_weighs_when_built() -> None:
    read_off = weigh("LY-101", 7).volume
    built = piece("LY-101").build(inner_diameter=us_diameter(7))
    assert read_off == pytest.approx(sum(built.metal_volumes.values()), rel=0.001)


def test_grams_are_volume_times_density() -> None:
    assert grams(1000.0, "gold-750-yellow") == Decimal("15.53")


@BRANDS
def test_a_sheet_imports_without_an_error_and_has_the_same_bytes_twice(
    brand: DemoBrand, tmp_path: Path
) -> None:
    path = write_sheet(brand, tmp_path / "a")
    for entry in pieces_of(brand):
        (tmp_path / "a" / f"{entry.code}.{entry.file}").write_bytes(b"handed over")
    result = check(path)
    assert [problem for problem in result.problems if problem.code != "unlikely_carat"] == []
    assert len(result.products) == len(pieces_of(brand))
    assert all(1 <= len(product.variants) <= 12 for product in result.products)
    assert path.read_bytes() == write_sheet(brand, tmp_path / "b").read_bytes()
