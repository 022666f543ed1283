"""The round brilliant of 57 facets (58 with a culet), and its oval.

Proportions are Tolkowsky's, "Diamond Design" (1919): table 53 %, crown 34.5°, pavilion 40.75°.
Star length 50 % and lower halves 77 % are the usual modern make. The halves are planes that cut
a true cylinder, so the girdle is scalloped as on a cut stone: thickest at the 16 corners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from showroom.atelier.mesh import Floats, Mesh, scale
from showroom.atelier.stones.polyhedron import from_facets


@dataclass(frozen=True, slots=True)
class Brilliant:
    """Proportions: shares of the diameter, and degrees. `girdle` is at its thickest."""

    table: float = 0.53
    crown: float = 34.5
    pavilion: float = 40.75
    girdle: float = 0.024
    star: float = 0.50
    lower_half: float = 0.77
    culet: float = 0.0  # 0 is pointed: 57 facets; the share of the diameter otherwise: 58
    arc: int = 4  # girdle segments a half facet; 2 is enough for melee

    def facets(self, diameter: float) -> dict[str, list[Floats]]:
        """Polygons (k, 3) in mm by family: table, star, kite, upper-half, lower-half, main, girdle.

        The girdle's middle lies at height 0.
        """
        r = diameter / 2
        up, down = np.tan(np.radians(self.crown)), np.tan(np.radians(self.pavilion))
        top = self.girdle * diameter / 2
        half = np.pi / 8
        table = self.table * r
        inner = table * np.cos(half)
        knee = inner + self.star * (r - inner)
        knee_z = top + (r - knee * np.cos(half)) * up
        low = (1 - self.lower_half) * r
        low_z = -top - (r - low * np.cos(half)) * down
        keel = self.culet * r
        keel_z = -top - (r - keel * np.cos(half)) * down
        table_ring = _ring(table, top + (r - table) * up, 0)
        knees = _ring(knee, knee_z, half)
        mains_up, halves_up = _ring(r, top, 0), _ring(r, top, half)
        mains_low, halves_low = _ring(r, -top, 0), _ring(r, -top, half)
        lows = _ring(low, low_z, half)
        keels = _ring(keel, keel_z, half)
        out: dict[str, list[Floats]] = {
            name: [] for name in ("star", "kite", "upper-half", "lower-half", "main", "girdle")
        }
        out["table"] = [table_ring]
        if keel:
            out["culet"] = [keels]
        for i in range(8):
            n = (i + 1) % 8
            out["star"].append(np.array([table_ring[i], table_ring[n], knees[i]]))
            out["kite"].append(np.array([table_ring[i], knees[i - 1], mains_up[i], knees[i]]))
            tip = [keels[i - 1], keels[i]] if keel else [keels[i]]
            out["main"].append(np.array([mains_low[i], lows[i - 1], *tip, lows[i]]))
            for a, b in ((mains_up[i], halves_up[i]), (halves_up[i], mains_up[n])):
                out["upper-half"].append(np.vstack([knees[i][None], self._edge(a, b, knees[i])]))
            for a, b in ((mains_low[i], halves_low[i]), (halves_low[i], mains_low[n])):
                out["lower-half"].append(np.vstack([lows[i][None], self._edge(a, b, lows[i])]))
        for upper, lower in zip(out["upper-half"], out["lower-half"], strict=True):
            for k in range(1, self.arc + 1):
                out["girdle"].append(np.array([upper[k], lower[k], lower[k + 1], upper[k + 1]]))
        return out

    def _edge(self, a: Floats, b: Floats, apex: Floats) -> Floats:
        """Points from a to b on the girdle's cylinder and in the plane of the half facet."""
        normal = np.cross(b - a, apex - a)
        first, last = np.arctan2(a[1], a[0]), np.arctan2(b[1], b[0])
        last += 2 * np.pi * (last < first)
        t = np.linspace(first, last, self.arc + 1)
        r = np.hypot(a[0], a[1])
        x, y = r * np.cos(t), r * np.sin(t)
        z = a[2] - ((x - a[0]) * normal[0] + (y - a[1]) * normal[1]) / normal[2]
        points = np.column_stack([x, y, z])
        points[0], points[-1] = a, b
        return points


def brilliant(diameter: float, length: float | None = None, make: Brilliant | None = None) -> Mesh:
    """A brilliant of that girdle diameter; with `length`, an oval that long in X.

    Stretching keeps facets flat, and is how an oval's plan is laid out; its depth follows the
    short side as cutters keep it.
    """
    make = make or Brilliant()
    families = make.facets(diameter)
    stone = from_facets([facet for family in families.values() for facet in family])
    return stone if length is None else stone.moved(scale(length / diameter, 1.0, 1.0))


def melee(diameter: float) -> Mesh:
    """A small brilliant with all its 57 facets and a lighter girdle."""
    return brilliant(diameter, make=Brilliant(arc=2, table=0.55))


def _ring(radius: float, z: float, start: float) -> Floats:
    t = start + np.arange(8) * np.pi / 4
    return np.column_stack([radius * np.cos(t), radius * np.sin(t), np.full(8, z)])
