"""The kinds of rule in a market's sizes.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The system of i18n.ring_sizes that ring sizes are shown in."""

    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """The unit that chains and bracelets are sold in: "cm" or "in"."""

    unit: str
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The units of i18n.weights that metal is quoted in, best first."""

    units: tuple[str, ...]


KINDS: Mapping[str, type] = MappingProxyType({"ring": Ring, "length": Length, "weight": Weight})
