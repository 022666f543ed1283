"""Whether a shape is a cut stone: closed, convex, made of a few dozen flat, slanted facets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Mesh
from showroom.topology import face_areas, face_crosses, face_volumes

_FEWEST, MOST_FACETS = (
    9,
    160,
)  # facets: a baguette has about 10, a brilliant 57, fancy cuts over 100
_MOST_TRIANGLES = 4000
_CONVEX = 0.97  # share of the hull that the stone fills; a girdle's steps cost a little
_FLATTEST = 0.22  # height over width: melee and rose cuts stay above, a flat plate does not
_SLANTED = 0.3  # share of the surface neither along nor across the table; a pin or a box has none
_ROUND = 0.04  # spread of the corners' distances: below it the shape is a bead


def is_stone(mesh: Mesh) -> bool:
    """Whether the mesh looks like one cut stone."""
    from scipy.spatial import ConvexHull, QhullError

    if not 8 <= len(mesh) <= _MOST_TRIANGLES:
        return False
    points = mesh.positions.astype(np.float64)
    size = np.sort(np.ptp(points, axis=0))
    if size[0] < _FLATTEST * size[2]:
        return False
    try:
        hull = ConvexHull(points)
    except QhullError:
        return False
    volume = abs(float(face_volumes(mesh).sum()))
    if hull.volume <= 0 or volume < _CONVEX * hull.volume:
        return False
    distance = np.linalg.norm(points - points.mean(0), axis=1)
    if distance.std() < _ROUND * distance.mean():
        return False
    count, slanted = facets(mesh)
    return _FEWEST <= count <= MOST_FACETS and slanted >= _SLANTED


def is_cut(mesh: Mesh) -> bool:
    """Whether a stone is faceted, not a cabochon: few planes hold its surface."""
    return len(mesh) <= _MOST_TRIANGLES and facets(mesh)[0] <= MOST_FACETS


def facets(mesh: Mesh, degrees: float = 1.5) -> tuple[int, float]:
    """How many planes hold 98 % of the surface, and the share slanted to the largest of them.

    A brilliant has 57 and most of it slanted; a smooth shape has hundreds, a cylinder's sides are
    square to its ends.
    """
    areas = face_areas(mesh)
    units = face_crosses(mesh) / np.maximum(2 * areas, 1e-30)[:, None]
    # Greedy by area: every plane takes the triangles that face its way at its distance.
    offset = np.einsum("ij,ij->i", units, mesh.positions[mesh.faces].mean(1))
    scale = float(np.ptp(mesh.positions, axis=0).max())
    left = areas.copy()
    total, seen, count = float(areas.sum()), 0.0, 0
    cosine = np.cos(np.radians(degrees))
    table: NDArray[np.float64] | None = None
    while seen < 0.98 * total and count <= MOST_FACETS:
        top = int(np.argmax(left))
        plane = (units @ units[top] > cosine) & (np.abs(offset - offset[top]) < 0.01 * scale)
        seen += float(left[plane].sum())
        left[plane] = 0.0
        left[top] = 0.0
        table = units[top] if table is None else table
        count += 1
    turned = np.abs(units @ table) if table is not None else np.zeros(len(units))
    slanted = float(areas[(turned > 0.15) & (turned < 0.985)].sum()) / max(total, 1e-30)
    return count, slanted
