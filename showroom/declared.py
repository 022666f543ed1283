"""What the brand says of a piece before we look: the passport's side of every comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from showroom.scene import Role


@dataclass(frozen=True, slots=True)
class DeclaredStone:
    """A group of like stones: `carat` is the group's total."""

    kind: str  # i18n.passport.STONE_KINDS
    count: int
    carat: Decimal


@dataclass(frozen=True, slots=True)
class Override:
    """What the brand says a part is, where the file's words mislead. Empty fields say nothing."""

    role: Role | None = None
    material: str = ""
    finish: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything is optional. Lengths are millimetres, weights grams.

    `kind` is one of i18n.passport.PIECE_KINDS; `dimensions_mm` the passport's width, height, depth
    and length, whichever way they were measured; `unit` the file's ("mm", "cm", "m", "in"), which
    outranks the file's own word; `alloys` the metals the piece is sold in, the pictured one first;
    `grams` what it weighs in each; `overrides` are stored by part name for the next upload.
    """

    kind: str = ""
    unit: str = ""
    alloys: tuple[str, ...] = ()
    finish: str = "polished"
    grams: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    inner_diameter_mm: Decimal | None = None
    dimensions_mm: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    stones: tuple[DeclaredStone, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=lambda: MappingProxyType({}))
