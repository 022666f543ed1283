"""From a price with everything in it back to the goods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from i18n.landed_cost.model import LandedCost, Supply
from i18n.money import Money, TaxedMoney, minor_unit


def with_tax(net: Money, rate: Decimal, rounding: str = ROUND_HALF_UP) -> TaxedMoney:
    """Tax put on a net amount."""
    return TaxedMoney(net, (net * rate).quantized(rounding))


def within_tax(gross: Money, rate: Decimal, rounding: str = ROUND_HALF_UP) -> TaxedMoney:
    """The net and the tax inside a gross amount; they add up to it exactly.

    The tax is rounded, the net takes the rest, and `with_tax` of that net gives the gross back
    wherever some net does.
    """
    tax = (gross * (rate / (1 + rate))).quantized(rounding)
    found = TaxedMoney(gross - tax, tax)
    if with_tax(found.net, rate, rounding).gross == gross:
        return found
    step = Money(minor_unit(gross.currency), gross.currency)
    for net in (found.net - step, found.net + step):
        if with_tax(net, rate, rounding).gross == gross:
            return with_tax(net, rate, rounding)
    return found


def goods_within(
    total: Money, supply: Supply, reckon: Callable[[Supply], LandedCost], at: int = 0
) -> Supply:
    """The supply whose line `at` costs as much as it can without the landed total passing `total`.

    `reckon` is landed_cost with its law, day and rates filled in. Where some price of the goods
    lands exactly on the total, the dearest such price is found; where the law skips over it, the
    price just below. ValueError when even free goods land above the total.
    Holds where a dearer piece never lands cheaper, which the tests show for every market.
    """
    currency = total.currency
    unit = minor_unit(currency)

    def priced(steps: int) -> Supply:
        line = replace(supply.lines[at], goods=Money(steps * unit, currency))
        return replace(supply, lines=(*supply.lines[:at], line, *supply.lines[at + 1 :]))

    low, high = 0, int(total.amount / unit)
    if reckon(priced(low)).total > total:
        raise ValueError(f"{total} does not cover freight, duty and tax of this supply")
    while low < high:
        middle = (low + high + 1) // 2
        if reckon(priced(middle)).total <= total:
            low = middle
        else:
            high = middle - 1
    return priced(low)
