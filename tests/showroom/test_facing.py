"""Pieces stand as a shopper would see them, however their program had turned them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from showroom import sandbox
from showroom.atelier import piece, write
from showroom.declared import Declared
from showroom.limits import DEFAULTS
from showroom.recipe import recipe
from showroom.scene import Scene
from showroom.steps.orient import orient
from showroom.work import Work

HANGING = [("SM-301", "3dm"), ("SM-301", "obj"), ("LY-301", "stl"), ("CY-301", "3dm")]


def known(code: str, form: str, folder: Path) -> Work:
    _, scene = sandbox.load(write(piece(code), folder, form), DEFAULTS)
    work = Work(scene, folder, Declared(kind=piece(code).kind))
    for step in recipe("known", "units", "weld", "parts").steps:
        work = step.run(work)
    return work


def turned(scene: Scene, about: int, quarters: int) -> Scene:
    one, other = (axis for axis in range(3) if axis != about)
    matrix = np.eye(4)
    for _ in range(quarters):
        quarter = np.eye(4)
        quarter[[one, other]] = quarter[[other, one]]
        quarter[one] *= -1
        matrix = quarter @ matrix
    return scene.transformed(matrix)


def bail_of(scene: Scene) -> float:
    """Height of the bail over the middle of the piece."""
    middle = np.concatenate([points for _, points, _, _ in scene.placed()]).mean(0)
    bails = [points.mean(0) for part, points, _, _ in scene.placed() if "bail" in part.name]
    return float((np.mean(bails, axis=0) - middle)[1])


@pytest.mark.parametrize(("about", "quarters"), [(0, 0), (0, 1), (0, 2), (1, 1), (2, 2)])
def test_a_pendant_hangs_by_its_bail_and_faces_us_however_it_was_turned(
    about: int, quarters: int, tmp_path: Path
) -> None:
    work = known("SM-301", "3dm", tmp_path)
    lost = work.with_scene(turned(work.scene, about, quarters))
    found = orient(lost).scene
    expected = orient(work).scene
    np.testing.assert_allclose(found.extents(), expected.extents(), atol=1e-6)
    assert bail_of(found) > 0.008
    np.testing.assert_allclose(centre_of_stones(found), centre_of_stones(expected), atol=1e-5)


def centre_of_stones(scene: Scene) -> np.ndarray:
    everything = np.concatenate([points for _, points, _, _ in scene.placed()])
    stones = [points.mean(0) for part, points, _, _ in scene.placed() if "eyes" in part.name]
    return np.mean(stones, axis=0) - (everything.max(0) + everything.min(0)) / 2


@pytest.mark.parametrize(("code", "form"), HANGING)
def test_a_pendant_is_higher_than_deep_in_every_format(
    code: str, form: str, tmp_path: Path
) -> None:
    width, height, depth = orient(known(code, form, tmp_path)).scene.extents()
    assert height > depth
    assert width > depth


def test_studs_show_their_stones_and_hide_their_posts(tmp_path: Path) -> None:
    scene = orient(known("LY-201", "obj", tmp_path)).scene
    everything = np.concatenate([points for _, points, _, _ in scene.placed()])
    stones = [points for part, points, _, _ in scene.placed() if part.name.startswith("stone")]
    assert np.mean(np.concatenate(stones)[:, 2]) > everything[:, 2].mean()
