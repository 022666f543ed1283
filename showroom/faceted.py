"""Whether a shape is a cut stone: closed, convex, made of a few dozen flat facets."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from showroom.scene import Mesh
from showroom.topology import face_areas, face_crosses, face_volumes

# Facets: a baguette has about 10, a brilliant 57, fancy cuts over 100.
_FEWEST, MOST_FACETS = 9, 160
_MOST_TRIANGLES = 4000
_CONVEX = 0.97  # share of the hull that the stone fills; a girdle's steps cost a little
_FLATTEST = 0.22  # height over width: melee and rose cuts stay above, a flat plate does not


def is_stone(mesh: Mesh) -> bool:
    """Whether the mesh looks like one cut stone."""
    if not 8 <= len(mesh) <= _MOST_TRIANGLES:
        return False
    try:
        hull = ConvexHull(mesh.positions.astype(np.float64))
    except QhullError:
        return False
    volume = abs(float(face_volumes(mesh).sum()))
    if hull.volume <= 0 or volume < _CONVEX * hull.volume:
        return False
    size = np.sort(np.ptp(mesh.positions.astype(np.float64), axis=0))
    if size[0] < _FLATTEST * size[2]:
        return False
    return _FEWEST <= facets(mesh) <= MOST_FACETS


def facets(mesh: Mesh, degrees: float = 1.5) -> int:
    """How many planes hold 98 % of the surface: 57 for a brilliant, hundreds for a smooth shape."""
    crosses = face_crosses(mesh)
    areas = face_areas(mesh)
    length = np.linalg.norm(crosses, axis=1, keepdims=True)
    units = crosses / np.maximum(length, 1e-30)
    # Greedy by area: every plane takes the triangles that face its way at its distance.
    middle = mesh.positions[mesh.faces].mean(1)
    offset = np.einsum("ij,ij->i", units, middle)
    scale = float(np.ptp(mesh.positions, axis=0).max())
    left = areas.copy()
    total, seen, count = float(areas.sum()), 0.0, 0
    cosine = np.cos(np.radians(degrees))
    while seen < 0.98 * total and count <= MOST_FACETS:
        top = int(np.argmax(left))
        plane = (units @ units[top] > cosine) & (np.abs(offset - offset[top]) < 0.01 * scale)
        seen += float(left[plane].sum())
        left[plane] = 0.0
        count += 1
        if left[top] != 0.0:
            left[top] = 0.0
    return count
