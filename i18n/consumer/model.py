"""The kinds of rule in a market's consumer.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Days in which a distance buyer may give goods back without a reason; 0 is no such right.

    `exceptions` are the law's own: "personalised", "price-fluctuation", "sealed-hygiene".
    """

    days: int
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Warranty:
    """Months in which the seller answers for a fault that was there at delivery."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What the invoice or receipt must state."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """How prices must be shown to consumers."""

    price: str
    says: str = ""


KINDS: Mapping[str, type] = MappingProxyType(
    {"withdrawal": Withdrawal, "warranty": Warranty, "invoice": Invoice, "display": Display}
)
