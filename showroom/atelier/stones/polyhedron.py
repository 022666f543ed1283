"""Facets to triangles: a polygon stays flat, and neighbours share their corners exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from showroom.atelier.mesh import Floats, Mesh


def from_facets(facets: Sequence[Floats]) -> Mesh:
    """A convex body from its polygons (k, 3); corners within a nanometre are one."""
    corners = np.concatenate(facets)
    keys, index = np.unique(np.round(corners, 6), axis=0, return_inverse=True)
    first = np.zeros(len(keys), dtype=np.int64)
    first[index.ravel()[::-1]] = np.arange(len(corners))[::-1]
    vertices = corners[first]
    centre = vertices.mean(axis=0)
    faces: list[tuple[int, int, int]] = []
    start = 0
    for facet in facets:
        ring = [int(i) for i in index.ravel()[start : start + len(facet)]]
        start += len(facet)
        normal = newell(facet)
        if normal @ (facet.mean(axis=0) - centre) < 0:
            ring.reverse()
        faces.extend((ring[0], ring[i], ring[i + 1]) for i in range(1, len(ring) - 1))
    return Mesh(vertices, np.array(faces, dtype=np.int64))


def newell(polygon: Floats) -> Floats:
    """The polygon's normal times twice its area."""
    return np.asarray(np.cross(polygon, np.roll(polygon, -1, axis=0)).sum(axis=0))
