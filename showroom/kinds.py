"""How large pieces of jewellery are, and what kind of piece a shape may be.

The ranges are ours, wide on purpose: they tell a wrong unit (a factor of 10 or 25.4), not an odd
piece. Ring holes: ISO 8653 sizes 41 to 76 are 13.1 to 24.2 mm across; a fifth more on either side.
"""

from __future__ import annotations

from dataclasses import dataclass

from showroom.hole import Hole

MILLIMETRES = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "ft": 304.8, "µm": 0.001}
# Which unit is likelier where a file says nothing: jewellery CAD works in millimetres.
LIKELY = ("mm", "in", "cm", "m")


@dataclass(frozen=True, slots=True)
class Size:
    """Plausible largest extent and, for kinds with a hole, inner diameter, in millimetres."""

    extent: tuple[float, float]
    hole: tuple[float, float] | None = None


SIZES = {
    "ring": Size((13.0, 60.0), (10.5, 29.0)),
    "bangle": Size((40.0, 120.0), (36.0, 85.0)),
    "bracelet": Size((35.0, 300.0)),
    "pendant": Size((4.0, 120.0)),
    "necklace": Size((60.0, 1200.0)),
    "earrings": Size((3.0, 150.0)),
    "chain": Size((60.0, 1500.0)),
    "brooch": Size((8.0, 150.0)),
    "": Size((1.5, 300.0)),
}
_ROUND = 0.5  # of all directions; a heart's outline touches its circle in few
_RING_SHARE = 0.45  # a hole narrower than this part of the width is an ornament's, not a finger's


def guess(extent_mm: float, hole_mm: float, hole: Hole | None) -> str:
    """The kind a shape of that size is most likely: ring, bangle, or "" for anything else."""
    if hole is None or hole.share < _RING_SHARE or hole.touch < _ROUND:
        return ""
    for kind in ("ring", "bangle"):
        if plausible(kind, extent_mm, hole_mm):
            return kind
    return ""


def plausible(kind: str, extent_mm: float, hole_mm: float | None) -> bool:
    """Whether a piece of that kind can be that large; `hole_mm` None where none was found."""
    size = SIZES.get(kind, SIZES[""])
    if not size.extent[0] <= extent_mm <= size.extent[1]:
        return False
    if size.hole is None or hole_mm is None:
        return True
    return size.hole[0] <= hole_mm <= size.hole[1]


def scaled(hole: Hole | None, factor: float) -> float | None:
    """The hole's diameter in millimetres."""
    return None if hole is None or hole.share < _RING_SHARE else hole.diameter * factor
