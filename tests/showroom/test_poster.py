"""Posters of small pieces: something is there, in the middle, whole, of the right colour."""

from __future__ import annotations

import colorsys
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

from showroom.materials import UnknownMaterial
from showroom.poster import Poster, PosterFailed, render, render_each, session
from showroom.scene import Scene
from tests.showroom.small_pieces import plain_ring, set_ring

pytestmark = pytest.mark.slow
SIZE = (144, 144)


def shot(scene: Scene, out: Path, alloy: str | None = None) -> Poster:
    """A small poster, quick and a little noisy."""
    return render(scene, alloy=alloy, size=SIZE, samples=4, out=out)


def pixels(poster: Poster) -> NDArray[np.float64]:
    """The PNG as sRGB from 0 to 1."""
    return np.asarray(Image.open(poster.png).convert("RGB"), dtype=np.float64) / 255


def piece(picture: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the picture shows colour: the piece and not the paper."""
    return np.ptp(picture, axis=-1) > 0.16


def hue(picture: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    """The hue of the mean colour there, in degrees."""
    red, green, blue = picture[where].mean(0)
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


def test_a_gold_ring_is_in_the_middle_whole_and_golden(tmp_path: Path) -> None:
    picture = pixels(shot(plain_ring(), tmp_path / "ring", "gold-750-yellow"))
    gold = piece(picture)
    rows, columns = np.nonzero(gold)
    assert 0.05 < gold.mean() < 0.5
    assert (rows.min() + rows.max()) / 2 == pytest.approx(SIZE[1] / 2, abs=12)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(SIZE[0] / 2, abs=12)
    assert min(rows.min(), columns.min()) > 5
    assert max(rows.max(), columns.max()) < SIZE[0] - 6
    assert 32 < hue(picture, gold) < 54


def test_the_paper_is_a_warm_white_and_the_gold_has_dark_edges(tmp_path: Path) -> None:
    picture = pixels(shot(plain_ring(), tmp_path / "ring"))
    corner = picture[:12, :12].mean((0, 1))
    assert corner.min() > 0.85
    assert corner.max() < 1.0
    assert corner[0] >= corner[1] >= corner[2]
    assert picture.min(-1).min() < 0.2


def test_no_noise_is_left_on_the_paper_around_the_piece(tmp_path: Path) -> None:
    poster = render(plain_ring(), size=(512, 512), samples=9, out=tmp_path / "ring")
    grey = pixels(poster).mean(-1) * 255
    flat = maximum_filter(grey, 9) - minimum_filter(grey, 9) < 24
    grain = uniform_filter(np.abs(grey - uniform_filter(grey, 3)) * flat, 16)
    assert grain.max() < 1.3  # of 255; noise that the denoiser takes for a texture has more


def test_rose_is_redder_than_yellow_and_platinum_has_no_hue(tmp_path: Path) -> None:
    yellow = pixels(shot(plain_ring(), tmp_path / "yellow", "gold-750-yellow"))
    rose = pixels(shot(plain_ring(), tmp_path / "rose", "gold-750-rose"))
    platinum = pixels(shot(plain_ring(), tmp_path / "platinum", "platinum-950"))
    assert hue(rose, piece(rose)) < hue(yellow, piece(yellow)) - 8
    assert piece(platinum).mean() < 0.02


def test_a_ruby_is_red_not_black(tmp_path: Path) -> None:
    picture = pixels(shot(set_ring("ruby"), tmp_path / "ruby", "platinum-950"))
    red = piece(picture)
    assert red.mean() > 0.01
    assert hue(picture, red) > 330 or hue(picture, red) < 15
    assert picture[red][:, 0].mean() > 0.4


def test_jade_is_green_and_light_gets_through_it(tmp_path: Path) -> None:
    picture = pixels(shot(set_ring("jadeite"), tmp_path / "jade", "platinum-950"))
    green = (picture[..., 1] > picture[..., 0] + 0.06) & (picture[..., 1] > picture[..., 2] + 0.06)
    assert green.mean() > 0.01
    assert 90 < hue(picture, green) < 160
    assert picture[green][:, 1].mean() > 0.3


def test_the_same_scene_gives_the_same_bytes(tmp_path: Path) -> None:
    first = shot(set_ring("diamond"), tmp_path / "first")
    second = shot(set_ring("diamond"), tmp_path / "second")
    assert first.png.read_bytes() == second.png.read_bytes()
    assert first.webp.read_bytes() == second.webp.read_bytes()


def test_one_core_gives_the_bytes_that_two_give(tmp_path: Path) -> None:
    many = shot(set_ring("diamond"), tmp_path / "many")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        one = shot(set_ring("diamond"), tmp_path / "one")
    finally:
        os.sched_setaffinity(0, cores)
    assert one.png.read_bytes() == many.png.read_bytes()


def test_a_square_and_a_tall_poster_show_the_same_light(tmp_path: Path) -> None:
    sizes = {tmp_path / "square": (64, 64), tmp_path / "tall": (64, 80)}
    square, tall = render_each(plain_ring(), sizes, samples=2)
    assert (pixels(tall)[8:72] == pixels(square)).all()


def test_a_poster_comes_as_webp_and_png_in_the_size_asked_for(tmp_path: Path) -> None:
    poster = render(plain_ring(), size=(96, 120), samples=2, out=tmp_path / "tall")
    assert (poster.webp.name, poster.png.name) == ("tall.webp", "tall.png")
    for path, kind in ((poster.webp, "WEBP"), (poster.png, "PNG")):
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == (kind, (96, 120))


def test_an_unknown_alloy_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownMaterial):
        shot(plain_ring(), tmp_path / "ring", "gold-800")
    assert list(tmp_path.iterdir()) == []


def test_a_tracer_out_of_memory_is_reported_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MEMORY_LIMIT", 40 * 2**20)
    with pytest.raises(PosterFailed) as failure:
        shot(plain_ring(), tmp_path / "ring")
    assert failure.value.code == "poster_failed"
    assert not failure.value.permanent
    assert list(tmp_path.iterdir()) == []
