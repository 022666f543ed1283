"""What a sheet says about products, as frozen values: the import's own nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from i18n.passport import Passport

# "metal-value" is no making charge, and says that this is meant: the piece sells at its metal.
METAL_VALUE = "metal-value"
MAKING_KINDS = ("none", "per-gram", "fixed", "percent", METAL_VALUE)


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """How a variant's price is made up; amounts are in `currency`, net of tax.

    `making` is an amount a gram, an amount, or a percentage of the metal's value, by
    `making_kind`. `loss_percent` and `margin_percent` are percentages (15 is 15 %). `fixed`, where
    given, is the whole price and the formula is not used. `engraving` is in every piece's price,
    engraved or not. `floor` and `ceiling` hold the formula's price whatever the metal does;
    `compare_at` is the brand's own price before a reduction.
    """

    currency: str
    making_kind: str = "none"
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

    @property
    def at_least(self) -> Decimal:
        """What the price comes to whatever the metal costs, which is never below 0."""
        if self.fixed is not None:
            return self.fixed
        making = self.making if self.making_kind == "fixed" else Decimal(0)
        parts = making + self.stones + self.setting + self.finish + self.engraving
        known = parts * (1 + self.margin_percent / 100)
        if self.ceiling is not None:
            known = min(known, self.ceiling)
        return known if self.floor is None else max(known, self.floor)

    def to_json(self) -> dict[str, Any]:
        """Decimals as strings, exactly."""
        return {
            "currency": self.currency,
            "making_kind": self.making_kind,
            "making": str(self.making),
            "stones": str(self.stones),
            "setting": str(self.setting),
            "finish": str(self.finish),
            "loss_percent": str(self.loss_percent),
            "margin_percent": str(self.margin_percent),
            "fixed": None if self.fixed is None else str(self.fixed),
            "engraving": str(self.engraving),
            **{
                name: None if value is None else str(value)
                for name, value in (
                    ("floor", self.floor),
                    ("ceiling", self.ceiling),
                    ("compare_at", self.compare_at),
                )
            },
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PriceDraft:
        """The price that `to_json` wrote, now or before it knew all these parts."""
        bounds = {
            name: Decimal(raw[name])
            for name in ("floor", "ceiling", "compare_at")
            if raw.get(name) is not None
        }
        amounts = {
            name: Decimal(raw[name])
            for name in ("making", "stones", "setting", "finish", "loss_percent", "margin_percent")
        }
        return cls(
            currency=raw["currency"],
            making_kind=raw["making_kind"],
            fixed=None if raw["fixed"] is None else Decimal(raw["fixed"]),
            engraving=Decimal(raw.get("engraving", 0)),
            **amounts,
            **bounds,
        )


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One row of the sheet: a metal, a size, a price.

    `made_to_order_days` is None where nothing is made to order.
    """

    sku: str
    passport: Passport
    ring_size_label: str
    ring_size_system: str
    price: PriceDraft
    stock: int = 0
    made_to_order_days: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns an equal draft."""
        return {
            "sku": self.sku,
            "passport": self.passport.to_json(),
            "ring_size_label": self.ring_size_label,
            "ring_size_system": self.ring_size_system,
            "price": self.price.to_json(),
            "stock": self.stock,
            "made_to_order_days": self.made_to_order_days,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> VariantDraft:
        """The variant that `to_json` wrote."""
        return cls(
            sku=raw["sku"],
            passport=Passport.from_json(raw["passport"]),
            ring_size_label=raw["ring_size_label"],
            ring_size_system=raw["ring_size_system"],
            price=PriceDraft.from_json(raw["price"]),
            stock=raw["stock"],
            made_to_order_days=raw["made_to_order_days"],
        )


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as the sheet has it. `names` holds one language at least; `markets` are codes."""

    code: str
    kind: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    collection: str = ""
    model_file: str | None = None
    markets: tuple[str, ...] = ()
    engraving_max: int = 0
    variants: tuple[VariantDraft, ...] = ()

    @property
    def name(self) -> str:
        """Its English name, or else the first that it has."""
        return self.names.get("en") or next(iter(self.names.values()), "")

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns an equal draft."""
        return {
            "code": self.code,
            "kind": self.kind,
            "names": dict(self.names),
            "descriptions": dict(self.descriptions),
            "collection": self.collection,
            "model_file": self.model_file,
            "markets": list(self.markets),
            "engraving_max": self.engraving_max,
            "variants": [variant.to_json() for variant in self.variants],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ProductDraft:
        """The product that `to_json` wrote."""
        return cls(
            code=raw["code"],
            kind=raw["kind"],
            names=dict(raw["names"]),
            descriptions=dict(raw["descriptions"]),
            collection=raw["collection"],
            model_file=raw["model_file"],
            markets=tuple(raw["markets"]),
            engraving_max=raw["engraving_max"],
            variants=tuple(VariantDraft.from_json(variant) for variant in raw["variants"]),
        )
