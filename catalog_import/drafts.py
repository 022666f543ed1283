"""What a sheet says about products, as frozen values: the import's own nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from i18n import locales
from i18n.passport import Passport
from i18n.price_formula import PriceFormula


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One row of the sheet: a metal, a size, a price.

    `made_to_order_days` is None where nothing is made to order.
    """

    sku: str
    passport: Passport
    ring_size_label: str
    ring_size_system: str
    price: PriceFormula
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
            price=PriceFormula.from_json(raw["price"]),
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


def joined(
    code: str, first: Mapping[str, tuple[Any, str]], variants: Sequence[VariantDraft]
) -> ProductDraft:
    """The product that rows of one code make; `first` is what they say of it, with its cells."""
    said: Mapping[str, Any] = {name: value for name, (value, _) in first.items()}
    return ProductDraft(
        code=code,
        kind=said["kind"],
        names=_by_language(said, "name_"),
        descriptions=_by_language(said, "description_"),
        collection=said.get("collection", ""),
        model_file=said.get("model_file"),
        markets=said.get("markets", ()),
        engraving_max=said.get("engraving_max", 0),
        variants=tuple(variants),
    )


def _by_language(said: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {
        locales.language(name.removeprefix(prefix)).code: value
        for name, value in said.items()
        if name.startswith(prefix)
    }
