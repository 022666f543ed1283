"""Size pictures: everything on them measures what it measures in the world."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from showroom.hole import find
from showroom.materials import UnknownMaterial, load
from showroom.poster import hand as hands
from showroom.poster import scale
from showroom.poster.depth import seen
from showroom.poster.likeness import draw
from showroom.poster.scale import SizePicture, SizePictures
from showroom.poster.sheet import INK, PAPER
from showroom.scene import Scene
from tests.showroom.small_pieces import pendant, plain_ring, set_ring


def pixels(picture: SizePicture) -> NDArray[np.float64]:
    """The PNG, 0 to 255."""
    return np.asarray(Image.open(picture.png).convert("RGB")).astype(np.float64)


def golden(picture: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the piece is, but for its darkest edge: it alone has colour."""
    return picture[..., 0] - picture[..., 2] > 40


def across(where: NDArray[np.bool_]) -> int:
    """Pixels from the first column to the last."""
    columns = np.flatnonzero(where.any(0))
    return int(columns[-1] - columns[0] + 1)


def test_a_likeness_is_as_large_as_the_piece() -> None:
    drawn = draw(plain_ring(), load(), None, 20.0)
    there = drawn.pixels[..., 3] > 127
    assert across(there) / drawn.scale == pytest.approx(19.6, abs=0.06)
    assert across(there.T) / drawn.scale == pytest.approx(2.4, abs=0.06)


def test_every_coin_and_every_hand_has_a_size_and_a_source() -> None:
    folder = Path(scale.__file__).parent
    raw = tomllib.loads((folder / "coins.toml").read_text("utf-8"))
    assert {"usd", "gbp", "eur", "jpy", "aed", "hkd"} <= set(scale.coins())
    assert scale.coins()["eur"].diameter == 23.25
    assert all(16 < coin.diameter < 30 for coin in scale.coins().values())
    assert all(one["source"] and one["url"] and one["checked"] for one in raw.values())
    hand = tomllib.loads((folder / "hand.toml").read_text("utf-8"))
    for facts in (*hand["means"], hand["proportions"]):
        assert {"source", "url", "checked", "state"} <= set(facts)


def test_piece_and_coin_have_their_millimetres(tmp_path: Path) -> None:
    made = SizePictures(plain_ring(), kind="ring").coin("usd", width=600, out=tmp_path / "usd")
    picture = pixels(made)
    assert across(golden(picture)) / made.pixels_per_mm == pytest.approx(19.6, abs=0.15)
    inked = np.abs(picture - INK).max(-1) < 40
    beside = round((7 + 19.6 + 5) * made.pixels_per_mm)
    upper = inked[: made.height - round(14 * made.pixels_per_mm), beside:]
    assert across(upper) / made.pixels_per_mm == pytest.approx(24.26, abs=0.25)


def test_coins_are_drawn_to_one_scale_and_the_piece_once(tmp_path: Path) -> None:
    pictures = SizePictures(plain_ring(), kind="ring")
    usd, aed, unknown = (
        pictures.coin(name, width=300, out=tmp_path / name) for name in ("usd", "aed", "xts")
    )
    assert usd.pixels_per_mm == aed.pixels_per_mm
    assert usd.width > aed.width
    euro = pictures.coin("eur", width=300, out=tmp_path / "eur")
    assert unknown.png.read_bytes() == euro.png.read_bytes()


def test_a_ring_sits_on_the_ring_finger_which_fills_it(tmp_path: Path) -> None:
    ring = plain_ring()
    made = SizePictures(ring, kind="ring").hand(find(ring), width=700, out=tmp_path / "hand")
    where = golden(pixels(made))
    assert across(where) / made.pixels_per_mm == pytest.approx(19.6, abs=0.5)
    rows, columns = np.nonzero(where)
    hand = hands.fitting(ring_mm=16.4)
    (x, y), _ = hand.ring_at()
    middle, foot = made.width / 2, made.height
    assert columns.mean() < middle  # a left hand from behind: the ring finger is left of the middle
    assert rows.mean() < 0.6 * foot
    # The finger's two lines meet the ring: at its height nothing but the ring is drawn there.
    grid = np.meshgrid(x + np.linspace(-30, 30, 601), [y])
    inside = hand.outline(grid[0], grid[1], ring_mm=16.4)[0] < 0
    assert inside[300]
    runs = np.flatnonzero(np.diff(inside.astype(int)))
    left, right = max(runs[runs < 300]), min(runs[runs >= 300])
    assert (right - left) / 10 == pytest.approx(16.4 - 0.3, abs=0.4)


