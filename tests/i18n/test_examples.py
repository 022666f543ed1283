"""Every worked example of every market, and that each market has enough of them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost, landed_cost
from i18n.rulebook import FOLDER, load_rulebook
from i18n.rulebook.examples import MarketExample, load_examples

RULEBOOK = load_rulebook()
EXAMPLES = load_examples(FOLDER, {m.code: m.currency for m in RULEBOOK.markets})


def calculate(example: MarketExample) -> LandedCost:
    expects = example.expects
    return landed_cost(
        example.supply, RULEBOOK, expects.on, accept_disputed=expects.accept, rates=expects.rates
    )


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.expects.refused], ids=str)
def test_it_costs_what_the_example_says(example: MarketExample) -> None:
    expects, quote = example.expects, calculate(example)
    stated = {kind: getattr(expects, kind) for kind in ("duty", "tax", "fee", "total")}
    calculated = {kind: quote.of(kind).amount for kind in ("duty", "tax", "fee")}
    calculated["total"] = quote.total.amount
    by_rule = {rule: Decimal(0) for rule in expects.amounts}
    for line in quote.lines:
        if line.rule in by_rule:
            by_rule[line.rule] += line.amount.amount
    assert {k: v for k, v in calculated.items() if stated[k] is not None} == {
        k: v for k, v in stated.items() if v is not None
    }
    assert by_rule == dict(expects.amounts)
    payers = {line.rule: line.payer for line in quote.lines if line.rule in expects.payers}
    assert payers == dict(expects.payers)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.expects.refused], ids=str)
def test_it_is_refused_by_the_rule_the_example_names(example: MarketExample) -> None:
    with pytest.raises(SaleRefused) as refusal:
        calculate(example)
    assert refusal.value.rule == example.expects.refused


@pytest.mark.parametrize("market", [m.code for m in RULEBOOK.markets])
def test_every_market_has_at_least_twelve_examples(market: str) -> None:
    assert Counter(example.market for example in EXAMPLES)[market] >= 12
