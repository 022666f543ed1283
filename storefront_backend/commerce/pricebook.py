"""The price book: rates, making charges and rounding turn a passport into a price.

    home    = the formula in the brand's currency (i18n/price_formula.py)
    abroad  = home × (1 + market mark-up) × exchange rate, rounded by the market's rule and held
              between its floor and ceiling

The goods price is net: it holds no tax and no duty. Those come from the landed cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from i18n.metals import ALLOYS
from i18n.money import Money
from i18n.passport import MetalPart
from i18n.price_formula import PriceFormula, PriceTerms, price_terms
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.rates import Rate, Rates
from storefront_backend.commerce.rounding import Rounding, rounded

__all__ = [
    "METALS",
    "MarketPolicy",
    "PriceBook",
    "PriceParts",
    "Rate",
    "Rates",
    "Rounding",
    "rounded",
]

METALS: tuple[str, ...] = tuple(dict.fromkeys(alloy.metal for alloy in ALLOYS.values()))

# Ten places of a price per gram and twelve of a factor are exact in the database and in Python,
# in any order of the sums, so both reach the same cent.
_PER_GRAM = Decimal("1e-10")
_FACTOR = Decimal("1e-12")
_DIGITS = 60


@dataclass(frozen=True, slots=True)
class MarketPolicy:
    """How one market's prices are made: its currency, mark-up (a share), rounding and bounds.

    `floor` and `ceiling` bound the goods price in the market's currency; they are taken as they
    are, after rounding. `cash_step` is what Rounding.CASH rounds to.
    """

    currency: str
    markup: Decimal = Decimal(0)
    rounding: Rounding = Rounding.WHOLE
    cash_step: Decimal = Decimal("0.05")
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def __post_init__(self) -> None:
        if self.markup <= -1:
            raise InvalidRequest("A mark-up takes less than all of the price", field="markup")
        if self.cash_step <= 0:
            raise InvalidRequest("A cash step is above 0", field="cash_step")
        if None not in (self.floor, self.ceiling) and self.floor > self.ceiling:  # type: ignore[operator]  # neither is None
            raise InvalidRequest("The floor is above the ceiling", field="floor")

    def goods(self, home: Decimal, factor: Decimal) -> Money:
        """The goods price of a home price; `factor` holds exchange and mark-up."""
        money = rounded(Money(home * factor, self.currency), self.rounding, self.cash_step)
        amount = money.amount
        if self.floor is not None:
            amount = max(amount, self.floor)
        if self.ceiling is not None:
            amount = min(amount, self.ceiling)
        return Money(amount, self.currency)


@dataclass(frozen=True, slots=True)
class PriceParts:
    """A price with its parts, all in the brand's currency but `goods`, which the market pays.

    Where the formula's floor or ceiling holds, `margin` takes the difference.
    """

    metal: Money
    making: Money
    stones: Money
    setting: Money
    finish: Money
    engraving: Money
    margin: Money
    exchange_rate: Decimal
    goods: Money

    def to_json(self) -> dict[str, str]:
        """Plain values, each `amount currency`."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Rates and market policies of one moment; `goods` is the only way to a goods price."""

    rates: Rates
    policies: Mapping[str, MarketPolicy]
    max_rate_age: timedelta = field(default=timedelta(days=4))

    def per_gram(self, metal: str, currency: str, now: datetime) -> Decimal:
        """Money of a currency for a gram of the pure metal. Raises StaleRates."""
        to_home = self.rates.exchange_between(self.rates.base, currency, now, self.max_rate_age)
        rate = self.rates.metal(metal, now, self.max_rate_age)
        return (rate * to_home).quantize(_PER_GRAM, ROUND_HALF_EVEN)

    def has_rate(self, market: str) -> bool:
        """Whether the market's currency has an exchange rate at all, fresh or not."""
        currency = self.policies[market].currency
        return currency == self.rates.base or currency in self.rates.exchange

    def factor(self, home: str, market: str, now: datetime) -> Decimal:
        """What a home price is multiplied by for a market: exchange and mark-up. StaleRates."""
        policy = self.policies[market]
        exchange = self.rates.exchange_between(home, policy.currency, now, self.max_rate_age)
        return (exchange * (1 + policy.markup)).quantize(_FACTOR, ROUND_HALF_EVEN)

    def goods(self, terms: PriceTerms, market: str, now: datetime) -> Money:
        """The goods price of one piece in a market. Raises StaleRates."""
        with localcontext(prec=_DIGITS):
            return self.policies[market].goods(
                self._home(terms, now), self.factor(terms.currency, market, now)
            )

    def price(
        self, metals: Iterable[MetalPart], formula: PriceFormula, market: str, now: datetime
    ) -> PriceParts:
        """The goods price with its parts, for who is allowed to see them. Raises StaleRates."""
        home = formula.currency
        terms = price_terms(formula, parts := tuple(metals))
        metal = making = Decimal(0)
        cost = net = self._home(terms, now)
        if formula.fixed is None:
            value = sum(
                (p.fine_grams * self.per_gram(p.kind.metal, home, now) for p in parts), Decimal(0)
            )
            metal = value * formula.loss_factor
            making = formula.making_charge(metal, sum((p.grams for p in parts), Decimal(0)))
            cost = metal + making + formula.extras
        policy = self.policies[market]
        return PriceParts(
            metal=Money(metal, home).quantized(),
            making=Money(making, home).quantized(),
            stones=Money(formula.stones, home),
            setting=Money(formula.setting, home),
            finish=Money(formula.finish, home),
            engraving=Money(formula.engraving, home),
            margin=Money(net - cost, home).quantized(),
            exchange_rate=self.rates.exchange_between(
                home, policy.currency, now, self.max_rate_age
            ),
            goods=self.goods(terms, market, now),
        )

    def _home(self, terms: PriceTerms, now: datetime) -> Decimal:
        with localcontext(prec=_DIGITS):
            return terms.home(
                {metal: self.per_gram(metal, terms.currency, now) for metal in terms.weights}
            )
