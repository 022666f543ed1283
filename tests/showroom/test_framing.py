"""Framing: which pictures are cut from one another, and which tiles of them are traced twice."""

from __future__ import annotations

import numpy as np
import pytest

from showroom.poster.framing import View, cloud, lay, middle, views, windows
from showroom.poster.pose import project
from showroom.scene import Scene
from tests.showroom.small_pieces import pendant, plain_ring

SQUARE, TALL = (64, 64), (64, 80)


def shown(scene: Scene) -> tuple[list[View], list[int]]:
    """The views of a square and a tall picture."""
    laid, how = lay(scene)
    return views(cloud(laid), how, [SQUARE, TALL])


def test_the_square_is_cut_from_the_tall_picture_of_a_ring() -> None:
    made, whose = shown(plain_ring())
    assert [view.size for view in made] == [TALL]
    assert whose == [0, 0]


def test_sizes_of_different_width_are_traced_each() -> None:
    laid, how = lay(plain_ring())
    made, whose = views(cloud(laid), how, [(64, 64), (96, 120)])
    assert sorted(view.size for view in made) == [(64, 64), (96, 120)]
    assert made[whose[0]].size == (64, 64)


def test_the_middle_is_as_far_from_the_top_as_from_the_bottom() -> None:
    picture = np.arange(80, dtype=np.uint8)[:, None, None].repeat(64, 1).repeat(3, 2)
    assert middle(picture, SQUARE).shape == (64, 64, 3)
    assert middle(picture, SQUARE)[[0, -1], 0, 0].tolist() == [8, 71]


@pytest.mark.parametrize("scene", [plain_ring(), pendant()])
def test_every_point_of_the_piece_lies_in_a_window_and_some_paper_does_not(scene: Scene) -> None:
    made, _ = shown(scene)
    view = View("large", made[0].camera, (640, 800))
    laid, _ = lay(scene)
    placed = [(positions, faces) for _, positions, faces, _ in laid.placed()]
    metal, stones = windows(view, placed, ())
    assert stones == []
    assert sum(w * h for _, _, w, h in metal) < 0.75 * 640 * 800
    covered = np.zeros((800, 640), bool)
    for left, top, across, down in metal:
        covered[top : top + down, left : left + across] = True
    x, y = project(cloud(laid), view.camera, *view.size).T.astype(int)
    assert covered[y, x].all()


def test_windows_of_metal_and_of_stones_never_overlap() -> None:
    made, _ = shown(plain_ring())
    laid, _ = lay(plain_ring())
    placed = [(positions, faces) for _, positions, faces, _ in laid.placed()]
    view = View("large", made[0].camera, (640, 800))
    metal, stones = windows(view, placed, placed)
    times = np.zeros((800, 640), int)
    for left, top, across, down in (*metal, *stones):
        times[top : top + down, left : left + across] += 1
    assert times.max() == 1
