"""What each line of an order bears of its duty, tax and freight, in every market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost, Supply, landed_cost, sharing
from i18n.landed_cost.sharing import apportion
from i18n.money import Money, minor_unit
from i18n.rulebook import load_rulebook
from i18n.rulebook.model import Market
from tests.i18n.builders import a_line, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)
RATES = {"USD": Decimal(1400), "EUR": Decimal("0.9"), "SAR": Decimal("0.98")}
REGIONS = {"ca": "CA-ON", "us": "US-NY"}
KINDS = ("shipping", "insurance", "duty", "fee", "tax")


def quote(supply: Supply) -> LandedCost:
    try:
        return landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"}, rates=RATES)
    except SaleRefused:
        assume(False)
        raise


@st.composite
def baskets(
    draw: st.DrawFn, codes: tuple[str, ...] = ("711319",), most: int = 6, kinds: bool = False
) -> Supply:
    """Lines from China, or from three countries, for one of the 17 markets."""
    market: Market = draw(st.sampled_from(RULEBOOK.markets))
    unit = minor_unit(market.currency)
    amounts = st.integers(1, 10_000_000).map(lambda n: str(n * unit))
    lines = [
        a_line(
            draw(amounts),
            market.currency,
            id=str(number),
            hs_code=draw(st.sampled_from(codes)),
            origin=draw(st.sampled_from(["CN", "HK", "IT"])) if kinds else "CN",
        )
        for number in range(draw(st.integers(2, most)))
    ]
    return a_supply(
        market.code, *lines, shipping=draw(amounts), insurance=draw(amounts),
        region=REGIONS.get(market.code, market.reference_region),
    )  # fmt: skip


def parts_of(cost: LandedCost, kind: str) -> dict[str, Decimal]:
    """What each line bears of one kind."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in cost.lines:
        if line.kind == kind:
            for key, part in line.parts:
                found[key] += part
    return found


@given(baskets(("711319", "711311", "711620", "711719"), kinds=True))
def test_the_parts_of_a_charge_are_whole_units_and_add_up_to_it(supply: Supply) -> None:
    cost = quote(supply)
    unit = minor_unit(cost.currency)
    for line in cost.lines:
        assert sum(part for _, part in line.parts) == line.amount.amount
        assert all(part >= 0 and part % unit == 0 for _, part in line.parts)
    assert sum(sum(parts_of(cost, k).values()) for k in ("goods", *KINDS)) == cost.total.amount


@given(baskets())
def test_lines_of_one_code_bear_each_charge_by_their_value(supply: Supply) -> None:
    cost = quote(supply)
    values = {line.id: line.value.amount for line in supply.lines}
    every = set(values)
    # Where a limit by the piece frees some lines, their tax falls on a smaller base.
    assume(all(line.kind == "goods" or {k for k, _ in line.parts} == every for line in cost.lines))
    whole, unit = sum(values.values()), minor_unit(cost.currency)
    for kind in KINDS:
        total = sum(parts_of(cost, kind).values())
        for key, part in parts_of(cost, kind).items():
            assert abs(part - total * values[key] / whole) <= unit
    for key, value in values.items():
        borne = sum((parts_of(cost, kind)[key] for kind in KINDS), Decimal(0))
        charges = cost.total.amount - cost.of("goods").amount
        assert abs(borne - charges * value / whole) <= unit


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=2, max_size=12).filter(any))
def test_each_part_is_within_one_unit_of_its_proportion(cents: int, weights: list[int]) -> None:
    amount, unit = Decimal(cents) / 100, Decimal("0.01")
    parts = apportion(amount, [Decimal(weight) for weight in weights], unit)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < unit
        assert weight or not part


def test_what_is_left_over_goes_to_the_largest_remainder_and_the_first_of_two() -> None:
    unit = Decimal("0.01")
    by_three = apportion(Decimal("1.00"), [Decimal(1)] * 3, unit)
    assert by_three == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    uneven = apportion(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(6)], unit)
    assert uneven == [Decimal("0.13"), Decimal("0.12"), Decimal("0.75")]


@pytest.mark.parametrize("market", ["jp", "de"])
def test_two_pieces_of_one_code_bear_the_same_rate(market: str) -> None:
    currency = RULEBOOK.market(market).market.currency
    cost = quote(
        a_supply(
            market,
            a_line("268690", currency, id="a"),
            a_line("193160", currency, id="b"),
            shipping="3000",
        )
    )
    for kind in ("duty", "tax"):
        of_both = parts_of(cost, kind)
        rates = [of_both["a"] / 268690, of_both["b"] / 193160]
        assert abs(rates[0] - rates[1]) < Decimal("0.00001")


def test_a_tax_on_a_duty_falls_on_the_line_with_the_duty() -> None:
    """Strung stones are free of duty in the EU, gold is not: so is the tax on that duty."""
    cost = quote(
        a_supply(
            "de",
            a_line("1000", "EUR", id="gold"),
            a_line("1000", "EUR", id="stones", hs_code="71162011"),
        )
    )
    assert parts_of(cost, "duty")["stones"] == 0
    assert parts_of(cost, "tax") == {"gold": Decimal("194.75"), "stones": Decimal("190.00")}


def test_a_charge_on_one_line_names_it() -> None:
    cost = quote(a_supply("gb", a_line("500", "GBP", id="a")))
    assert {line.line_id for line in cost.lines} == {"a"}
    assert Money.sum((line.amount for line in cost.lines), "GBP") == cost.total


def every_move(own: sharing.Sharing) -> Iterator[tuple[Decimal, int, int, int]]:
    """`Sharing._moves` as it reads without anything kept: slow, and plainly right."""
    for number, charge in enumerate(own._charges):
        left = [due - borne for due, borne in zip(charge.due, charge.borne, strict=True)]
        for giver, taker in permutations(range(len(left)), 2):
            if left[giver] < 0 < left[taker]:
                change = Decimal(0)
                for part in (charge.part, ""):
                    for at, step in ((giver, own._unit), (taker, -own._unit)):
                        before = own._owed[part][charge.lines[at]]
                        change += (before + step) ** 8 - before**8
                yield change, number, giver, taker


@given(baskets(("711319", "711311", "711711"), kinds=True))
def test_units_move_as_if_each_move_were_weighed_anew(supply: Supply) -> None:
    fast = quote(supply)
    with patch.object(sharing.Sharing, "_moves", every_move):
        assert quote(supply) == fast
