"""How a piece is laid and framed: no tracing needed."""

from __future__ import annotations

import numpy as np
import pytest

from showroom.poster import pose
from showroom.poster.framing import cloud, lay
from showroom.scene import Scene
from tests.showroom.small_pieces import pendant, plain_ring, set_ring


def lying(scene: Scene) -> Scene:
    """The scene tipped onto its back."""
    tip = np.eye(4)
    tip[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    return scene.transformed(tip)


def test_a_ring_stands_a_pendant_is_laid_and_a_lying_ring_stays() -> None:
    assert lay(plain_ring())[1] is pose.Pose.STANDING
    assert lay(set_ring())[1] is pose.Pose.STANDING
    assert lay(pendant())[1] is pose.Pose.LAID
    assert lay(lying(plain_ring()))[1] is pose.Pose.FLAT


def test_a_ring_has_a_hole_and_a_pendant_has_none() -> None:
    assert pose.has_hole(cloud(plain_ring()))
    assert pose.has_hole(cloud(set_ring()))
    assert not pose.has_hole(cloud(pendant()))


@pytest.mark.parametrize("scene", [plain_ring(), set_ring(), pendant(), lying(plain_ring())])
def test_a_laid_piece_rests_on_the_floor_in_the_middle(scene: Scene) -> None:
    low, high = lay(scene)[0].bounds()
    assert low[1] == pytest.approx(0, abs=1e-6)
    assert (low + high)[[0, 2]] == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("size", [(400, 400), (400, 500), (800, 200)])
@pytest.mark.parametrize("scene", [plain_ring(), set_ring(), pendant(), lying(plain_ring())])
def test_the_frame_holds_the_whole_piece_in_its_middle(scene: Scene, size: tuple[int, int]) -> None:
    laid, how = lay(scene)
    points = cloud(laid)
    camera = pose.aim(points, how, size[0] / size[1])
    seen = pose.project(points, camera, *size)
    used = np.ptp(seen, axis=0) / size
    assert used.max() == pytest.approx(pose.FILL, abs=0.02)
    assert (seen.min(0) + seen.max(0)) / 2 == pytest.approx(np.array(size) / 2, abs=3)


def test_turning_the_camera_walks_around_the_piece() -> None:
    points = cloud(plain_ring())
    front = pose.aim(points, pose.Pose.STANDING, 1.0)
    behind = pose.aim(points, pose.Pose.STANDING, 1.0, turn=180)
    assert front.position[2] > 0 > behind.position[2]
    assert front.position[1] == pytest.approx(behind.position[1], rel=0.05)
