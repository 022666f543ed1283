"""The finger's or wrist's hole in a ring or bangle, found in any unit.

The inner diameter is that of the widest straight cylinder that passes: what a mandrel measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Faces, Scene, box

_BINS, _FEW_BINS = 1440, 360  # directions; the few only have to tell that there is no hole
_SURELY = 0.7  # of the narrowest: what looks narrower in few directions is not looked at in many
_BODY = ("metal", "jade", "enamel", "other")  # what can surround a finger
_NARROWEST = 0.05  # of the width: less is a drilled hole
_SECTORS = 24
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """A round passage: axis (unit length), a point on it, and its diameter, in scene units."""

    axis: _Array
    centre: _Array
    diameter: float
    share: float  # of the piece's width across the axis: 0.9 for a thin band
    touch: float = 1.0  # in how many directions the piece is there at that distance: 1 is a circle


def find(scene: Scene, roles: Iterable[str] = _BODY) -> Hole | None:
    """The widest passage along one of the piece's main axes, or None where there is none."""
    wanted = set(roles)
    placed = [(p, f) for part, p, f, _ in scene.placed() if part.role.value in wanted]
    if not placed:
        return None
    points = np.concatenate([positions for positions, _ in placed]).astype(np.float64)
    offsets = np.cumsum([0, *(len(positions) for positions, _ in placed)])
    faces = np.concatenate(
        [f + np.uint32(o) for (_, f), o in zip(placed, offsets[:-1], strict=True)]
    )
    middle = box(points).mean(0)
    best: Hole | None = None
    for axis in _axes(points - middle):
        hole = _along(axis, points - middle, faces)
        if hole is not None and (best is None or hole.share > best.share + 1e-6):
            best = replace(hole, centre=hole.centre + middle)
    return best


def _axes(points: _Array) -> list[_Array]:
    # The file's own axes first: CAD models are square to them, and a tie keeps the first.
    _, _, rows = np.linalg.svd(points[:: max(1, len(points) // 50_000)], full_matrices=False)
    slanted = [row for row in rows if np.abs(row).max() < 0.9999]
    return [*np.eye(3), *(row * np.sign(row[np.argmax(np.abs(row))]) for row in slanted)]


def _along(axis: _Array, points: _Array, faces: Faces) -> Hole | None:
    across = np.linalg.svd(axis[None])[2][1:]
    flat = points @ across.T
    corners = box(flat)
    width = float(np.ptp(corners, axis=0).max())
    centre = corners.mean(0)
    radius, rim = 0.0, flat
    for bins in (_FEW_BINS, *[_BINS] * 4):  # each round sees the hole from a better centre
        found = _emptiest(rim, centre, corners, bins)
        least = _NARROWEST * width * (_SURELY if bins == _FEW_BINS else 1)
        if found is None or found[1] < least:
            return None
        moved = float(np.linalg.norm(found[0] - centre))
        centre, radius = found
        if moved < 1e-4 * width and bins == _BINS:
            break
        # What lies farther than twice the radius cannot bound a circle that moves less than that.
        away = np.hypot(rim[:, 0] - centre[0], rim[:, 1] - centre[1])
        rim = rim[away < 2 * radius + moved]
    if _covered(flat, faces, centre, radius):
        return None
    # The exact distance once the centre is known.
    distance = np.hypot(flat[:, 0] - centre[0], flat[:, 1] - centre[1])
    radius = float(distance.min())
    near = (flat - centre)[distance < 1.12 * radius]
    sectors = np.unique((np.arctan2(near[:, 1], near[:, 0]) + np.pi) * _SECTORS // (2 * np.pi))
    touch = min(len(sectors), _SECTORS) / _SECTORS
    return Hole(axis, centre @ across, 2 * radius, 2 * radius / width, touch)


def _emptiest(
    flat: _Array, centre: _Array, corners: _Array, bins: int
) -> tuple[_Array, float] | None:
    """Centre and radius of the widest circle empty of `flat`, around about `centre`.

    Only the nearest point in each of `bins` directions can touch it; among those the circle is one
    of Delaunay's (its centre a corner of the Voronoi diagram).
    """
    from scipy.spatial import Delaunay, QhullError

    offset = flat - centre
    distance = np.hypot(offset[:, 0], offset[:, 1])
    angle = np.arctan2(offset[:, 1], offset[:, 0])
    way = ((angle + np.pi) / (2 * np.pi) * bins).astype(np.int64) % bins
    nearest = np.full(bins, np.inf)
    np.minimum.at(nearest, way, distance)
    ring = flat[distance <= nearest[way]]
    try:
        triangles = ring[Delaunay(ring).simplices]
    except QhullError:
        return None
    a, b, c = triangles[:, 0], triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    cross = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    safe = np.where(np.abs(cross) < 1e-300, np.inf, cross)
    bb, cc = (b**2).sum(1), (c**2).sum(1)
    offset = np.stack([c[:, 1] * bb - b[:, 1] * cc, b[:, 0] * cc - c[:, 0] * bb], 1) / safe[:, None]
    centres, radii = a + offset, np.linalg.norm(offset, axis=1)
    low, high = corners
    # A circle that leaves the piece's own box is no hole in it.
    inside = ((centres - radii[:, None] >= low) & (centres + radii[:, None] <= high)).all(1)
    if not inside.any():
        return None
    chosen = int(np.argmax(np.where(inside, radii, -1)))
    return centres[chosen], float(radii[chosen])


def _covered(flat: _Array, faces: Faces, centre: _Array, radius: float) -> bool:
    """Whether any triangle lies across the passage: a coin's flat face has no points inside."""
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    probes = centre + 0.85 * radius * np.stack([np.cos(angles), np.sin(angles)], 1)
    # No corner lies inside the circle, so only a triangle with corners on both sides of it counts.
    # One bit for each axis says on which side of the centre a corner lies.
    left = (flat[:, 0] < centre[0]) + np.uint8(2) * (flat[:, 1] < centre[1])
    for start in range(0, len(faces), 1 << 20):
        some = faces[start : start + (1 << 20)]
        a, b, c = (left[some[:, k]] for k in range(3))
        across = (a | b | c) != (a & b & c)
        corners = flat[some[across]]
        for probe in [centre, *probes]:
            a, b, c = (corners[:, k] - probe for k in range(3))
            signs = np.stack([_cross(a, b), _cross(b, c), _cross(c, a)])
            if ((signs > 0).all(0) | (signs < 0).all(0)).any():
                return True
    return False


def _cross(left: _Array, right: _Array) -> _Array:
    product: _Array = left[:, 0] * right[:, 1] - left[:, 1] * right[:, 0]
    return product
