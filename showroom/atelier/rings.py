"""What every ring shares: sizes, a shank that changes along the way, a clear finger hole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from showroom.atelier.loft import band, wire
from showroom.atelier.mesh import Floats, Mesh

Section = Callable[[float, float], Floats]


def us_diameter(size: float) -> float:
    """Inner diameter in mm of a US ring size: 0.458 + 0.032 n inches."""
    return (0.458 + 0.032 * size) * 25.4


US6 = us_diameter(6)


def shank(
    section: Section,
    inner_diameter: float,
    *,
    bottom: tuple[float, float],
    top: tuple[float, float],
    spread: float = 65.0,
    segments: int = 256,
) -> Mesh:
    """A band whose (width, thickness) flow from `bottom` to `top` within `spread` degrees."""

    def at(degrees: float) -> Floats:
        away = abs((degrees + 180.0) % 360.0 - 180.0)
        t = float(np.clip(1 - away / spread, 0, 1))
        t = t * t * (3 - 2 * t)
        width, thickness = (b + (a - b) * t for a, b in zip(top, bottom, strict=True))
        return section(width, thickness)

    return band(at, inner_diameter, segments=segments)


def finger(inner_diameter: float, length: float = 40.0) -> Mesh:
    """The finger: cut it out of a head and nothing reaches into the ring."""
    path = np.array([(0.0, -length / 2, 0.0), (0.0, length / 2, 0.0)])
    return wire(path, inner_diameter / 2, sides=256, round_ends=False)
