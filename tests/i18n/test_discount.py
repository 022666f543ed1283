"""A discount, shared among the lines before duty and tax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.landed_cost import LandedCost, Supply, landed_cost
from i18n.landed_cost.discount import discounted
from i18n.money import Money
from i18n.rulebook import load_rulebook
from tests.i18n.builders import a_line, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)


def calculate(supply: Supply) -> LandedCost:
    return landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"})


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 10**6))
def test_a_discount_is_shared_to_the_last_cent(cents: list[int], off: int) -> None:
    lines = [a_line(str(Decimal(c) / 100), "EUR", id=str(n)) for n, c in enumerate(cents)]
    supply, cut = a_supply("de", *lines), Money(Decimal(min(off, sum(cents))) / 100, "EUR")
    after = discounted(supply, cut)
    assert sum(line.goods.amount for line in after.lines) + cut.amount == Decimal(sum(cents)) / 100
    assert all(line.goods.amount >= 0 for line in after.lines)


def test_a_discount_can_bring_an_order_under_a_threshold() -> None:
    supply = a_supply("gb", a_line("150"))
    assert calculate(supply).of("duty").amount == Decimal("3.00")
    assert calculate(discounted(supply, Money(Decimal(15), "GBP"))).of("duty").amount == 0


def test_more_than_the_goods_cannot_be_taken_off() -> None:
    with pytest.raises(ValueError, match="cannot be taken off"):
        discounted(a_supply("gb", a_line("10")), Money(Decimal(11), "GBP"))
