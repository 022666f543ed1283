"""A round brilliant from its proportions, for the viewer's tests and its showcase page.

Facets are half-spaces; the stone is what they leave. Proportions are shares of the girdle's
diameter, within the ranges GIA grades "excellent" (table 52-62 %, crown 31.5-36.5 degrees,
pavilion 40.6-41.8 degrees; https://4cs.gia.edu, "cut grade").
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull, HalfspaceIntersection


def brilliant(
    diameter: float,
    *,
    table: float = 0.56,
    crown: float = 34.5,
    pavilion: float = 40.9,
    girdle: float = 0.03,
    sides: int = 64,
) -> np.ndarray:
    """Triangle corners of shape (n, 3, 3): table towards +Y, girdle's middle at the origin."""
    tan_crown, tan_pavilion = np.tan(np.radians([crown, pavilion]))
    half_girdle, step = girdle, np.pi / 8
    at = lambda r, turn, y: np.array([r * np.cos(turn), y, r * np.sin(turn)])  # noqa: E731
    planes = [(np.array([0.0, 1.0, 0.0]), half_girdle + (1 - table) * tan_crown)]
    star_radius = table * np.cos(step) + 0.5 * (1 - table * np.cos(step))
    for k in range(8):
        main = 2 * k * step
        rim, low = at(1, main, half_girdle), at(1, main, -half_girdle)
        planes.append(_facing(main, crown, rim))
        planes.append(_facing(main, -pavilion, low))
        corner = at(table, main, half_girdle + (1 - table) * tan_crown)
        star_y = half_girdle + (1 - star_radius * np.cos(step)) * tan_crown
        star = at(star_radius, main + step, star_y)
        next_corner = at(table, main + 2 * step, corner[1])
        planes.append(_through(corner, next_corner, star))
        lower_radius = 1 - 0.78
        lower_y = -half_girdle - (1 - lower_radius * np.cos(step)) * tan_pavilion
        for side in (-1, 1):
            tip = at(star_radius, main + side * step, star_y)
            planes.append(_through(tip, rim, at(1, main + side * step, half_girdle)))
            tip = at(lower_radius, main + side * step, lower_y)
            planes.append(_through(tip, low, at(1, main + side * step, -half_girdle)))
    for k in range(sides):
        turn = (k + 0.5) * 2 * np.pi / sides
        planes.append((at(1, turn, 0), 1.0))

    halfspaces = np.array([[*normal, -offset] for normal, offset in planes])
    points = HalfspaceIntersection(halfspaces, np.zeros(3)).intersections
    hull = ConvexHull(points)
    corners = points[hull.simplices]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    inward = np.einsum("ij,ij->i", normals, hull.equations[:, :3]) < 0
    corners[inward] = corners[inward][:, ::-1]
    return corners * diameter / 2


def _facing(turn: float, slope: float, point: np.ndarray) -> tuple[np.ndarray, float]:
    angle = np.radians(slope)
    normal = np.array([np.cos(turn) * abs(np.sin(angle)), np.cos(angle), 0.0])
    normal[2] = np.sin(turn) * abs(np.sin(angle))
    if slope < 0:
        normal[1] = -normal[1]
    return normal, float(normal @ point)


def _through(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, float]:
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal)
    offset = float(normal @ a)
    return (normal, offset) if offset > 0 else (-normal, -offset)
