"""Three prices and what each costs landed, as worked numbers under the rules of a market."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost, SupplyLine
from i18n.law import Period
from i18n.market import Market
from i18n.money import Money
from i18n.rulebook.model import Law
from i18n.scope import Valued
from storefront_backend import wiring
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.landed import LandedCosts, Parcel

# What the numbers are worked for: a ring of 18 karat gold, made in China.
_HS, _ORIGIN, _METAL, _FINENESS, _GRAMS = "711319", "CN", "gold", 750, Decimal(5)
_NO_THRESHOLD = (Decimal(1_000), Decimal(5_000), Decimal(20_000))
_TOO_SMALL = Decimal(10)  # "from the first baht" is no price of jewellery


@dataclass(frozen=True, slots=True)
class Sample:
    """One price and what it comes to."""

    goods: Money
    cost: LandedCost


@dataclass(frozen=True, slots=True)
class Samples:
    """The worked numbers of a market, or the rule that lets nothing be sold there."""

    rows: tuple[Sample, ...] = ()
    region: str = ""
    stopped: Period[object] | None = None


def samples_of(market: Market) -> Samples:
    """At the market's lowest threshold, one above it, and well above all; empty without rates."""
    try:
        costs = wiring.landed_costs()
    except CommerceError:
        return Samples()
    return worked(market, costs, wiring.now().date())


def worked(market: Market, costs: LandedCosts, on: date) -> Samples:
    """The samples by given costs on a given day."""
    law = costs.rulebook.market(market.code).on(on)
    region = market.reference_region
    rates = costs.thresholds.get(market.code, {})
    rows = []
    for price in sample_prices(law, market.currency, rates):
        goods = Money(price, market.currency)
        line = SupplyLine(
            id="1", hs_code=_HS, origin=_ORIGIN, goods=goods,
            metal=_METAL, fineness=_FINENESS, metal_grams=_GRAMS,
        )  # fmt: skip
        parcel = Parcel(market.code, (line,), Money.zero(market.currency))
        try:
            rows.append(Sample(goods, costs.of(parcel, on)))
        except SaleRefused as refusal:
            return Samples((), region, _period(law, refusal.rule))
    return Samples(tuple(rows), region)


def sample_prices(law: Law, currency: str, rates: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """Three prices: the lowest threshold, one unit more, and one that passes every threshold."""
    edges = sorted(edge for edge in _edges(law, currency, rates) if edge >= _TOO_SMALL)
    if not edges:
        return _NO_THRESHOLD
    return edges[0], edges[0] + 1, max(edges[0] * 10, edges[-1] * 2)


def _edges(law: Law, currency: str, rates: Mapping[str, Decimal]) -> Iterator[Decimal]:
    for period in (*law.duties, *law.fees, *law.reliefs, *law.taxes, *law.schemes):
        terms = period.terms
        if not isinstance(terms, Valued) or not terms.fits(
            _HS, _ORIGIN, _ORIGIN, "", _METAL, _FINENESS
        ):
            continue
        for edge in (terms.up_to, terms.below, terms.over, terms.at_least):
            if edge is None:
                continue
            rate = Decimal(1) if edge.currency == currency else rates.get(edge.currency)
            if rate is not None:
                yield Money(edge.amount * rate, currency).quantized().amount


def _period(law: Law, rule: str) -> Period[object] | None:
    return next((period for period in law.periods if period.rule == rule), None)
