"""Flat shapes and the relief pressed from them: shapely draws, manifold fills, we raise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from shapely import set_precision
from shapely.geometry import LineString, Polygon
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

from showroom.atelier.booleans import triangulated
from showroom.atelier.mesh import Floats, Mesh

# shapely ships no types: a Polygon or a MultiPolygon.
type Shape = Any


def polygon(points: Floats | Sequence[tuple[float, float]], holes: Sequence[Floats] = ()) -> Shape:
    """A filled outline."""
    return Polygon(np.asarray(points), [np.asarray(hole) for hole in holes])


def stroke(points: Floats | Sequence[tuple[float, float]], width: float, *, arc: int = 12) -> Shape:
    """A line of that width with round ends and joints."""
    return LineString(np.asarray(points)).buffer(width / 2, quad_segs=arc)


def circle(x: float, y: float, radius: float) -> Shape:
    """A round, smooth at jewellery size."""
    t = np.radians(np.arange(96) * 3.75)
    return Polygon(np.column_stack([x + radius * np.cos(t), y + radius * np.sin(t)]))


def merged(*shapes: Shape) -> Shape:
    """All of them as one."""
    return unary_union(shapes)


def without(shape: Shape, *holes: Shape) -> Shape:
    """The shape less the holes."""
    return shape.difference(unary_union(holes))


def eased(shape: Shape, radius: float) -> Shape:
    """Corners rounded inside and out, as casting and polishing leave them."""
    return (
        shape.buffer(-radius, quad_segs=10)
        .buffer(2 * radius, quad_segs=10)
        .buffer(-radius, quad_segs=10)
    )


def relief(
    shape: Shape,
    height: float,
    *,
    edge: float = 0.25,
    back: float = 0.06,
    dome: float = 0.0,
    steps: int = 6,
) -> Mesh:
    """The shape raised along Z from 0 to `height` (mm), its upper edge rolled over by `edge`.

    `dome` raises the inside further, rising with the distance from the rolled edge and flattening
    out at 1.5 × dome. `back` bevels the edge underneath. Rings inset by shapely are joined
    triangle by triangle, so every ring's corners are shared and the solid is closed.
    """
    base = min(back, height / 3)
    swing = np.linspace(0, np.pi / 2, steps + 1)
    rolled = [(edge * (1 - np.cos(a)), height - edge + edge * np.sin(a)) for a in swing]
    if dome:
        reach = 1.5 * dome
        run = np.linspace(0, 1, steps + 3)[1:]
        rolled += [(edge + reach * s, height + dome * np.sin(s * np.pi / 2)) for s in run]
    up = [(0.0, base), *rolled]
    return _welded([_raised(part, base, up) for part in _parts(set_precision(shape, 1e-5))])


def _raised(part: Polygon, base: float, up: list[tuple[float, float]]) -> Mesh:
    """One island: back plate inset by `base`, wall, rolled edge, top."""
    rings: list[tuple[Any, float]] = [(_inset(part, base), 0.0), (part, up[0][1])]
    rings += [(_inset(part, inset), z) for inset, z in up[1:]]
    rings = [(shape, z) for shape, z in rings if not shape.is_empty]
    triangles: list[Floats] = [_filled(rings[0][0], rings[0][1], down=True)]
    for (lower, z0), (upper, z1) in pairwise(rings):
        if lower.equals(upper):
            triangles.append(_wall(lower, z0, z1))
        elif z0 == 0.0:
            triangles.append(_strip(upper, lower, z1, z0)[:, ::-1])
        else:
            triangles.append(_strip(lower, upper, z0, z1))
    triangles.append(_filled(rings[-1][0], rings[-1][1], down=False))
    soup = np.concatenate(triangles).reshape(-1, 3)
    return Mesh(soup, np.arange(len(soup), dtype=np.int64).reshape(-1, 3))


def _inset(part: Any, by: float) -> Any:
    if by <= 0:
        return part
    inner = set_precision(part.buffer(-by, quad_segs=6).simplify(1e-4), 1e-5)
    return inner if inner.area > 1e-4 else Polygon()


def _wall(shape: Any, z0: float, z1: float) -> Floats:
    out = []
    for part in _parts(shape):
        for ring, turn in ((part.exterior, 1), *((hole, -1) for hole in part.interiors)):
            xy = np.asarray(ring.coords)[:-1]
            if (ring.is_ccw and turn < 0) or (not ring.is_ccw and turn > 0):
                xy = xy[::-1]
            ahead = np.roll(xy, -1, axis=0)
            a, b = np.c_[xy, np.full(len(xy), z0)], np.c_[ahead, np.full(len(xy), z0)]
            c, d = np.c_[ahead, np.full(len(xy), z1)], np.c_[xy, np.full(len(xy), z1)]
            out.append(np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]))
    return np.concatenate(out)


def _strip(outer: Any, inner: Any, z_outer: float, z_inner: float) -> Floats:
    """The slope between a shape and its inset: corners of the inset are at z_inner."""
    high = {tuple(point) for point in _corners(inner)}
    out = []
    for part in _parts(outer.difference(inner)):
        flat = _triangles(part)
        z = np.array(
            [z_inner if tuple(p) in high else z_outer for p in flat.reshape(-1, 2)]
        ).reshape(-1, 3, 1)
        out.append(np.concatenate([flat, z], axis=2))
    return np.concatenate(out) if out else np.empty((0, 3, 3))


def _filled(shape: Any, z: float, *, down: bool) -> Floats:
    flat = np.concatenate([_triangles(part) for part in _parts(shape)])
    solid = np.concatenate([flat, np.full((*flat.shape[:2], 1), z)], axis=2)
    return solid[:, ::-1] if down else solid


def _corners(shape: Any) -> list[tuple[float, float]]:
    rings = [ring for part in _parts(shape) for ring in (part.exterior, *part.interiors)]
    return [point for ring in rings for point in ring.coords]


def _triangles(part: Polygon) -> Floats:
    """One polygon with holes as triangles, (n, 3, 2), counter-clockwise.

    Earcut drops the flat triangles where a rounded inset ends in line with an edge, and leaves a
    crack there; manifold's triangulator keeps every corner.
    """
    oriented = orient(part)
    rings = [np.asarray(ring.coords)[:-1] for ring in (oriented.exterior, *oriented.interiors)]
    points = np.concatenate(rings)
    return np.asarray(points[triangulated(rings)], dtype=np.float64)


def _parts(shape: Any) -> list[Polygon]:
    return [
        part
        for part in getattr(shape, "geoms", [shape])
        if part.geom_type == "Polygon" and part.area > 0
    ]


def _welded(pieces: list[Mesh]) -> Mesh:
    soup = np.concatenate([piece.vertices for piece in pieces])
    vertices, index = np.unique(np.round(soup, 5), axis=0, return_inverse=True)
    return Mesh(vertices, index.ravel().reshape(-1, 3).astype(np.int64))
