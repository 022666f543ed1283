"""The princess cut: a square modified brilliant with chevrons from the culet to the corners."""

from __future__ import annotations

import numpy as np
from scipy.spatial import HalfspaceIntersection

from showroom.atelier.mesh import Floats, Mesh
from showroom.atelier.stones.polyhedron import from_facets

# Azimuth off the side's middle and slope against the girdle, in degrees: three chevrons a half
# side. Steeper near the girdle, flatter towards the corner ridge, total depth near 72 %.
_CHEVRONS = ((5.0, 64.0), (17.0, 55.0), (30.0, 50.0))


def princess(side: float, *, table: float = 0.70) -> Mesh:
    """A square stone of that side, the girdle's middle at height 0, corners 2 % clipped."""
    s = side / 2
    girdle = 0.03 * side / 2
    crown = np.tan(np.radians(33.0))
    planes = [[0.0, 0.0, 1.0, -(girdle + (s - table * s) * crown)]]
    for k in range(4):
        middle = 90.0 * k
        planes.append([*_flat(middle), 0.0, -s])
        planes.append([*_flat(middle + 45), 0.0, -s * np.sqrt(2) * 0.98])
        planes.append(_leaning(middle, 33.0, s, girdle))
        planes.append(_leaning(middle + 45, 24.0, s * np.sqrt(2) * 0.98, girdle))
        for off, slope in _CHEVRONS:
            reach = s * (np.cos(np.radians(off)) + 0.62 * np.sin(np.radians(off)))
            planes.extend(_leaning(middle + d, -slope, reach, -girdle) for d in (off, -off))
    half = np.array(planes)
    cell = HalfspaceIntersection(half, np.zeros(3))
    points = np.asarray(cell.intersections)
    facets = []
    for plane in half:
        on = points[np.abs(points @ plane[:3] + plane[3]) < 1e-7 * side]
        on = np.unique(np.round(on, 9), axis=0)
        if len(on) >= 3:
            facets.append(_in_order(on, plane[:3]))
    return from_facets(facets)


def _flat(azimuth: float) -> tuple[float, float]:
    return float(np.cos(np.radians(azimuth))), float(np.sin(np.radians(azimuth)))


def _leaning(azimuth: float, slope: float, reach: float, z: float) -> list[float]:
    """A plane through the girdle's edge at `reach`, rising (or falling) inwards by `slope`."""
    lean = np.radians(abs(slope))
    x, y = _flat(azimuth)
    normal = np.array([x * np.sin(lean), y * np.sin(lean), np.sign(slope) * np.cos(lean)])
    return [*normal.tolist(), -float(normal @ np.array([x * reach, y * reach, z]))]


def _in_order(points: Floats, normal: Floats) -> Floats:
    centre = points.mean(axis=0)
    u = points[0] - centre
    v = np.cross(normal, u)
    angle = np.arctan2((points - centre) @ v, (points - centre) @ u)
    return np.asarray(points[np.argsort(angle)])
