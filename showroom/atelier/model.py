"""A finished piece: named parts, where each is placed, and the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from showroom.atelier.densities import ALLOY_DENSITY, STONE_DENSITY
from showroom.atelier.mesh import Floats, Mesh, joined

MG_PER_CARAT = 200.0  # one metric carat is 0.2 g (4th CGPM, 1907)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A named solid standing in one or more places; the name is "role:material label"."""

    name: str
    mesh: Mesh
    places: tuple[Floats, ...] = (np.eye(4),)

    @property
    def role(self) -> str:
        """ "metal" or "stone"."""
        return self.name.split(":")[0]

    @property
    def material(self) -> str:
        """An alloy code or a stone kind."""
        return self.name.split(":")[1].split(" ")[0]

    @property
    def is_faceted(self) -> bool:
        """A cut stone: its facets are flat and its edges sharp."""
        smooth = "cabochon" in self.name or self.material.startswith("pearl")
        return self.role == "stone" and not smooth

    @property
    def volume(self) -> float:
        """mm³ over all places."""
        scales = [abs(float(np.linalg.det(place[:3, :3]))) for place in self.places]
        return self.mesh.volume * sum(scales)

    def laid_out(self) -> Mesh:
        """All places as one mesh."""
        return joined(self.mesh.moved(place) for place in self.places)


@dataclass(frozen=True, slots=True)
class StoneGroup:
    """Like stones of a piece; `carat` is their total."""

    kind: str
    label: str
    count: int
    carat: float


@dataclass(frozen=True, eq=False, slots=True)
class Model:
    """The parts in mm, Z up, the finger along Y; `inner_diameter` in mm for rings and bangles."""

    parts: tuple[Part, ...]
    inner_diameter: float | None = None

    @property
    def bounds(self) -> Floats:
        """Lowest and highest corner in mm, (2, 3)."""
        boxes = [part.laid_out().bounds for part in self.parts]
        return np.array(
            [np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)]
        )

    @property
    def triangles(self) -> int:
        """Triangles with every placed copy counted."""
        return sum(len(part.mesh.faces) * len(part.places) for part in self.parts)

    @property
    def metal_volumes(self) -> dict[str, float]:
        """mm³ by metal part."""
        return {part.name: part.volume for part in self.parts if part.role == "metal"}

    @property
    def grams(self) -> dict[str, float]:
        """Grams by alloy: volume in mm³ × density in g/cm³ / 1000."""
        out: dict[str, float] = {}
        for part in self.parts:
            if part.role == "metal":
                weight = part.volume * ALLOY_DENSITY[part.material] / 1000
                out[part.material] = out.get(part.material, 0.0) + weight
        return out

    @property
    def stones(self) -> tuple[StoneGroup, ...]:
        """Stones by part, carats from volume × density."""
        return tuple(
            StoneGroup(
                part.material,
                part.name.split(" ", 1)[1],
                len(part.places),
                part.volume * STONE_DENSITY[part.material] / MG_PER_CARAT,
            )
            for part in self.parts
            if part.role == "stone"
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A design: its code, its kind (i18n.passport.PIECE_KINDS), parameters and how it is built."""

    code: str
    kind: str
    builder: Callable[..., Model]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def build(self, **changes: Any) -> Model:
        """The model; `changes` override parameters, such as `alloy` or `inner_diameter` in mm."""
        return _built(self.builder, tuple(sorted({**self.parameters, **changes}.items())))


@lru_cache(maxsize=32)
def _built(builder: Callable[..., Model], parameters: tuple[tuple[str, Any], ...]) -> Model:
    """A model is written, weighed and drawn in one go; thirty-two of them are some 150 MB."""
    return builder(**dict(parameters))
