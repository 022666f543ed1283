"""Turntables and size pictures: whole, steady, to scale."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from showroom.materials import load
from showroom.poster import pose, scale, turntable
from showroom.poster.framing import cloud, lay
from showroom.poster.shapes import material_of
from showroom.scene import Scene
from tests.showroom.small_pieces import pendant, plain_ring


def angles(scene: Scene, frames: int) -> np.ndarray:
    """Where the camera stands around the piece in each frame, in degrees."""
    laid, how = lay(scene)
    cameras = turntable.cameras(cloud(laid), how, 1.0, frames)
    return np.array([np.degrees(np.arctan2(c.position[0], c.position[2])) for c in cameras])


def test_a_ring_turns_once_around_in_even_steps() -> None:
    steps = np.diff(np.unwrap(angles(plain_ring(), 24), period=360))
    assert steps == pytest.approx([15.0] * 23)


def test_a_pendant_swings_to_and_fro_and_never_shows_its_back() -> None:
    seen = angles(pendant(), 24)
    assert np.ptp(seen) == pytest.approx(64.0)
    assert seen[0] == pytest.approx(seen[12])


@pytest.mark.parametrize("scene", [plain_ring(), pendant()])
def test_every_frame_holds_the_piece(scene: Scene) -> None:
    laid, how = lay(scene)
    points = cloud(laid)
    for camera in turntable.cameras(points, how, 1.0, 24):
        seen = pose.project(points, camera, 100, 100)
        assert seen.min() > 5
        assert seen.max() < 95


@pytest.mark.slow
def test_the_sprite_is_a_grid_of_frames_and_the_animation_has_them_all(tmp_path: Path) -> None:
    made = turntable.render(plain_ring(), size=(64, 64), frames=6, samples=2, out=tmp_path / "ring")
    assert (made.columns, made.rows, made.frames) == (3, 2, 6)
    with Image.open(made.sprite) as sprite:
        assert sprite.size == (192, 128)
    with Image.open(made.animation) as animation:
        assert getattr(animation, "n_frames", 1) == 6


def test_every_coin_of_the_first_markets_has_a_size_and_a_source() -> None:
    raw = tomllib.loads(Path(scale.__file__).with_name("coins.toml").read_text("utf-8"))
    assert {"usd", "gbp", "eur", "jpy", "aed", "hkd"} <= set(scale.coins())
    assert scale.coins()["eur"].diameter == 23.25
    assert all(16 < coin.diameter < 30 for coin in scale.coins().values())
    assert all(one["source"] and one["url"] and one["checked"] for one in raw.values())


def test_the_coin_lies_beside_the_piece_at_its_own_size() -> None:
    coin = scale.coins()["usd"]
    together, piece_mm = scale.beside(plain_ring(), coin)
    blank = [part for part in together.parts if part.name.startswith("coin")]
    low, high = Scene(together.geometries, tuple(blank)).bounds() * 1000
    assert piece_mm == pytest.approx((19.6, 19.6), abs=0.02)
    assert high[0] - low[0] == pytest.approx(24.26, abs=0.01)
    assert low[0] == pytest.approx(19.6 / 2 + 7, abs=0.02)
    assert low[1] == pytest.approx(0, abs=1e-6)


def test_a_coin_keeps_its_metal_whatever_the_ring_is_sold_in() -> None:
    together, _ = scale.beside(plain_ring(), scale.coins()["jpy"])
    drawn = {p.name: material_of(p, load(), "gold-750-rose") for p in together.parts}
    assert drawn == {"band": "gold-750-rose", "coin 0": "palladium-950"}


@pytest.mark.slow
def test_the_size_picture_states_its_scale(tmp_path: Path) -> None:
    made = scale.render(plain_ring(), width=200, samples=2, out=tmp_path / "size")
    with Image.open(made.png) as picture:
        assert picture.size == (made.width, made.height)
    across_mm = 7 + 19.6 + 7 + 23.25 + 7
    assert made.pixels_per_mm == pytest.approx(200 / across_mm, rel=0.001)
