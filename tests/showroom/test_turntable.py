"""Turntables: whole and steady."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from showroom.poster import pose, turntable
from showroom.poster.framing import cloud, lay
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
