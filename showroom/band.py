"""The band of a ring where it is thinnest, from sections through the finger's axis.

trimesh cuts; what a piece of jewellery's closedness and volume are, `showroom.topology` says in a
tenth of trimesh's time and a thirtieth of its memory (docs/showroom-benchmarks.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.hole import Hole
from showroom.scene import Role, Scene

MOST_TRIANGLES = 250_000  # each cut looks at all of them: 7 ms and 14 MB for 100,000
_CUTS = 6  # planes, each through both sides of the ring


@dataclass(frozen=True, slots=True)
class Band:
    """A section's sides in scene units: along the finger, and from the finger outwards."""

    width: float
    thickness: float


def thinnest(scene: Scene, hole: Hole) -> Band | None:
    """The section that is thinnest of twelve around the hole; None for a mesh too large to cut."""
    from trimesh import Trimesh, intersections

    metal = [(p, f) for part, p, f, _ in scene.placed() if part.role is Role.METAL]
    if not metal or sum(len(faces) for _, faces in metal) > MOST_TRIANGLES:
        return None
    meshes = [Trimesh(points - hole.centre, faces, process=False) for points, faces in metal]
    cut: Any = intersections.mesh_plane  # has no types
    across = np.linalg.svd(hole.axis[None])[2][1:]
    found = []
    for angle in (np.arange(_CUTS) + 0.37) * np.pi / _CUTS:  # CAD has its edges at round angles
        outwards = np.cos(angle) * across[0] + np.sin(angle) * across[1]
        normal = np.cross(hole.axis, outwards)
        lines = np.concatenate([cut(one, normal, np.zeros(3)) for one in meshes])
        for direction in (outwards, -outwards):
            found += _section(lines, hole.axis, direction)
    return min(found, key=lambda band: band.thickness, default=None)


def _section(
    lines: NDArray[np.float64], axis: NDArray[np.float64], outwards: NDArray[np.float64]
) -> list[Band]:
    points = lines.reshape(-1, 3)
    points = points[points @ outwards > 0]
    if len(points) == 0:  # a cuff's gap
        return []
    return [Band(float(np.ptp(points @ axis)), float(np.ptp(points @ outwards)))]
