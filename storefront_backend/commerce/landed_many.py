"""Landed totals of one piece at very many prices: what a tick of the gold price needs.

The engine of i18n calculates one supply in 15 to 40 µs with every line and source; a tick of
100,000 variants in 17 markets needs a million. Here the same plan is walked once for an array of
prices, in whole minor units, so every sum and every rounding is exact. It knows fewer kinds of
rule than the engine. Where it meets one that it does not know it says None, and the engine is
called price by price. It is never trusted unchecked: `Totals` lets the engine check each array at
both ends, in the middle, and on both sides of every threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from i18n.charge import ROUNDINGS, Charge
from i18n.errors import SaleRefused
from i18n.landed_cost.model import Supply, SupplyLine
from i18n.landed_cost.plan import ChargePlan, ChargeStep, plan
from i18n.landed_cost.splitting import to_step
from i18n.law import Period, Reliance
from i18n.money import Money, minor_unit
from i18n.scope import Valued, rate_of
from storefront_backend.commerce.landed import LandedCosts, Parcel

Amounts = NDArray[np.int64]
_Where = NDArray[np.bool_]

# Products beyond this leave the range of 64 bits; such rates are left to the engine.
_LARGEST = 2**62


class _Unknown(Exception):
    """A kind of rule that only the engine knows."""


@dataclass(frozen=True, slots=True)
class TariffClass:
    """What decides the duty and tax of a piece besides its price."""

    hs_code: str
    origin: str
    metal: str
    fineness: int

    def line(self, goods: Money) -> SupplyLine:
        """One piece at a price. No law charges by the gram so far, so none is stated."""
        return SupplyLine(
            id="1",
            hs_code=self.hs_code,
            origin=self.origin,
            metal=self.metal,
            fineness=self.fineness,
            goods=goods,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a piece cannot be sold at a price."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Landed totals in one market on one day."""

    costs: LandedCosts
    market: str
    on: date

    def of(
        self, kind: TariffClass, prices: Sequence[int], shipping: Money
    ) -> Sequence[int | Refusal]:
        """For each price the landed total, or why there is none; all in minor units.

        One delivery for all of them.
        """
        units: Amounts = np.array(prices, dtype=np.int64)
        many = _Many(self.costs, self.market, self.on, kind, shipping)
        try:
            found = many.totals(units)
        except (_Unknown, SaleRefused):
            if not many.edges:  # then the price decides nothing: refused once, refused for all
                first = self._engine(kind, prices[0], shipping)
                if isinstance(first, Refusal):
                    return [first] * len(prices)
            return [self._engine(kind, price, shipping) for price in prices]
        answers: list[int | Refusal] = found.tolist()
        (refused,) = many.refused.nonzero()
        if len(refused):
            words = self._engine(kind, prices[refused[0]], shipping)
            for at in refused.tolist():
                answers[at] = words
        for at in many.probes(units):
            if self._engine(kind, prices[at], shipping) != answers[at]:
                return [self._engine(kind, price, shipping) for price in prices]
        return answers

    def _engine(self, kind: TariffClass, price: int, shipping: Money) -> int | Refusal:
        unit = minor_unit(shipping.currency)
        line = kind.line(Money(price * unit, shipping.currency))
        try:
            cost = self.costs.of(Parcel(self.market, (line,), shipping), self.on)
        except SaleRefused as refusal:
            return Refusal(refusal.rule, refusal.message)
        return int(cost.total.amount / unit)


