"""The library of materials: complete, sourced, in gamut, in the right order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from i18n.metals import ALLOYS
from i18n.passport import STONE_KINDS
from showroom.materials import MetalMaterial, Optics, StoneMaterial, UnknownMaterial, load, surfaces

FINISHES = ("polished", "satin", "brushed", "hammered", "antique")
LIBRARY = load()


def redness(code: str) -> float:
    """Red against green in the light that a metal gives back."""
    red, green, _ = LIBRARY.alloy(code).base_color
    return red / green


def yellowness(code: str) -> float:
    """Green against blue."""
    _, green, blue = LIBRARY.alloy(code).base_color
    return green / blue


@pytest.mark.parametrize("finish", FINISHES)
@pytest.mark.parametrize("code", ALLOYS)
def test_every_alloy_comes_in_every_finish(code: str, finish: str) -> None:
    metal = LIBRARY.alloy(code, finish)
    assert metal.code == code
    assert metal.finish.name == finish
    assert metal.metallic == 1.0
    assert 0 <= metal.roughness <= 1


@pytest.mark.parametrize("kind", STONE_KINDS)
def test_every_stone_of_the_passport_is_there(kind: str) -> None:
    stone = LIBRARY.stone(kind)
    assert stone.kind == kind
    assert 1.3 < stone.ior < 2.8
    assert 1.0 < stone.density_g_cm3 < 7.0


@pytest.mark.parametrize("material", [*LIBRARY.alloys.values(), *LIBRARY.stones.values()])
def test_every_value_names_its_source(material: MetalMaterial | StoneMaterial) -> None:
    assert "density" in material.origins
    for origin in material.origins.values():
        assert origin.source.title
        assert origin.source.url
        assert origin.source.checked.year >= 2026


def test_every_source_is_used_by_some_value() -> None:
    materials = [*LIBRARY.alloys.values(), *LIBRARY.stones.values(), *LIBRARY.finishes.values()]
    used = {origin.source.title for item in materials for origin in item.origins.values()}
    unused = {key for key, source in LIBRARY.sources.items() if source.title not in used}
    assert unused <= {"physically-based", "weaver-rhodium"}  # those two feed the pure metals


@pytest.mark.parametrize("code", ALLOYS)
def test_metal_colours_stay_in_gamut_and_follow_from_the_index(code: str) -> None:
    metal = LIBRARY.alloy(code)
    assert all(0 < channel <= 1 for channel in metal.base_color)
    given_back = surfaces.reflectance(np.array(metal.eta), np.array(metal.k))
    assert given_back == pytest.approx(metal.base_color, abs=1e-4)


def test_rose_gold_is_redder_than_yellow_and_yellow_than_white() -> None:
    for karat in ("gold-750", "gold-585"):
        rose, yellow, white = (f"{karat}-{colour}" for colour in ("rose", "yellow", "white"))
        assert redness(rose) > redness(yellow) > redness(white)


def test_more_gold_is_yellower_and_heavier() -> None:
    by_fineness = ["gold-999", "gold-916", "gold-750-yellow", "gold-585-yellow", "gold-375-yellow"]
    for finer, coarser in pairwise(by_fineness):
        assert yellowness(finer) > yellowness(coarser)
        assert LIBRARY.alloy(finer).density_g_cm3 > LIBRARY.alloy(coarser).density_g_cm3


def test_platinum_is_greyer_than_silver_and_heavier_than_gold() -> None:
    platinum, silver = LIBRARY.alloy("platinum-950"), LIBRARY.alloy("silver-925")
    assert max(platinum.base_color) < min(silver.base_color)
    assert platinum.density_g_cm3 == 20.7


def test_diamond_bends_blue_more_than_red_by_its_published_dispersion() -> None:
    diamond = LIBRARY.stone("diamond")
    assert diamond.index_at(589.3) == pytest.approx(2.417)
    assert diamond.index_at(430.8) - diamond.index_at(686.7) == pytest.approx(0.044)
    assert diamond.abbe == pytest.approx(56.9, abs=2.5)


def test_a_ruby_lets_red_through_and_eats_green() -> None:
    red, green, blue = LIBRARY.stone("ruby").absorption_per_mm
    assert red < 0.1 < blue < green
    assert np.exp(-red * 4) == pytest.approx(0.80, abs=0.005)


@pytest.mark.parametrize("kind", [k for k, s in LIBRARY.stones.items() if s.dispersion])
def test_only_clear_stones_spread_light(kind: str) -> None:
    assert LIBRARY.stone(kind).optics is Optics.FACETED


@pytest.mark.parametrize("kind", STONE_KINDS)
def test_only_translucent_stones_scatter_light_inside(kind: str) -> None:
    stone = LIBRARY.stone(kind)
    assert (stone.scatter_mm > 0) == (stone.optics is Optics.TRANSLUCENT)


def test_an_unknown_code_says_what_there_is() -> None:
    with pytest.raises(UnknownMaterial, match="gold-800") as refusal:
        LIBRARY.alloy("gold-800")
    assert "gold-750-yellow" in refusal.value.hint
    with pytest.raises(UnknownMaterial, match="mirror"):
        LIBRARY.alloy("gold-999", "mirror")
    with pytest.raises(UnknownMaterial):
        LIBRARY.stone("kryptonite")


@pytest.mark.parametrize("target", ["web", "ar", "usd"])
@pytest.mark.parametrize("code", [*ALLOYS, *STONE_KINDS])
def test_gltf_factors_are_in_range_for_every_reader(code: str, target: str) -> None:
    material = LIBRARY.gltf(code, target=target)  # type: ignore[arg-type]
    core = material["pbrMetallicRoughness"]
    assert len(core["baseColorFactor"]) == 4
    assert all(0 <= channel <= 1 for channel in core["baseColorFactor"])
    assert 0 <= core["metallicFactor"] <= 1
    assert 0 <= core["roughnessFactor"] <= 1
    assert material["extras"]["pavilion"]["kind"] == code


@pytest.mark.parametrize("code", [*ALLOYS, *STONE_KINDS])
def test_android_gets_no_extension(code: str) -> None:
    assert "extensions" not in LIBRARY.gltf(code, target="ar")


def test_a_web_sapphire_carries_the_gem_extensions_and_a_diamond_is_no_window() -> None:
    whole = LIBRARY.gltf("sapphire")
    red, _, blue, _ = whole["pbrMetallicRoughness"]["baseColorFactor"]
    assert blue > 10 * red
    sapphire = whole["extensions"]
    assert sapphire["KHR_materials_ior"] == {"ior": 1.766}
    assert sapphire["KHR_materials_volume"] == {"thicknessFactor": pytest.approx(0.004)}
    assert sapphire["KHR_materials_dispersion"]["dispersion"] > 0
    diamond = LIBRARY.gltf("diamond")
    assert "KHR_materials_transmission" not in diamond["extensions"]
    assert diamond["pbrMetallicRoughness"]["metallicFactor"] == 1.0


def test_thick_jade_is_darker_than_what_comes_through_it_and_opal_stays_bright() -> None:
    for kind, least, most in (("jadeite", 0.3, 0.5), ("opal", 0.7, 1.0), ("coral", 1.0, 1.0)):
        stone = LIBRARY.stone(kind)
        assert least <= stone.body_color[1] / stone.color[1] <= most
