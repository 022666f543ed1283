"""The kinds of rule in a market's restriction.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Scope):
    """Goods that may not come in. By HS code and origin it stops a quote; by stones, substances
    or the country of a stone it stops a listing."""

    stones: tuple[str, ...] = ()
    stone_countries: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    because: str = ""
    carat_from: Decimal | None = None  # of one stone

    @property
    def looks_at_the_piece(self) -> bool:
        """Whether the goods' description alone cannot decide."""
        return bool(self.stones or self.stone_countries or self.substances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Scope):
    """Goods that need a paper: `paper` is its name in a passport's certificates, `need` the
    sentence. A `blocking` one stops a quote too, since the parcel would be seized without it."""

    paper: str
    need: str
    stones: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    carat_from: Decimal | None = None
    blocking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Scope):
    """A limit on a substance: `most` in `unit`. A declared substance of that name stops the
    listing until a test report under `paper` says it keeps within."""

    substance: str
    most: Decimal
    unit: str
    paper: str


KINDS: Mapping[str, type] = MappingProxyType({"ban": Ban, "paper": Paper, "limit": Limit})