class _Many:
    """One walk over the plan of a one-line supply. Mirrors i18n.landed_cost.quote."""

    def __init__(
        self, costs: LandedCosts, market: str, on: date, kind: TariffClass, shipping: Money
    ) -> None:
        self.currency = shipping.currency
        self.unit = minor_unit(self.currency)
        self.region = costs.region_of(market)
        self.rates = costs.thresholds.get(market, {})
        self.reliance = Reliance(costs.accept_disputed)
        supply = Supply(
            market=market,
            lines=(kind.line(Money.zero(self.currency)),),
            shipping=shipping.quantized(),
            insurance=Money.zero(self.currency),
            region=self.region,
            terms="DDP",
            registrations=costs.registrations,
        )
        self.plan: ChargePlan = plan(costs.rulebook.market(market).on(on), supply)
        self.shipping = int(supply.shipping.amount / self.unit)
        self.edges: set[int] = set()

    def totals(self, goods: Amounts) -> Amounts:
        """Landed totals in minor units. Raises _Unknown, or SaleRefused where all is refused."""
        if self.plan.bans or self.plan.papers or not self.plan.surely_taxed:
            raise _Unknown
        zero = np.zeros_like(goods)
        self.parts: dict[str, Amounts] = {
            "goods": goods,
            "shipping": zero + self.shipping,
            "insurance": zero,
        }
        self.due = zero
        self.refused: _Where = np.zeros(goods.shape, dtype=np.bool_)
        self.waived: dict[str, _Where] = {}
        for relief, _ in self.plan.reliefs:
            where = self._holds(relief, goods)
            if where.any():
                self.reliance.on(relief)
                for kind in relief.terms.waives:
                    self.waived[kind] = self.waived.get(kind, where & False) | where
        for scheme, _ in self.plan.schemes:
            # Under DDP a scheme moves no amount, only who owes it; an unsure one still stops.
            if self._holds(scheme, goods).any():
                self.reliance.on(scheme)
        self._duty(goods)
        for step in self.plan.charges:
            where = self._holds(step.period, goods)
            for rival in step.replaced_by:
                where = where & ~self._holds(rival.period, goods)
            self._charge(step, where)
        return np.asarray(goods + self.shipping + self.due)

    def probes(self, goods: Amounts) -> list[int]:
        """Positions that the engine checks: ends, middle, both sides of each threshold."""
        order = np.argsort(goods)
        inside = goods[order]
        last = len(goods) - 1
        places = {0, last // 2, last}
        for edge in self.edges:
            at = int(np.searchsorted(inside, edge))
            places |= {min(max(place, 0), last) for place in (at - 1, at, at + 1)}
        return [int(order[place]) for place in sorted(places)]

    def _duty(self, goods: Amounts) -> None:
        """The first of the competing duties whose threshold holds."""
        (competing,) = self.plan.duties
        left: _Where = np.ones(goods.shape, dtype=np.bool_)
        for step in competing:
            where = left & self._holds(step.period, goods)
            self._charge(step, where)
            left = left & ~where
        if left.any():
            raise _Unknown  # no duty is stated at some price: the engine says it in full

    def _charge(self, step: ChargeStep, where: _Where) -> None:
        if step.terms.waivable and step.kind in self.waived:
            where = where & ~self.waived[step.kind]
        if not where.any():
            return
        self.reliance.on(step.period)
        if step.terms.rates and self.region not in step.terms.rates:
            # The engine has the words for it.
            self.refused = self.refused | where
            return
        exact = np.where(where, self._due(step, step.terms, step.period), 0)
        due = self._stepped(exact, step.terms.step, step.terms.rounding)
        for name in (step.kind, step.name):
            self.parts[name] = self.parts[name] + due if name in self.parts else due
        if step.terms.total_step is not None:
            # A sum that the law rounds as a whole is what is paid; later bases take its parts.
            due = self._stepped(exact, step.terms.total_step, step.terms.rounding)
        self.due = self.due + due

    def _due(self, step: ChargeStep, terms: Charge, period: Period[Any]) -> Any:
        """What is due where the charge holds, in whole minor units, before the law's own step."""
        if terms.amount is not None:
            return np.int64(self._units(self._bounded(self._money(terms.amount, period), step)))
        base = self._base(terms)
        if terms.excess:
            assert terms.over is not None  # Charge sees to it
            base = np.maximum(base - self._whole(self._money(terms.over, period)), 0)
        base = self._stepped(base, terms.base_step, terms.base_rounding)
        rate = terms.rates.get(self.region, terms.rate)
        assert rate is not None  # a charge that may be relied on is stated
        due = np.clip(_times(base, Fraction(rate) / terms.per, terms.rounding), *self._bounds(step))
        # A minimum does not apply to what is below a free amount.
        return np.where(base > 0, due, 0) if terms.excess else due

    def _stepped(self, amounts: Any, step: Decimal | None, rounding: str) -> Any:
        """The multiples of a step of the law."""
        if step is None:
            return amounts
        multiple = self._whole(step)
        return _times(amounts, Fraction(1, multiple), rounding) * multiple

    def _base(self, terms: Charge) -> Amounts:
        base: Any = np.zeros_like(self.parts["goods"])
        for name in terms.base:
            if name in self.parts:
                base = base + self.parts[name]
        return np.asarray(base)

    def _bounds(self, step: ChargeStep) -> tuple[int, int]:
        """Minimum and maximum, rounded as the result is: rounding keeps the order of amounts."""
        terms, period, mode = step.terms, step.period, ROUNDINGS[step.terms.rounding]
        low, high = 0, _LARGEST
        if terms.minimum is not None:
            low = self._units(self._money(terms.minimum, period).quantize(self.unit, mode))
        if terms.maximum is not None:
            high = self._units(self._money(terms.maximum, period).quantize(self.unit, mode))
        return low, high

    def _bounded(self, due: Decimal, step: ChargeStep) -> Decimal:
        terms, period = step.terms, step.period
        if terms.minimum is not None:
            due = max(due, self._money(terms.minimum, period))
        if terms.maximum is not None:
            due = min(due, self._money(terms.maximum, period))
        return to_step(due, self.unit, ROUNDINGS[terms.rounding])

    def _money(self, money: Money, period: Period[Any]) -> Decimal:
        return money.amount * rate_of(money.currency, self.currency, self.rates, period.rule)

    def _units(self, amount: Decimal) -> int:
        return int(amount / self.unit)

    def _whole(self, amount: Decimal) -> int:
        """An amount that must be whole minor units, or the engine is called."""
        units = amount / self.unit
        if units != int(units):
            raise _Unknown
        return int(units)

    def _holds(self, period: Period[Any], goods: Amounts) -> _Where:
        """Where the value of the piece is in the rule's window; a price is the whole order."""
        terms: Valued = period.terms
        where: _Where = np.ones(goods.shape, dtype=np.bool_)
        if not terms.has_threshold or (isinstance(terms, Charge) and terms.excess):
            return where
        value = goods if terms.measured == "goods" else goods + self.shipping
        for limit, mode in (
            (terms.up_to, ROUND_FLOOR),
            (terms.below, ROUND_CEILING),
            (terms.over, ROUND_FLOOR),
            (terms.at_least, ROUND_CEILING),
        ):
            if limit is None:
                continue
            edge = int((self._money(limit, period) / self.unit).to_integral_value(mode))
            self.edges.add(edge - (0 if terms.measured == "goods" else self.shipping))
            if limit is terms.up_to:
                where = where & (value <= edge)
            elif limit is terms.below:
                where = where & (value < edge)
            elif limit is terms.over:
                where = where & (value > edge)
            else:
                where = where & (value >= edge)
        return where


def _times(base: Any, rate: Fraction, rounding: str) -> Any:
    """base × rate, rounded to whole units by a rule of i18n.charge. Amounts are not negative."""
    above, below = rate.numerator, rate.denominator
    largest = int(np.max(base, initial=0))
    if largest * above > _LARGEST // 4:
        raise _Unknown
    product = base * above
    match rounding:
        case "down":
            return product // below
        case "up":
            return -(-product // below)
        case "half-up":
            return (2 * product + below) // (2 * below)
        case "half-even":
            low, rest = product // below, product % below
            up = (2 * rest > below) | ((2 * rest == below) & (low % 2 == 1))
            return low + up
    raise _Unknown
