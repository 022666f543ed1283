"""From a price with everything in it back to the goods, and discounts on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.landed_cost import LandedCost, Supply, landed_cost
from i18n.landed_cost.discount import discounted
from i18n.landed_cost.inverse import goods_within, with_tax, within_tax
from i18n.money import Money, minor_unit
from i18n.rulebook import load_rulebook
from tests.i18n.builders import a_line, a_supply

RULEBOOK = load_rulebook()
TODAY = date(2026, 11, 24)


def reckon(supply: Supply) -> LandedCost:
    return landed_cost(supply, RULEBOOK, TODAY, accept_disputed={"*"})


@given(st.integers(0, 10**9), st.sampled_from(["0.2", "0.19", "0.1", "0.05", "0.03", "0.15"]))
def test_net_to_gross_and_back_is_the_same_amount(cents: int, rate: str) -> None:
    net = Money(Decimal(cents) / 100, "EUR")
    gross = with_tax(net, Decimal(rate)).gross
    assert within_tax(gross, Decimal(rate)).net == net


@given(st.integers(0, 10**9), st.sampled_from(["0.2", "0.19", "0.1", "0.05"]))
def test_net_and_tax_are_the_gross(cents: int, rate: str) -> None:
    gross = Money(Decimal(cents) / 100, "EUR")
    assert within_tax(gross, Decimal(rate)).gross == gross


@pytest.mark.parametrize("market", ["us", "gb", "de", "jp", "ae", "hk"])
@given(steps=st.integers(0, 400_000), shipping=st.integers(0, 5_000))
def test_the_goods_of_a_landed_total_land_on_it_again(
    market: str, steps: int, shipping: int
) -> None:
    currency = RULEBOOK.market(market).market.currency
    unit = minor_unit(currency)
    supply = a_supply(market, a_line(str(steps * unit), currency), shipping=str(shipping * unit))
    total = reckon(supply).total
    found = goods_within(total, supply, reckon)
    assert reckon(found).total == total
    assert found.lines[0].goods >= supply.lines[0].goods


def test_a_total_the_law_skips_takes_the_price_below() -> None:
    supply = a_supply("gb", a_line("1"))
    found = goods_within(Money(Decimal("163.00"), "GBP"), supply, reckon)
    assert found.lines[0].goods.amount == Decimal("135.00")  # one penny more costs 165.25
    assert reckon(found).total.amount == Decimal("162.00")


def test_a_total_below_the_freight_is_refused() -> None:
    with pytest.raises(ValueError, match="does not cover"):
        goods_within(Money(Decimal(5), "GBP"), a_supply("gb", a_line("1"), shipping="20"), reckon)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 10**6))
def test_a_discount_is_shared_to_the_last_cent(cents: list[int], off: int) -> None:
    lines = [a_line(str(Decimal(c) / 100), "EUR", id=str(n)) for n, c in enumerate(cents)]
    supply, cut = a_supply("de", *lines), Money(Decimal(min(off, sum(cents))) / 100, "EUR")
    after = discounted(supply, cut)
    assert sum(line.goods.amount for line in after.lines) + cut.amount == Decimal(sum(cents)) / 100
    assert all(line.goods.amount >= 0 for line in after.lines)


def test_a_discount_can_bring_an_order_under_a_threshold() -> None:
    supply = a_supply("gb", a_line("150"))
    assert reckon(supply).of("duty").amount == Decimal("3.00")
    assert reckon(discounted(supply, Money(Decimal(15), "GBP"))).of("duty").amount == 0


def test_more_than_the_goods_cannot_be_taken_off() -> None:
    with pytest.raises(ValueError, match="cannot be taken off"):
        discounted(a_supply("gb", a_line("10")), Money(Decimal(11), "GBP"))
