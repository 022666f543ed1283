"""When a rule applies: by goods, origin, region, metal and value. Shared by all topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from i18n.errors import SaleRefused
from i18n.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Conditions on one line of goods. Empty means no condition; all that are set must hold.

    `hs`, `except_hs`: prefixes of the HS code, digits only. `origin`, `ship_from`: ISO 3166
    alpha-2. `regions`: ISO 3166-2 ("CA-ON"). `metals`: metals of i18n.metals. `fineness_*`: parts
    per thousand.
    """

    hs: tuple[str, ...] = ()
    except_hs: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    except_origin: tuple[str, ...] = ()
    ship_from: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    metals: tuple[str, ...] = ()
    fineness_from: int | None = None
    fineness_below: int | None = None

    def __post_init__(self) -> None:
        for prefix in self.hs + self.except_hs:
            if not prefix.isdigit():
                raise ValueError(f"HS prefix {prefix!r} must be digits only")
        for country in self.origin + self.except_origin + self.ship_from:
            if len(country) != 2 or not country.isupper():
                raise ValueError(f"country {country!r} must be ISO 3166 alpha-2 in capitals")

    def fits(
        self, hs: str, origin: str, ship_from: str, region: str, metal: str, fineness: int
    ) -> bool:
        """Whether goods of that description fall under the rule."""
        return (
            (not self.hs or hs.startswith(self.hs))
            and not (self.except_hs and hs.startswith(self.except_hs))
            and (not self.origin or origin in self.origin)
            and origin not in self.except_origin
            and (not self.ship_from or ship_from in self.ship_from)
            and (not self.regions or region in self.regions)
            and (not self.metals or metal in self.metals)
            and (self.fineness_from is None or fineness >= self.fineness_from)
            and (self.fineness_below is None or fineness < self.fineness_below)
        )

    def precision(self, hs: str) -> int:
        """Digits of the longest prefix that matches: the narrower of two rules has more."""
        return max((len(prefix) for prefix in self.hs if hs.startswith(prefix)), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued(Scope):
    """A scope that also looks at a value: the order's, or one item's.

    `over` (>) and `up_to` (<=), `at_least` (>=) and `below` (<) state the law's own edge.
    `measured` is the value compared: the goods alone ("goods", the intrinsic value) or with
    freight and insurance ("cif"). A threshold may be in another currency than the market's.
    """

    up_to: Money | None = None
    below: Money | None = None
    over: Money | None = None
    at_least: Money | None = None
    measured: Literal["goods", "cif"] = "goods"
    threshold_per: Literal["order", "item"] = "order"

    @property
    def has_threshold(self) -> bool:
        """Whether the value matters at all."""
        return not (self.up_to is self.below is self.over is self.at_least is None)

    def holds(
        self, amount: Decimal, currency: str, rates: Mapping[str, Decimal], rule: str
    ) -> bool:
        """Whether a value is in the window. `rates`: market currency for one unit of another."""
        return (
            (self.up_to is None or amount <= _edge(self.up_to, currency, rates, rule))
            and (self.below is None or amount < _edge(self.below, currency, rates, rule))
            and (self.over is None or amount > _edge(self.over, currency, rates, rule))
            and (self.at_least is None or amount >= _edge(self.at_least, currency, rates, rule))
        )


def _edge(threshold: Money, currency: str, rates: Mapping[str, Decimal], rule: str) -> Decimal:
    if threshold.currency == currency:
        return threshold.amount
    return threshold.amount * rate_of(threshold.currency, currency, rates, rule)


def rate_of(stated: str, market: str, rates: Mapping[str, Decimal], rule: str) -> Decimal:
    """How much market currency one unit of the law's currency is; SaleRefused without a rate."""
    if stated == market:
        return Decimal(1)
    try:
        return rates[stated]
    except KeyError:
        raise SaleRefused(
            f"{rule} states an amount in {stated} and no rate to {market} was given",
            rule=rule,
            hint=f"Pass a rate: {market} for one {stated}.",
        ) from None
