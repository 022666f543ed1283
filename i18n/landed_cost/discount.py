"""A reduction of an order, shared among its lines before duty and tax are calculated."""

from __future__ import annotations

from dataclasses import replace

from i18n.landed_cost.model import Supply
from i18n.landed_cost.sharing import apportion
from i18n.money import Money, minor_unit


def discounted(supply: Supply, off: Money) -> Supply:
    """The supply with `off` taken from its goods, by value, to the last minor unit.

    A line that states a customs value keeps it: customs does not follow what the shop gives away.
    ValueError when more is taken off than the goods cost; CurrencyMismatch in another currency.
    """
    goods = Money.sum((line.goods for line in supply.lines), supply.shipping.currency)
    if off.amount < 0 or off > goods:
        raise ValueError(f"{off} cannot be taken off goods of {goods}")
    parts = apportion(
        off.amount, [line.goods.amount for line in supply.lines], minor_unit(off.currency)
    )
    lines = [
        replace(line, goods=line.goods - Money(part, off.currency))
        for line, part in zip(supply.lines, parts, strict=True)
    ]
    return replace(supply, lines=tuple(lines))
