"""What a piece measures: hole and ring size, volume and weight, stones and carats, closedness.

Scenes here are in metres; results are millimetres, cubic millimetres, grams and carats.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import pi
from typing import Any

import numpy as np

from i18n.ring_sizes import SYSTEMS, nearest
from showroom.scene import Part, Role, Scene
from showroom.topology import solid

_CUBIC_MM = 1e9
CARAT_GRAMS = 0.2  # by definition (metric carat)


@dataclass(frozen=True, slots=True)
class Measured:
    """One part: `volume_mm3` of all its placements together, `open_edges` of its geometry.

    `pieces` are the separate bodies in all placements: a halo drawn as one object is many stones.
    """

    name: str
    role: Role
    material: str
    count: int
    size_mm: tuple[float, float, float]  # of one placement, largest first
    volume_mm3: float
    open_edges: int
    pieces: int

    @property
    def watertight(self) -> bool:
        """Whether the surface closes, so that its volume means something."""
        return self.open_edges == 0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name,
            "role": self.role.value,
            "material": self.material,
            "count": self.count,
            "pieces": self.pieces,
            "size_mm": [round(side, 3) for side in self.size_mm],
            "volume_mm3": round(self.volume_mm3, 3),
            "watertight": self.watertight,
            "open_edges": self.open_edges,
        }


def measured(scene: Scene) -> tuple[Measured, ...]:
    """Every part of a scene in metres."""
    result = []
    for part in scene.parts:
        found = solid(scene.mesh(part))
        scale = np.abs(np.linalg.det(part.transforms[:, :3, :3])).sum()
        result.append(
            Measured(
                name=part.name,
                role=part.role,
                material=part.material,
                count=part.count,
                size_mm=_size(scene, part),
                volume_mm3=abs(found.volume) * float(scale) * _CUBIC_MM,
                open_edges=found.open_edges,
                pieces=found.pieces * part.count,
            )
        )
    return tuple(result)


def _size(scene: Scene, part: Part) -> tuple[float, float, float]:
    """The sides of the part's own box along its main directions, one placement, in mm."""
    low, high = scene.mesh(part).bounds()
    linear = part.transforms[0, :3, :3]
    scale = float(np.cbrt(abs(np.linalg.det(linear))))
    extent = np.sort(high - low)[::-1] * scale * 1000
    return float(extent[0]), float(extent[1]), float(extent[2])


def circumference_mm(diameter_mm: float) -> float:
    """The inner circumference, which is the ring size of ISO 8653."""
    return pi * diameter_mm


def ring_sizes(diameter_mm: float) -> dict[str, str]:
    """The nearest size in every system, by the system's code: {"iso": "53", "us": "6½", …}."""
    around = Decimal(str(round(circumference_mm(diameter_mm), 3)))
    return {code: nearest(code, around).label for code in SYSTEMS}
