"""The demo's words: brands and pieces as written in brands.toml and pieces.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from i18n.rulebook import market_codes

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoBrand:
    """An invented brand; texts by language, `story` as paragraphs parted by blank lines."""

    code: str
    founded: int
    legal_name: str
    address: str
    shows_price_parts: bool
    craft: str
    mark: str
    prefix: str  # of its piece codes
    currency: str
    origin: str
    name: Mapping[str, str]
    city: Mapping[str, str]
    line: Mapping[str, str]
    story: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is declared of a kind of stone in a piece."""

    origin: str
    treatment: str
    cut: str
    country: str


@dataclass(frozen=True, slots=True)
class DemoPiece:
    """What is said about a piece and on which terms it is sold; prices in its brand's currency."""

    code: str
    collection: str
    alloys: tuple[str, ...]
    file: str
    making_kind: str
    making: Decimal
    stones: Decimal
    setting: Decimal
    name: Mapping[str, str]
    description: Mapping[str, str]
    stone: Mapping[str, Setting]
    sizes: tuple[int, ...] = ()  # US
    stock: int = 0
    order: int | None = None  # days to make
    engraving: int = 0
    one_of_a_kind: bool = False
    hs_code: str = ""  # else by metal
    withheld: tuple[str, ...] = ()  # markets that the piece is not offered in

    @property
    def markets(self) -> tuple[str, ...]:
        """Where its brand wants to sell it."""
        return tuple(market for market in market_codes() if market not in self.withheld)


@cache
def brands() -> Mapping[str, DemoBrand]:
    """The brands by code, in the file's order."""
    raw = _read("brands.toml")
    return MappingProxyType({code: _brand(code, entry) for code, entry in raw.items()})


@cache
def pieces() -> Mapping[str, DemoPiece]:
    """The 24 pieces by code, in the file's order."""
    raw = _read("pieces.toml")
    return MappingProxyType({code: _piece(code, entry) for code, entry in raw.items()})


def pieces_of(brand: DemoBrand) -> tuple[DemoPiece, ...]:
    """The brand's pieces."""
    return tuple(piece for piece in pieces().values() if piece.code.startswith(brand.prefix + "-"))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"), parse_float=Decimal)


def _brand(code: str, raw: dict[str, Any]) -> DemoBrand:
    texts: dict[str, Any] = {
        key: MappingProxyType({lang: text.strip() for lang, text in raw.pop(key).items()})
        for key in ("name", "city", "line", "story")
    }
    return DemoBrand(code=code, **raw, **texts)


def _piece(code: str, raw: dict[str, Any]) -> DemoPiece:
    raw = dict(raw)
    stone = {kind: Setting(**entry) for kind, entry in raw.pop("stone", {}).items()}
    for key in ("making", "stones", "setting"):
        raw[key] = Decimal(raw[key])
    for key in ("alloys", "sizes", "withheld"):
        if key in raw:
            raw[key] = tuple(raw[key])
    return DemoPiece(code=code, stone=MappingProxyType(stone), **raw)
