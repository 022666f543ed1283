"""The price book: rates, making charges and rounding turn a passport into a price.

    metal   = Σ grams × purity × rate per gram × (1 + loss)
    making  = none, per gram of metal, fixed, or per cent of the metal
    goods   = (metal + making + stones + setting + finish) × (1 + margin)
    abroad  = goods × (1 + market mark-up) × exchange rate, rounded by the market's rule

The goods price is net: it holds no tax and no duty. Those come from the landed cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from i18n.money import Money, minor_unit
from i18n.passport import MetalPart
from storefront_backend.commerce.errors import InvalidRequest, StaleRates


class Making(StrEnum):
    """How the work on the metal is charged."""

    NONE = "none"
    PER_GRAM = "per-gram"
    FIXED = "fixed"
    PERCENT = "percent"


class Rounding(StrEnum):
    """How a market likes its prices; every rule rounds up or to nearest, never to zero."""

    MINOR_UNIT = "minor-unit"
    WHOLE = "whole"
    TENS = "tens"
    CHARM = "charm"  # the next whole amount that ends in 9


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """One variant's price as its brand states it, in the brand's currency.

    `making_amount` is money per gram, money, or per cent, by `making`. `fixed` replaces the whole
    formula. Loss and margin are shares (0.03 is 3 %).
    """

    currency: str
    making: Making = Making.NONE
    making_amount: Decimal = Decimal(0)
    stones: Decimal = Decimal(0)
    setting: Decimal = Decimal(0)
    finish: Decimal = Decimal(0)
    loss: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    fixed: Decimal | None = None

    def __post_init__(self) -> None:
        parts = (self.making_amount, self.stones, self.setting, self.finish, self.loss, self.margin)
        if min(parts) < 0 or (self.fixed is not None and self.fixed <= 0):
            raise InvalidRequest("A price formula holds no negative part", field="price_formula")

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {
            "currency": self.currency,
            "making": self.making.value,
            "making_amount": str(self.making_amount),
            "stones": str(self.stones),
            "setting": str(self.setting),
            "finish": str(self.finish),
            "loss": str(self.loss),
            "margin": str(self.margin),
            "fixed": None if self.fixed is None else str(self.fixed),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PriceFormula:
        """The formula that `to_json` wrote."""
        fixed = raw.get("fixed")
        return cls(
            currency=raw["currency"],
            making=Making(raw["making"]),
            fixed=None if fixed is None else Decimal(fixed),
            **{
                name: Decimal(raw[name])
                for name in ("making_amount", "stones", "setting", "finish", "loss", "margin")
            },
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with where it comes from.

    A metal's is money per gram of the pure metal, a currency's its units for one of the base.
    """

    value: Decimal
    source: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates of one moment: `metals` in `base` currency a gram, `exchange` for one base."""

    base: str
    metals: Mapping[str, Rate]
    exchange: Mapping[str, Rate]
    version: str

    def metal(self, metal: str, now: datetime, max_age: timedelta) -> Decimal:
        """Base currency per gram of pure metal; StaleRates where there is none that is fresh."""
        return _fresh(self.metals, metal, f"price of {metal}", now, max_age)

    def exchange_between(
        self, source: str, target: str, now: datetime, max_age: timedelta
    ) -> Decimal:
        """Units of `target` for one `source`."""
        if source == target:
            return Decimal(1)

        def per_base(currency: str) -> Decimal:
            if currency == self.base:
                return Decimal(1)
            return _fresh(self.exchange, currency, f"{currency} exchange rate", now, max_age)

        return per_base(target) / per_base(source)


def _fresh(
    rates: Mapping[str, Rate], key: str, what: str, now: datetime, max_age: timedelta
) -> Decimal:
    rate = rates.get(key)
    if rate is None:
        raise StaleRates(f"There is no {what}", hint="Add it to the rate table")
    if now - rate.as_of > max_age:
        raise StaleRates(
            f"The {what} is of {rate.as_of:%Y-%m-%d %H:%M} UTC, too old to price with",
            hint="Renew the rate table; prices stay as they are until then",
        )
    return rate.value


@dataclass(frozen=True, slots=True)
class MarketPolicy:
    """How one market's prices are made: its currency, mark-up (a share) and rounding."""

    currency: str
    markup: Decimal = Decimal(0)
    rounding: Rounding = Rounding.WHOLE


