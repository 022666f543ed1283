"""What each line of an order has of its landed cost, to the last minor unit.

A refund, an invoice and a brand's ledger need a line's own part of what was calculated once for the
whole parcel. The quote says it of every charge; the parts add up to what the shopper paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_DOWN, Decimal
from typing import Self

from i18n.landed_cost import CostLine, LandedCost
from i18n.landed_cost.sharing import PARTS_OF, apportion
from i18n.money import Money, minor_unit

# Tax is taken on what comes before it, so it is shared by the sum of the others.
_ORDER = ("goods", "shipping", "insurance", "duty", "fee", "tax")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a landed cost. `duty` holds what customs asks, fees included."""

    goods: Money
    shipping: Money
    duty: Money
    tax: Money

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing."""
        nothing = Money.zero(currency)
        return cls(nothing, nothing, nothing, nothing)

    @classmethod
    def sum(cls, shares: Iterable[Share], currency: str) -> Share:
        """The exact sum of each part."""
        total = Share.zero(currency)
        for share in shares:
            total = total + share
        return total

    @property
    def total(self) -> Money:
        """All parts together."""
        return self.goods + self.shipping + self.duty + self.tax

    def __add__(self, other: Share) -> Share:
        return Share(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: Share) -> Share:
        return Share(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def at_most(self, other: Share) -> Share:
        """Of each part the smaller one."""
        return Share(*(min(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)))

    def worth(self, total: Money) -> Share:
        """A share that comes to `total`, in this one's proportions.

        Where `total` is no more than this share's, no part is more than this one's. Raises
        ZeroDivisionError where this one is worth nothing.
        """
        parts = [getattr(self, f.name) for f in fields(self)]
        return Share(*in_proportion(total, parts))

    def only(self, parts: frozenset[str]) -> Share:
        """The named parts; the others become nothing."""
        zero = Money.zero(self.goods.currency)
        return Share(*(getattr(self, f.name) if f.name in parts else zero for f in fields(self)))

    def of_pieces(self, first: int, last: int, pieces: int) -> Share:
        """The part of the pieces first … last-1, counted from 0, of a line of `pieces`.

        Cut so that the shares of 0…k and k…n add up to the whole for every k.
        """
        if not 0 <= first <= last <= pieces:
            raise ValueError(f"pieces {first} to {last} of {pieces}")
        return Share(*(_between(getattr(self, f.name), first, last, pieces) for f in fields(self)))


def in_proportion(total: Money, parts: Sequence[Money]) -> list[Money]:
    """The total cut as the parts are, each cut on the running sum: they come to it exactly."""
    whole = sum((part.amount for part in parts), Decimal(0))
    found, before, given = [], Decimal(0), Money.zero(total.currency)
    for part in parts:
        before += part.amount
        upto = Money(total.amount * before / whole, total.currency).quantized()
        found.append(upto - given)
        given = upto
    return found


PARTS = frozenset(("goods", "shipping", "duty", "tax"))


def shares(cost: LandedCost, goods: Mapping[str, Money]) -> dict[str, Share]:
    """The share of each line, by its id; `goods` are the lines' net goods in the same order.

    What the shopper pays at the door is no part of it: the shop never held that money.
    Raises ValueError when a cost line names a line that is not there.
    """
    keys = tuple(goods)
    parts = {key: dict.fromkeys(("goods", "shipping", "duty", "tax"), Decimal(0)) for key in keys}
    unit = minor_unit(cost.currency)
    for line in sorted(cost.lines, key=lambda line: _ORDER.index(line.kind)):
        if line.payer == "importer":
            continue
        for key, amount in _spread(line, keys, parts, unit).items():
            parts[key][PARTS_OF[line.kind]] += amount
    return {
        key: Share(**{name: Money(amount, cost.currency) for name, amount in found.items()})
        for key, found in parts.items()
    }


def _spread(
    line: CostLine, keys: Sequence[str], parts: Mapping[str, Mapping[str, Decimal]], unit: Decimal
) -> dict[str, Decimal]:
    if not line.parts:
        # A charge on a whole order, sold before quotes said what each line bears of it.
        weights = [sum(parts[key].values(), Decimal(0)) for key in keys]
        return dict(zip(keys, apportion(line.amount.amount, weights, unit), strict=True))
    unknown = [key for key, _ in line.parts if key not in parts]
    if unknown:
        raise ValueError(f"{line.label} is of the line {unknown[0]}, which is not there")
    return dict(line.parts)


def _between(whole: Money, first: int, last: int, pieces: int) -> Money:
    unit = minor_unit(whole.currency)

    def upto(count: int) -> Decimal:
        if count == pieces:
            return whole.amount
        return (whole.amount * count / pieces).quantize(unit, ROUND_DOWN)

    return Money(upto(last) - upto(first), whole.currency)
