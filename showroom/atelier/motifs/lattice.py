"""The Manchu window (满洲窗): Guangzhou's square lattices filled with coloured glass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from showroom.atelier.mesh import Floats
from showroom.atelier.outline import Shape, eased, merged, polygon, stroke, without


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """The bars as one shape, and the panes by colour: outlines (k, 2) in mm."""

    bars: Shape
    panes: dict[str, list[Floats]]


def square_window(side: float, bar: float) -> Window:
    """A square frame around a standing square, with a lozenge heart and corner brackets."""
    h = side / 2
    frame = without(_square(h), _square(h - 1.6 * bar))
    q = 0.5 * (h - bar)
    corners = [(h, 0.0), (0.0, h), (-h, 0.0), (0.0, -h)]
    diamond = stroke([*corners, corners[0]], bar)
    inner = stroke([(q, q), (-q, q), (-q, -q), (q, -q), (q, q)], bar)
    spokes = [stroke([(a * q, b * q), (a * h, b * h)], bar) for a in (1, -1) for b in (1, -1)]
    cross = [
        stroke([(q, 0), (h, 0)], bar),
        stroke([(-q, 0), (-h, 0)], bar),
        stroke([(0, q), (0, h)], bar),
        stroke([(0, -q), (0, -h)], bar),
    ]
    bars = merged(frame, diamond, inner, *spokes, *cross)
    bars = without(_square(h), *(_eased_gap(gap, 0.12) for gap in _gaps(bars, h)))
    panes: dict[str, list[Floats]] = {"heart": [], "ring": [], "corner": []}
    for gap in _gaps(bars, h):
        x, y = gap.centroid.x, gap.centroid.y
        far = np.hypot(x, y)
        name = "heart" if far < 0.1 else "ring" if far < 0.66 * h else "corner"
        panes[name].append(np.asarray(gap.exterior.coords)[:-1])
    for outlines in panes.values():
        outlines.sort(key=lambda o: float(np.arctan2(*o.mean(axis=0)[::-1])))
    return Window(bars, panes)


def _square(half: float) -> Shape:
    return eased(polygon([(half, half), (-half, half), (-half, -half), (half, -half)]), 0.25)


def _gaps(bars: Shape, half: float) -> list[Shape]:
    rest = _square(half).difference(bars)
    return [part for part in getattr(rest, "geoms", [rest]) if part.area > 0.2]


def _eased_gap(gap: Shape, radius: float) -> Shape:
    return gap.buffer(-radius, quad_segs=8).buffer(radius, quad_segs=8)
