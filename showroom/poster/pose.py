"""How a piece is laid before the camera, and where the camera stands.

The scene comes as the pipeline leaves it: metres, Y up, front along +Z, on the floor. Rings and
bangles stand; what is thin from front to back (a pendant, a pair of earrings, a chain on a form) is
laid on its back and seen from above; what lies already is seen from above too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]  # (3,)
Cloud = NDArray[np.float64]  # (n, 3)
Matrix = NDArray[np.float64]  # (4, 4)

FIELD_OF_VIEW = 24.0  # degrees across the shorter side: a 100 mm lens on a 42 mm wide sensor
FILL = 0.74  # how much of the frame's width or height the piece takes


class Pose(StrEnum):
    """The ways a piece is shown."""

    STANDING = "standing"
    LAID = "laid"  # turned onto its back
    FLAT = "flat"  # as it lies


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera is and where it looks, in scene units."""

    position: Vector
    target: Vector
    up: Vector
    field_of_view: float = FIELD_OF_VIEW

    @property
    def forward(self) -> Vector:
        """The unit vector it looks along."""
        along = self.target - self.position
        unit: Vector = along / np.linalg.norm(along)
        return unit


# Azimuth from the front towards the piece's left, elevation above the floor, in degrees.
_VIEWS = {Pose.STANDING: (32.0, 27.0), Pose.LAID: (14.0, 61.0), Pose.FLAT: (24.0, 42.0)}
_THIN = 0.42  # thinner than this share of the next side: it does not stand by itself
_HOLE = 0.45  # no metal nearer to the axis than this share of the radius: a finger fits


def choose_pose(points: Cloud, kind: str = "") -> Pose:
    """The pose for a point cloud of the piece (metres, Y up, front +Z)."""
    width, height, depth = np.ptp(points, axis=0)
    if height < _THIN * min(width, depth):
        # Studs point at us with their posts behind: laid on those, they show their faces.
        return Pose.LAID if kind == "earrings" else Pose.FLAT
    if kind in ("ring", "bangle") or has_hole(points):
        return Pose.STANDING
    if kind in ("pendant", "necklace", "chain", "earrings", "brooch", "bracelet"):
        return Pose.LAID if depth < 0.8 * min(width, height) else Pose.STANDING
    return Pose.LAID if depth < _THIN * min(width, height) else Pose.STANDING


def has_hole(points: Cloud) -> bool:
    """Whether a round opening runs through the middle along X or Z, as in a standing ring."""
    for axis in (2, 0):
        across = np.delete(points, axis, axis=1)
        low, high = across.min(0), across.max(0)
        span = high - low
        if span.min() < 0.6 * span.max():
            continue
        # A ring with a tall head has its hole below the middle: the hole's centre is half a
        # width above the floor.
        centre = np.array([(low[0] + high[0]) / 2, low[1] + span[0] / 2])
        if axis == 0:
            centre = np.array([low[0] + span[1] / 2, (low[1] + high[1]) / 2])
        if _round_opening(across - centre, span.min() / 2):
            return True
    return False


def _round_opening(across: NDArray[np.float64], radius: float) -> bool:
    # The nearest point in each of 24 directions: all equally far away around a finger.
    distance = np.linalg.norm(across, axis=1)
    sector = ((np.arctan2(across[:, 1], across[:, 0]) / np.pi + 1) * 12).astype(int) % 24
    nearest = np.full(24, np.inf)
    np.minimum.at(nearest, sector, distance)
    known = nearest[np.isfinite(nearest)]
    return bool(
        len(known) >= 12 and known.min() > _HOLE * radius and known.max() < 1.3 * known.min()
    )


def placement(points: Cloud, pose: Pose) -> Matrix:
    """The 4 × 4 matrix that lays the piece: centred in X and Z, its lowest point at Y = 0."""
    turn = np.eye(4)
    if pose is Pose.LAID:  # front +Z becomes up, the top points away from the camera
        turn[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    turned = points @ turn[:3, :3].T
    low, high = turned.min(0), turned.max(0)
    turn[:3, 3] = -np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    return turn


def aim(points: Cloud, pose: Pose, aspect: float, *, turn: float = 0.0) -> Camera:
    """A camera that has every point in the frame with room around, the piece in the middle.

    `points` are placed already; `aspect` is width / height; `turn` degrees walk the camera around
    the piece.
    """
    azimuth, elevation = _VIEWS[pose]
    a, e = np.radians(azimuth + turn), np.radians(elevation)
    back = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    half = np.tan(np.radians(FIELD_OF_VIEW / 2))
    reach = half * FILL * np.array([max(aspect, 1.0), max(1 / aspect, 1.0)])
    flat = points @ np.stack([right, up], axis=1)
    near = points @ back
    middle = (flat.min(0) + flat.max(0)) / 2
    distance = 0.0
    for _ in range(16):
        distance = float((np.abs(flat - middle) / reach + near[:, None]).max())
        seen = (flat - middle) / (distance - near)[:, None]
        middle = middle + (seen.min(0) + seen.max(0)) / 2 * (distance - near.mean())
    target = middle[0] * right + middle[1] * up
    return Camera(target + back * distance, target, up)


def project(points: Cloud, camera: Camera, width: int, height: int) -> NDArray[np.float64]:
    """Where points fall in the picture, in pixels from the top left: (n, 2)."""
    back = -camera.forward
    right = np.cross(camera.up, back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    relative = points - camera.position
    depth = -(relative @ back)
    scale = min(width, height) / 2 / np.tan(np.radians(camera.field_of_view / 2))
    return np.stack(
        [
            width / 2 + relative @ right / depth * scale,
            height / 2 - relative @ up / depth * scale,
        ],
        axis=1,
    )
