"""The passport: what a piece is made of, each fact with how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from i18n.errors import InvalidPassport
from i18n.metals import Alloy, alloy

PIECE_KINDS = ("ring", "bangle", "bracelet", "pendant", "necklace", "earrings", "chain", "brooch")

STONE_KINDS = (
    "diamond", "ruby", "sapphire", "emerald", "spinel", "tourmaline", "topaz", "amethyst",
    "citrine", "peridot", "jadeite", "nephrite", "amber", "coral", "pearl-white", "pearl-black",
    "turquoise", "onyx", "opal", "cubic-zirconia", "moissanite",
)  # fmt: skip


class FactState(StrEnum):
    """How far a fact of the passport can be trusted."""

    VERIFIED = "verified"  # a report, an assay or our own measurement backs it
    DECLARED = "declared"  # the brand says so
    UNKNOWN = "unknown"  # not stated


class StoneOrigin(StrEnum):
    """Where a stone comes from; the laws of naming ask for nothing more often."""

    NATURAL = "natural"
    CULTURED = "cultured"  # a pearl that man began: never "natural" (16 CFR 23.21(e))
    LAB_GROWN = "lab-grown"
    IMITATION = "imitation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MetalPart:
    """One alloy of the piece with its weight in grams; `alloy` is a code of i18n.metals."""

    alloy: str
    grams: Decimal
    state: FactState = FactState.DECLARED

    def __post_init__(self) -> None:
        if self.grams <= 0:
            raise InvalidPassport(f"{self.alloy} weighs {self.grams} g; a part weighs more than 0")
        _ = self.kind

    @property
    def kind(self) -> Alloy:
        """The alloy itself."""
        return alloy(self.alloy)

    @property
    def fine_grams(self) -> Decimal:
        """Grams of pure metal in the part."""
        return self.grams * self.kind.purity


@dataclass(frozen=True, slots=True)
class Stone:
    """A group of like stones. `carat` is the group's total weight; one carat is 0.2 g."""

    kind: str
    count: int
    carat: Decimal
    origin: StoneOrigin = StoneOrigin.UNKNOWN
    treatment: str = "unknown"  # "none", "heated", "oiled", "irradiated", …
    cut: str = ""
    report: str = ""  # laboratory and number, "GIA 2141438171"
    country: str = ""  # ISO 3166 alpha-2 of the mine, where known
    state: FactState = FactState.DECLARED

    def __post_init__(self) -> None:
        if self.kind not in STONE_KINDS:
            raise InvalidPassport(
                f"There is no stone {self.kind!r}", hint=f"Use one of: {', '.join(STONE_KINDS)}"
            )
        if self.count < 1 or self.carat <= 0:
            raise InvalidPassport(f"{self.count} {self.kind} of {self.carat} ct: both must be > 0")


@dataclass(frozen=True, slots=True)
class Passport:
    """What one variant of a piece is made of.

    Lengths are millimetres, weights grams. `ring_size_mm` is the inner circumference (ISO 8653)
    and only rings have one. `origin` is ISO 3166 alpha-2, `hs_code` at least six digits without
    dots; both may be empty, and the rules that need them then refuse. `substances` holds declared
    contents that laws ask about ("nickel-released", "lead", "cadmium", "coral", "ivory").
    """

    kind: str
    metals: tuple[MetalPart, ...]
    stones: tuple[Stone, ...] = ()
    hallmarks: tuple[str, ...] = ()  # marks struck: "750", "HUID", "common-control-mark", …
    origin: str = ""
    hs_code: str = ""
    ring_size_mm: Decimal | None = None
    dimensions_mm: Mapping[str, Decimal] = field(default_factory=dict)  # width height depth …
    finish: str = "polished"
    plating: str = ""  # "" or the layer on top: "gold-vermeil", "rhodium", …
    substances: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    states: Mapping[str, FactState] = field(default_factory=dict)  # by field name; else declared

    def __post_init__(self) -> None:
        if self.kind not in PIECE_KINDS:
            raise InvalidPassport(
                f"There is no kind of piece {self.kind!r}",
                hint=f"Use one of: {', '.join(PIECE_KINDS)}",
            )
        if self.ring_size_mm is not None and self.kind != "ring":
            raise InvalidPassport(f"A {self.kind} has no ring size")
        if self.hs_code and not (self.hs_code.isdigit() and len(self.hs_code) >= 6):
            raise InvalidPassport(f"HS code {self.hs_code!r} must be six digits or more, no dots")

    @property
    def grams(self) -> Decimal:
        """Metal weight of the piece."""
        return sum((part.grams for part in self.metals), Decimal(0))

    @property
    def carat(self) -> Decimal:
        """Total stone weight."""
        return sum((stone.carat for stone in self.stones), Decimal(0))

    @property
    def main_metal(self) -> MetalPart | None:
        """The heaviest alloy: the one a piece is named, taxed and marked by."""
        return max(self.metals, key=lambda part: part.grams, default=None)

    def state_of(self, fact: str) -> FactState:
        """How far the named field can be trusted."""
        if fact in self.states:
            return self.states[fact]
        return (
            FactState.DECLARED if getattr(self, fact) not in ("", None, ()) else FactState.UNKNOWN
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column: decimals as strings, tuples as lists."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Passport:
        """The passport that `to_json` wrote."""
        known = dict(raw)
        size = known.pop("ring_size_mm", None)
        return cls(
            kind=known.pop("kind"),
            metals=tuple(
                MetalPart(part["alloy"], Decimal(part["grams"]), FactState(part["state"]))
                for part in known.pop("metals")
            ),
            stones=tuple(
                Stone(
                    **{
                        **stone,
                        "carat": Decimal(stone["carat"]),
                        "origin": StoneOrigin(stone["origin"]),
                        "state": FactState(stone["state"]),
                    }
                )
                for stone in known.pop("stones", ())
            ),
            ring_size_mm=None if size is None else Decimal(size),
            dimensions_mm={k: Decimal(v) for k, v in known.pop("dimensions_mm", {}).items()},
            states={k: FactState(v) for k, v in known.pop("states", {}).items()},
            hallmarks=tuple(known.pop("hallmarks", ())),
            substances=tuple(known.pop("substances", ())),
            certificates=tuple(known.pop("certificates", ())),
            **known,
        )


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


# Not dataclasses.asdict: it copies each leaf deeply, which was a third of an import's time.
def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
