"""A variant's price as its brand states it, and what is left of it when only rates can move it.

    metal   = Σ grams × purity × rate per gram × (1 + loss)
    making  = none, per gram of metal, fixed, or per cent of the metal
    home    = (metal + making + stones + setting + finish + engraving) × (1 + margin)

A metal's rate enters `home` once and as a factor, so every formula is a constant and a weight for
each metal: `PriceTerms`. A tick of a hundred thousand variants is then one sum in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

from i18n.passport import MetalPart
from storefront_backend.commerce.errors import InvalidRequest

# Terms keep ten places: half of the last is a hundred-millionth of a yuan on a ring.
PLACES = Decimal("1e-10")
_AMOUNTS = ("making_amount", "stones", "setting", "finish", "engraving", "loss", "margin")
_OPTIONAL = ("fixed", "floor", "ceiling", "compare_at")


class Making(StrEnum):
    """How the work on the metal is charged."""

    NONE = "none"
    PER_GRAM = "per-gram"
    FIXED = "fixed"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """One variant's price, in the brand's currency.

    `making_amount` is money per gram, money, or per cent, by `making`. `fixed` replaces the whole
    formula. Loss and margin are shares (0.03 is 3 %). `floor` and `ceiling` bound the home price
    independent of the metal. `compare_at` is the brand's own price before a reduction.
    """

    currency: str
    making: Making = Making.NONE
    making_amount: Decimal = Decimal(0)
    stones: Decimal = Decimal(0)
    setting: Decimal = Decimal(0)
    finish: Decimal = Decimal(0)
    loss: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    fixed: Decimal | None = None
    engraving: Decimal = Decimal(0)
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    compare_at: Decimal | None = None

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in _AMOUNTS) < 0:
            raise InvalidRequest("A price formula holds no negative part", field="price_formula")
        for name in _OPTIONAL:
            amount = getattr(self, name)
            if amount is not None and amount <= 0:
                raise InvalidRequest(
                    f"The {name.replace('_', ' ')} of a price is above 0", field="price_formula"
                )
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise InvalidRequest("The floor is above the ceiling", field="price_formula")

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        optional = {name: getattr(self, name) for name in _OPTIONAL}
        return {
            "currency": self.currency,
            "making": self.making.value,
            **{name: str(getattr(self, name)) for name in _AMOUNTS},
            **{name: None if value is None else str(value) for name, value in optional.items()},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PriceFormula:
        """The formula that `to_json` wrote, now or before it knew all these parts."""
        return cls(
            currency=raw["currency"],
            making=Making(raw["making"]),
            **{name: Decimal(raw.get(name, 0)) for name in _AMOUNTS},
            **{name: Decimal(raw[name]) for name in _OPTIONAL if raw.get(name) is not None},
        )

    def making_charge(self, metal: Decimal, grams: Decimal) -> Decimal:
        """The making of a piece of so much metal, in money and in grams."""
        match self.making:
            case Making.NONE:
                return Decimal(0)
            case Making.PER_GRAM:
                return self.making_amount * grams
            case Making.FIXED:
                return self.making_amount
            case Making.PERCENT:
                return metal * self.making_amount / 100


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
    by_percent = formula.making is Making.PERCENT
    per_gram = (1 + formula.loss) * (1 + formula.margin)
    if by_percent:
        per_gram *= 1 + formula.making_amount / 100
    for part in metals:
        grams += part.grams
        metal = part.kind.metal
        weights[metal] = weights.get(metal, Decimal(0)) + part.fine_grams * per_gram
    making = Decimal(0) if by_percent else formula.making_charge(Decimal(0), grams)
    parts = making + formula.stones + formula.setting + formula.finish + formula.engraving
    return PriceTerms(
        currency=formula.currency,
        constant=_kept(parts * (1 + formula.margin)),
        weights={metal: _kept(weight) for metal, weight in weights.items()},
        floor=formula.floor,
        ceiling=formula.ceiling,
    )


def _kept(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN)
