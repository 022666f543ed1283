"""A charge: the shape that duties, fees and taxes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from types import MappingProxyType
from typing import Literal

from i18n.money import Money
from i18n.scope import Valued

ROUNDINGS: Mapping[str, str] = MappingProxyType(
    {
        "half-up": ROUND_HALF_UP,
        "half-even": ROUND_HALF_EVEN,
        "down": ROUND_DOWN,
        "up": ROUND_UP,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Valued):
    """So much of so much.

    `rate` is a share (0.2 is 20 %); `rates` gives it by region; `amount` is a fixed sum instead.
    `base` names what the rate is taken of: goods, shipping, insurance, duty, fee, tax, or the name
    of an earlier rule of the market ("consumption"). `excess` charges only the part of the base
    above `over`.
    `each` says how often it is calculated and rounded: once an order, per line, per HS code, per
    item, per six-digit heading. With `per` the rate is a fraction: 22 per 78. `base_step` and
    `step` round the base and the result to a multiple (Japan: 1000 and 100 yen); without `step` the
    currency's minor unit holds. `total_step` rounds the sum over all lines instead, while later
    charges still take their base from the rounded parts, as Japan Customs calculates. `minimum` and
    `maximum` bound the result. `collect` is who owes it to the authority when the seller does not
    prepay.
    `registration` limits it to sellers who hold that registration ("ioss"), `nexus` to sellers
    registered in the region that the goods go to ("US-NY").
    `instead_of` names rules that this one replaces where it applies. `waivable` False survives a
    low-value relief.
    """

    rate: Decimal | None = None
    per: int = 1
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    amount: Money | None = None
    base: tuple[str, ...] = ("goods",)
    each: Literal["order", "line", "code", "item", "hs6"] = "order"
    excess: bool = False
    minimum: Money | None = None
    maximum: Money | None = None
    base_step: Decimal | None = None
    step: Decimal | None = None
    total_step: Decimal | None = None
    rounding: Literal["half-up", "half-even", "down", "up"] = "half-up"
    base_rounding: Literal["half-up", "half-even", "down", "up"] = "down"
    collect: Literal["importer", "seller"] = "importer"
    registration: str = ""
    nexus: bool = False
    instead_of: tuple[str, ...] = ()
    waivable: bool = True

    def __post_init__(self) -> None:
        # The zero-argument super() is lost when slots=True rebuilds the class.
        Valued.__post_init__(self)
        if (self.rate is not None) + bool(self.rates) + (self.amount is not None) > 1:
            raise ValueError("only one of rate, rates and amount can hold")
        if self.per < 1 or (self.per > 1 and self.rate is None):
            raise ValueError("per is 1 or more and belongs to a rate")
        for rate in (*self.rates.values(), *(() if self.rate is None else (self.rate,))):
            if not 0 <= rate / self.per <= 2:
                raise ValueError(f"rate {rate} must be a share between 0 and 2")
        if self.excess and (self.over is None or self.up_to or self.below or self.at_least):
            raise ValueError("excess needs over, and no other threshold")
        if self.is_stated and self.amount is None and self.each in ("item", "hs6"):
            raise ValueError(f"each = {self.each!r} is for fixed amounts; a rate goes by line")

    def holds(
        self, amount: Decimal, currency: str, rates: Mapping[str, Decimal], rule: str
    ) -> bool:
        """Whether a value is in the window; of an `excess` charge the base decides, later."""
        if self.excess:
            return True
        return Valued.holds(self, amount, currency, rates, rule)

    @property
    def is_stated(self) -> bool:
        """Whether the law's number is known; only a rule in state unknown may lack it."""
        return self.rate is not None or bool(self.rates) or self.amount is not None
