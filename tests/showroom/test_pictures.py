"""The pictures of a build: which files, of which kind, and the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from showroom.atelier import piece, write
from showroom.declared import Declared
from showroom.pipeline import HERO, QUICK, STANDARD, build
from showroom.report import Report
from showroom.steps.posters import Picture

pytestmark = pytest.mark.slow

TINY = (
    HERO.with_options(
        "posters", pictures=(Picture("square", 32, 32), Picture("tall", 32, 40)), samples=2
    )
    .with_options("comparison", currencies=("jpy",), coin_width=48, hand_width=64)
    .with_options("turntable", frames=4, side=24, samples=2)
)
SOLD = Declared(kind="ring", alloys=("gold-750-yellow", "platinum-950"))
PICTURES = ("poster", "size", "sprite", "turntable")


def built(folder: Path, name: str) -> Report:
    """A small ring with all its pictures."""
    return build(write(piece("LY-104"), folder, "glb"), folder / name, recipe=TINY, declared=SOLD)


@pytest.mark.long
def test_a_hero_has_every_picture_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = built(tmp_path, "first"), built(tmp_path, "second")
    shown = [output for output in first.outputs if output.kind in PICTURES]
    assert [(o.path, o.alloy, o.variation) for o in shown] == [
        ("poster-gold-750-yellow-square.webp", "gold-750-yellow", ""),
        ("poster-gold-750-yellow-square.png", "gold-750-yellow", ""),
        ("poster-gold-750-yellow-tall.webp", "gold-750-yellow", ""),
        ("poster-gold-750-yellow-tall.png", "gold-750-yellow", ""),
        ("poster-platinum-950-square.webp", "platinum-950", ""),
        ("poster-platinum-950-square.png", "platinum-950", ""),
        ("poster-platinum-950-tall.webp", "platinum-950", ""),
        ("poster-platinum-950-tall.png", "platinum-950", ""),
        ("scale-jpy.webp", "gold-750-yellow", "jpy"),
        ("scale-jpy.png", "gold-750-yellow", "jpy"),
        ("scale-hand.webp", "gold-750-yellow", "hand"),
        ("scale-hand.png", "gold-750-yellow", "hand"),
        ("turntable-sprite.webp", "gold-750-yellow", "2x2"),
        ("turntable-turn.webp", "gold-750-yellow", ""),
    ]
    assert [o.data for o in first.outputs] == [o.data for o in second.outputs]
    with Image.open(tmp_path / "first" / "turntable-sprite.webp") as sprite:
        assert sprite.size == (48, 48)


def test_every_recipe_with_pictures_has_size_pictures() -> None:
    for recipe in (STANDARD, QUICK, HERO):
        assert "comparison" in [step.name for step in recipe.steps]
