"""Totals of very many prices at once are the engine's totals, in every market."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import storefront_backend.demo
from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost
from i18n.money import Money, minor_unit
from i18n.rulebook import load_rulebook
from storefront_backend.commerce.landed import LandedCosts, Parcel
from storefront_backend.commerce.landed_many import Refusal, TariffClass, Totals

ON = date(2026, 11, 24)
BOOK = load_rulebook()
CLASSES = (
    TariffClass("711319", "CN", "gold", 750),
    TariffClass("711311", "CN", "silver", 925),
    TariffClass("711319", "IT", "platinum", 950),
    TariffClass("711620", "CN", "", 0),
)


def costs() -> LandedCosts:
    file = Path(storefront_backend.demo.__file__).with_name("rates.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    per_base = {"CNY": Decimal(1)} | {c: Decimal(v) for c, v in table["exchange"].items()}
    thresholds = {
        market.code: {other: per_base[market.currency] / rate for other, rate in per_base.items()}
        for market in BOOK.markets
    }
    return LandedCosts(BOOK, frozenset("*"), thresholds)


def engine(of: LandedCosts, market: str, kind: TariffClass, price: int, shipping: Money) -> object:
    unit = minor_unit(shipping.currency)
    line = kind.line(Money(price * unit, shipping.currency))
    try:
        return int(of.of(Parcel(market, (line,), shipping), ON).total.amount / unit)
    except SaleRefused as refusal:
        return Refusal(refusal.rule, refusal.message)


@pytest.mark.parametrize("market", [market.code for market in BOOK.markets])
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.hs_code + kind.metal)
def test_every_total_is_the_engines(market: str, kind: TariffClass) -> None:
    terms, currency = costs(), BOOK.market(market).market.currency
    shipping = Money(Decimal("35").quantize(minor_unit(currency)), currency)
    # Around every order of magnitude: thresholds lie anywhere, roundings at every last digit.
    prices = sorted({int(3.17**power) + step for power in range(1, 17) for step in (-1, 0, 1, 7)})
    many = Totals(terms, market, ON).of(kind, prices, shipping)
    assert list(many) == [engine(terms, market, kind, price, shipping) for price in prices]


class CountedCosts(LandedCosts):
    """Counts the calls of the engine."""

    def of(self, parcel: Parcel, on: date) -> LandedCost:
        REQUESTED.append(parcel.market)
        return super().of(parcel, on)


REQUESTED: list[str] = []


@pytest.mark.parametrize("market", [market.code for market in BOOK.markets])
def test_the_engine_is_asked_for_a_few_probes_only(market: str) -> None:
    REQUESTED.clear()
    plain = costs()
    counted = CountedCosts(plain.rulebook, plain.accept_disputed, plain.thresholds)
    shipping = Money(Decimal(35), BOOK.market(market).market.currency)
    Totals(counted, market, ON).of(CLASSES[0], range(1_000, 9_000), shipping)
    assert 1 <= len(REQUESTED) < 20
