"""A variant's price as its brand states it, and what is left of it when only rates can move it.

    metal   = Σ grams × purity × rate per gram × (1 + loss)
    making  = none, per gram of metal, fixed, or per cent of the metal
    home    = (metal + making + stones + setting + finish + engraving) × (1 + margin)

One type from a brand's sheet to the database. A metal's rate enters `home` once and as a factor, so
every formula is a constant and a weight for each metal: `PriceTerms`. A tick of a hundred thousand
variants is then one sum in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

from i18n.errors import InvalidPriceFormula
from i18n.passport import MetalPart

# Terms keep ten places: half of the last is a hundred-millionth of a yuan on a ring.
PLACES = Decimal("1e-10")
_AMOUNTS = (
    "making", "stones", "setting", "finish", "loss_percent", "margin_percent", "engraving",
)  # fmt: skip
_OPTIONAL = ("fixed", "floor", "ceiling", "compare_at")


class Making(StrEnum):
    """How the work on the metal is charged.

    METAL_VALUE charges none, and says that this is meant: the piece sells at its metal.
    """

    NONE = "none"
    PER_GRAM = "per-gram"
    FIXED = "fixed"
    PERCENT = "percent"
    METAL_VALUE = "metal-value"

    @property
    def is_free(self) -> bool:
        """Whether the work costs nothing of its own."""
        return self in (Making.NONE, Making.METAL_VALUE)


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """How one variant's price is made up; amounts are in `currency`, net of tax.

    `making` is an amount a gram, an amount, or a percentage of the metal's value, by
    `making_kind`. `loss_percent` and `margin_percent` are percentages (15 is 15 %). `fixed`, where
    given, is the whole price and the formula is not used. `engraving` is in every piece's price,
    engraved or not. `floor` and `ceiling` hold the formula's price whatever the metal does;
    `compare_at` is the brand's own price before a reduction.
    """

    currency: str
    making_kind: Making = Making.NONE
    making: Decimal = Decimal(0)
    stones: Decimal = Decimal(0)
    setting: Decimal = Decimal(0)
    finish: Decimal = Decimal(0)
    loss_percent: Decimal = Decimal(0)
    margin_percent: Decimal = Decimal(0)
    fixed: Decimal | None = None
    engraving: Decimal = Decimal(0)
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    compare_at: Decimal | None = None

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in _AMOUNTS) < 0:
            raise InvalidPriceFormula("A price formula holds no negative part")
        for name in _OPTIONAL:
            amount = getattr(self, name)
            if amount is not None and amount <= 0:
                raise InvalidPriceFormula(f"The {name.replace('_', ' ')} of a price is above 0")
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise InvalidPriceFormula("The floor is above the ceiling")

    @property
    def loss_factor(self) -> Decimal:
        """What the metal's value is multiplied by for what is lost in making."""
        return 1 + self.loss_percent / 100

    @property
    def margin_factor(self) -> Decimal:
        """What the cost is multiplied by."""
        return 1 + self.margin_percent / 100

    @property
    def extras(self) -> Decimal:
        """What is paid beside metal and making."""
        return self.stones + self.setting + self.finish + self.engraving

    @property
    def at_least(self) -> Decimal:
        """What the price comes to whatever the metal costs, which is never below 0."""
        if self.fixed is not None:
            return self.fixed
        making = self.making if self.making_kind is Making.FIXED else Decimal(0)
        known = (making + self.extras) * self.margin_factor
        if self.ceiling is not None:
            known = min(known, self.ceiling)
        return known if self.floor is None else max(known, self.floor)

    def making_charge(self, metal: Decimal, grams: Decimal) -> Decimal:
        """The making of a piece of so much metal, in money and in grams."""
        match self.making_kind:
            case Making.NONE | Making.METAL_VALUE:
                return Decimal(0)
            case Making.PER_GRAM:
                return self.making * grams
            case Making.FIXED:
                return self.making
            case Making.PERCENT:
                return metal * self.making / 100

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; Decimals as strings, exactly."""
        optional = {name: getattr(self, name) for name in _OPTIONAL}
        return {
            "currency": self.currency,
            "making_kind": self.making_kind.value,
            **{name: str(getattr(self, name)) for name in _AMOUNTS},
            **{name: None if value is None else str(value) for name, value in optional.items()},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PriceFormula:
        """The formula that `to_json` wrote, now or before it knew all these parts."""
        return cls(
            currency=raw["currency"],
            making_kind=Making(raw["making_kind"]),
            **{name: Decimal(raw.get(name, 0)) for name in _AMOUNTS},
            **{name: Decimal(raw[name]) for name in _OPTIONAL if raw.get(name) is not None},
        )


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """A formula with its passport worked in: `constant` money, and grams of pure metal to pay for.

    The weights hold purity, loss, making by per cent and margin, so the home price is
    `constant + Σ weight × rate`, between `floor` and `ceiling`.
    """

    currency: str
    constant: Decimal
    weights: Mapping[str, Decimal]
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def home(self, per_gram: Mapping[str, Decimal]) -> Decimal:
        """The home price at these prices per gram of pure metal, in the home currency."""
        price = self.constant + sum(
            (weight * per_gram[metal] for metal, weight in self.weights.items()), Decimal(0)
        )
        if self.floor is not None:
            price = max(price, self.floor)
        return price if self.ceiling is None else min(price, self.ceiling)


def price_terms(formula: PriceFormula, metals: Iterable[MetalPart]) -> PriceTerms:
    """The terms of a formula for a piece of these metals."""
    if formula.fixed is not None:
        return PriceTerms(formula.currency, _kept(formula.fixed), {})
    weights: dict[str, Decimal] = {}
    grams = Decimal(0)
    by_percent = formula.making_kind is Making.PERCENT
    per_gram = formula.loss_factor * formula.margin_factor
    if by_percent:
        per_gram *= 1 + formula.making / 100
    for part in metals:
        grams += part.grams
        metal = part.kind.metal
        weights[metal] = weights.get(metal, Decimal(0)) + part.fine_grams * per_gram
    making = Decimal(0) if by_percent else formula.making_charge(Decimal(0), grams)
    return PriceTerms(
        currency=formula.currency,
        constant=_kept((making + formula.extras) * formula.margin_factor),
        weights={metal: _kept(weight) for metal, weight in weights.items()},
        floor=formula.floor,
        ceiling=formula.ceiling,
    )


def _kept(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN)