def test_a_hand_has_the_lengths_that_were_measured() -> None:
    smaller, larger = hands.hands()
    for hand, length in ((smaller, 181.1), (larger, 193.3)):
        y = np.linspace(-20, 220, 2401)
        x = np.full_like(y, hand.fingers["middle"].joints[-1][0])
        inside = hand.outline(x[None], y[None])[0] < 0
        assert y[inside].max() == pytest.approx(length, abs=0.6)
        level = hand.fingers["little"].root[1] - 12
        x = np.linspace(-70, 30, 1001)
        west = x[hand.outline(x[None], np.full((1, 1001), level))[0] < 0].min()
        assert -west == pytest.approx(hand.breadth / 2, abs=2.0)
    assert hands.fitting(ring_mm=16.5) is smaller
    assert hands.fitting(ring_mm=21.0) is larger


def test_a_pendant_lies_beside_the_hand(tmp_path: Path) -> None:
    made = SizePictures(pendant(), kind="pendant", alloy="gold-750-yellow").hand(
        None, width=700, out=tmp_path / "hand"
    )
    where = golden(pixels(made))
    assert across(where) / made.pixels_per_mm == pytest.approx(20.0, abs=0.3)
    assert np.nonzero(where)[1].max() < 0.35 * made.width


def test_a_bangle_goes_around_the_wrist(tmp_path: Path) -> None:
    wide = plain_ring().transformed(np.diag([3.4, 3.4, 3.4, 1.0]))
    pictures = SizePictures(wide, kind="bangle")
    made = pictures.hand(find(wide), width=700, out=tmp_path / "hand")
    rows, columns = np.nonzero(golden(pixels(made)))
    assert rows.mean() > 0.6 * made.height
    assert (columns.max() - columns.min()) / made.pixels_per_mm == pytest.approx(66.6, abs=1.6)


def test_a_ruby_is_red_from_above_and_a_diamond_has_contrast(tmp_path: Path) -> None:
    ruby, diamond = (
        pixels(SizePictures(set_ring(stone), kind="ring").hand(
            find(set_ring(stone), ("metal",)), width=900, out=tmp_path / stone
        ))
        for stone in ("ruby", "diamond")
    )  # fmt: skip
    red = (ruby[..., 0] > 2 * ruby[..., 1]) & (ruby[..., 0] > 2 * ruby[..., 2])
    assert red.sum() > 150
    assert np.ptp(diamond[red].mean(-1)) > 60


def test_the_same_piece_gives_the_same_bytes_and_an_unknown_alloy_nothing(tmp_path: Path) -> None:
    first, second = (
        SizePictures(set_ring(), kind="ring").coin("eur", width=200, out=tmp_path / name)
        for name in ("first", "second")
    )
    assert first.png.read_bytes() == second.png.read_bytes()
    assert first.webp.read_bytes() == second.webp.read_bytes()
    with pytest.raises(UnknownMaterial):
        SizePictures(plain_ring(), alloy="gold-800")


def test_the_nearer_triangle_is_seen_and_paper_where_there_is_none() -> None:
    low = [[0, 0, 1], [8, 0, 1], [0, 8, 1]]
    high = [[2, 2, 5], [6, 2, 5], [2, 6, 5]]
    view = seen(np.array([low, high], float), 8, 8)
    assert view.face[0, 0] == 0
    assert view.face[2, 2] == 1
    assert view.face[7, 7] == -1
    assert view.height[2, 2] == pytest.approx(5)
    assert view.weights[2, 2].sum() == pytest.approx(1)


def test_a_fine_surface_has_no_holes() -> None:
    x, z = np.meshgrid(np.linspace(1.3, 58.7, 90), np.linspace(1.1, 59.1, 90), indexing="ij")
    points = np.stack([x, z, 5 * np.sin(x / 9) * np.cos(z / 7)], axis=-1)
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    quads = np.stack([np.stack([a, b, c], axis=2), np.stack([a, c, d], axis=2)])
    view = seen(quads.reshape(-1, 3, 3), 60, 60)
    assert (view.face[2:58, 2:58] >= 0).all()


def test_an_empty_sheet_is_the_posters_paper(tmp_path: Path) -> None:
    made = SizePictures(plain_ring(), kind="ring").coin("eur", width=200, out=tmp_path / "eur")
    assert pixels(made)[0, 0].tolist() == list(PAPER)


def test_a_scene_of_stones_alone_is_drawn(tmp_path: Path) -> None:
    scene = set_ring("diamond")
    loose = Scene(scene.geometries, scene.parts[1:], unit="m", up="y")
    made = SizePictures(loose).coin("eur", width=300, out=tmp_path / "loose")
    assert made.png.stat().st_size > 0
