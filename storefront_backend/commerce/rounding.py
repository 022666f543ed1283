"""How a market likes its prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from i18n.money import Money, minor_unit


class Rounding(StrEnum):
    """What becomes of an amount in minor units; every rule ends above zero."""

    MINOR_UNIT = "minor-unit"
    CASH = "cash"  # the nearest amount that coins can pay: a multiple of the policy's cash step
    WHOLE = "whole"  # up to the next whole amount
    TENS = "tens"  # up to the next ten
    CHARM = "charm"  # up to the next whole amount that ends in 9


_ONE = Decimal(1)
_TENTH = Decimal("0.1")

# Each takes the amount in minor units and the cash step. pricing/repricing_sql.py says the same
# to the database; tests/storefront_backend/pricing/test_pricing_set.py holds the two together.
_RULES: Mapping[Rounding, Callable[[Decimal, Decimal], Decimal]] = {
    Rounding.MINOR_UNIT: lambda amount, _: amount,
    Rounding.CASH: lambda amount, step: (amount / step).quantize(_ONE, ROUND_HALF_UP) * step,
    Rounding.WHOLE: lambda amount, _: amount.quantize(_ONE, ROUND_CEILING),
    Rounding.TENS: lambda amount, _: (amount * _TENTH).quantize(_ONE, ROUND_CEILING) * 10,
    Rounding.CHARM: lambda amount, _: (
        ((amount + 1) * _TENTH).quantize(_ONE, ROUND_CEILING) * 10 - 1
    ),
}


def rounded(money: Money, rule: Rounding, cash_step: Decimal = Decimal("0.05")) -> Money:
    """The amount as the market likes to read it, one minor unit at least.

    First to the minor unit, then by the rule: a hundredth of a cent that an exchange rate leaves
    behind must not lift a price of 1,200 to 1,201.
    """
    unit = minor_unit(money.currency)
    amount = _RULES[rule](money.amount.quantize(unit, ROUND_HALF_UP), cash_step)
    return Money(max(amount, unit).quantize(unit), money.currency)
