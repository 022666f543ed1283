"""What holds in every market there is, with the pieces and papers that each of them asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from i18n.__main__ import main
from i18n.errors import CurrencyMismatch, SaleRefused
from i18n.landed_cost import LandedCost, Supply, landed_cost
from i18n.money import Money, minor_unit
from i18n.rulebook import load_rulebook, market_codes
from i18n.scope import Valued, rate_of
from tests.i18n.builders import a_line, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)
MARKETS = [market.code for market in RULEBOOK.markets]

# Market currency for one unit of another, where a law states its amounts in another.
RATES = {
    "kr": {"USD": Decimal(1380)},
    "sa": {"USD": Decimal("3.75")},
    "ae": {"SAR": Decimal("0.98")},
}
REGIONS = {"ca": "CA-ON"}

# India lets no jewellery of precious metal in; imitation jewellery shows its tariff.
HEADINGS = {"in": "711719"}

# Two markets levy no duty on anything and say so for all goods at once.
FREE_PORTS = {"hk", "mo"}

# Where the law makes a dearer piece cheaper. The seller registered for Malaysia's tax on low value
# goods charges it up to 500 ringgit, and gold above that bears no sales tax.
CLIFFS = {"my": Decimal(500)}


def quote(supply: Supply) -> LandedCost:
    rates = RATES.get(supply.market, {})
    return landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"}, rates=rates)


def a_parcel(code: str, goods: str, shipping: str = "0", **changes: Any) -> Supply:
    """One gold ring for that market, or what else may come in."""
    line = a_line(
        goods, RULEBOOK.market(code).market.currency, hs_code=HEADINGS.get(code, "711319"),
        metal="gold", fineness=750, **changes,
    )  # fmt: skip
    return a_supply(code, line, shipping=shipping, region=REGIONS.get(code, ""))


def unit_of(code: str) -> Decimal:
    return minor_unit(RULEBOOK.market(code).market.currency)


def registrations(code: str) -> frozenset[str]:
    """All that the market's low-value schemes ask of a seller."""
    held = {
        getattr(period.terms, key, "")
        for period in RULEBOOK.market(code).on(TODAY).periods
        for key in ("registration", "unless_registered")
    }
    return frozenset(held - {""})


def edges(code: str) -> tuple[Decimal, ...]:
    """The amounts at which a rule of today's charges begins or ends."""
    currency = RULEBOOK.market(code).market.currency
    found = set()
    for period in RULEBOOK.market(code).on(TODAY).periods:
        if not isinstance(period.terms, Valued) or period.kind == "registration":
            continue
        terms = period.terms
        for edge in (terms.up_to, terms.below, terms.over, terms.at_least):
            if edge is not None and edge.amount:
                rate = rate_of(edge.currency, currency, RATES.get(code, {}), period.rule)
                found.add(edge.amount * rate)
    return tuple(sorted(found)) or (Decimal(1000),)


def about_the_edges() -> Iterator[tuple[str, Decimal]]:
    for code in MARKETS:
        for edge in edges(code):
            for price in (edge - unit_of(code), edge, edge + unit_of(code)):
                yield code, price


@pytest.mark.parametrize(("code", "price"), [*about_the_edges()])
def test_the_command_quotes_about_each_threshold_with_rule_and_source(
    code: str, price: Decimal, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--market", code, "--hs", HEADINGS.get(code, "711319"), "--origin", "CN"]
    words += ["--goods", str(price), "--metal", "gold", "--on", TODAY.isoformat(), "--json"]
    words += ["--accept-disputed", "*", "--region", REGIONS.get(code, "")]
    for currency, rate in RATES.get(code, {}).items():
        words += ["--rate", f"{currency}={rate}"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    law = [line for line in said["lines"] if line["kind"] in ("duty", "tax", "fee")]
    assert {line["kind"] for line in law} >= {"duty", "tax"}
    assert all(line["rule"] and line["source"]["url"].startswith("http") for line in law)
    assert sum(Decimal(line["amount"]) for line in said["lines"]) == Decimal(said["total"])


@pytest.mark.parametrize("price", ["1", "1000", "100000"])
@pytest.mark.parametrize("heading", ["711311", "711319", "711320"])
def test_india_refuses_jewellery_by_its_rule(
    heading: str, price: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--market", "in", "--hs", heading, "--origin", "CN", "--goods", price]
    assert main([*words, "--on", TODAY.isoformat(), "--json", "--accept-disputed", "*"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert (said["rule"], said["total"], said["lines"]) == ("in.restriction.licence", None, [])


@pytest.mark.parametrize("code", MARKETS)
@settings(max_examples=40)
@given(steps=st.lists(st.integers(0, 3_000_000), min_size=1, max_size=3), way=st.integers(0, 9999))
def test_nothing_is_negative_or_lost(code: str, steps: list[int], way: int) -> None:
    parcel = a_parcel(code, "0", str(way * unit_of(code)))
    (line,) = parcel.lines
    currency = line.goods.currency
    lines = tuple(
        replace(line, id=str(n), goods=Money(step * unit_of(code), currency))
        for n, step in enumerate(steps)
    )
    cost = quote(replace(parcel, lines=lines))
    assert all(part.amount.amount >= 0 for part in cost.lines)
    assert sum(part.amount.amount for part in cost.lines) == cost.total.amount
    assert {part.amount.currency for part in cost.lines} == {currency}


@pytest.mark.parametrize("code", MARKETS)
@settings(max_examples=40)
@given(cheaper=st.integers(0, 2_000_000), more=st.integers(1, 500_000))
def test_a_dearer_piece_never_costs_less(code: str, cheaper: int, more: int) -> None:
    low, high = (
        quote(a_parcel(code, str(steps * unit_of(code)))).total
        for steps in (cheaper, cheaper + more)
    )
    assert low < high


@pytest.mark.parametrize("registered", [False, True])
@pytest.mark.parametrize("code", MARKETS)
def test_nor_does_it_at_any_threshold_but_a_named_cliff(code: str, registered: bool) -> None:
    falls = set()
    for edge in edges(code):
        around = [
            replace(
                a_parcel(code, str(edge + step * unit_of(code))),
                registrations=registrations(code) if registered else frozenset(),
            )
            for step in (-1, 0, 1)
        ]
        totals = [quote(parcel).total for parcel in around]
        if totals != sorted(totals):
            falls.add(edge)
    assert falls == ({CLIFFS[code]} if registered and code in CLIFFS else set())


@pytest.mark.parametrize("code", MARKETS)
def test_no_market_calculates_in_another_currency(code: str) -> None:
    with pytest.raises(CurrencyMismatch):
        quote(a_supply(code, a_line("100", "CHF"), region=REGIONS.get(code, "")))


@pytest.mark.parametrize("code", [code for code in MARKETS if code not in FREE_PORTS])
def test_a_heading_without_a_rule_is_never_free(code: str) -> None:
    parcel = a_parcel(code, "1000000")
    with pytest.raises(SaleRefused) as refusal:
        quote(replace(parcel, lines=(replace(parcel.lines[0], hs_code="910111"),)))
    assert refusal.value.rule == f"{code}.customs"


def test_the_markets_are_the_folders_with_a_market_file() -> None:
    assert market_codes() == tuple(sorted(MARKETS))
    assert {"us", "jp", "mo"} <= set(market_codes())
    assert "eu" not in market_codes()  # an area