@dataclass(frozen=True, slots=True)
class PriceParts:
    """A price with its parts, all in the brand's currency but `goods`, which the market pays."""

    metal: Money
    making: Money
    stones: Money
    setting: Money
    finish: Money
    margin: Money
    exchange_rate: Decimal
    goods: Money

    def to_json(self) -> dict[str, str]:
        """Plain values, each `amount currency`."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


_ROUNDERS: Mapping[Rounding, Callable[[Decimal, Decimal], Decimal]] = {
    Rounding.MINOR_UNIT: lambda amount, unit: amount.quantize(unit, ROUND_HALF_UP),
    Rounding.WHOLE: lambda amount, _: amount.quantize(Decimal(1), ROUND_CEILING),
    Rounding.TENS: lambda amount, _: (amount / 10).quantize(Decimal(1), ROUND_CEILING) * 10,
    Rounding.CHARM: lambda amount, _: (
        ((amount + 1) / 10).quantize(Decimal(1), ROUND_CEILING) * 10 - 1
    ),
}


def rounded(money: Money, rule: Rounding) -> Money:
    """The amount as the market likes to read it."""
    return Money(_ROUNDERS[rule](money.amount, minor_unit(money.currency)), money.currency)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Rates and market policies of one moment; `price` is the only way to a goods price."""

    rates: Rates
    policies: Mapping[str, MarketPolicy]
    max_rate_age: timedelta = field(default=timedelta(days=4))

    def price(
        self, metals: Iterable[MetalPart], formula: PriceFormula, market: str, now: datetime
    ) -> PriceParts:
        """The goods price of one piece in a market, with its parts. Raises StaleRates."""
        policy = self.policies[market]
        home = formula.currency
        metal = making = Decimal(0)
        if formula.fixed is None:
            parts = tuple(metals)
            metal = self._metal_value(parts, home, now) * (1 + formula.loss)
            making = _making_charge(formula, metal, sum((p.grams for p in parts), Decimal(0)))
            cost = metal + making + formula.stones + formula.setting + formula.finish
            net = cost * (1 + formula.margin)
        else:
            cost = net = formula.fixed
        exchange = self.rates.exchange_between(home, policy.currency, now, self.max_rate_age)
        goods = Money(net * (1 + policy.markup) * exchange, policy.currency)
        return PriceParts(
            metal=Money(metal, home).quantized(),
            making=Money(making, home).quantized(),
            stones=Money(formula.stones, home),
            setting=Money(formula.setting, home),
            finish=Money(formula.finish, home),
            margin=Money(net - cost, home).quantized(),
            exchange_rate=exchange,
            goods=rounded(goods, policy.rounding),
        )

    def _metal_value(self, parts: tuple[MetalPart, ...], currency: str, now: datetime) -> Decimal:
        to_home = self.rates.exchange_between(self.rates.base, currency, now, self.max_rate_age)
        return sum(
            (
                part.fine_grams
                * self.rates.metal(part.kind.metal, now, self.max_rate_age)
                * to_home
                for part in parts
            ),
            Decimal(0),
        )


def _making_charge(formula: PriceFormula, metal: Decimal, grams: Decimal) -> Decimal:
    match formula.making:
        case Making.NONE:
            return Decimal(0)
        case Making.PER_GRAM:
            return formula.making_amount * grams
        case Making.FIXED:
            return formula.making_amount
        case Making.PERCENT:
            return metal * formula.making_amount / 100
