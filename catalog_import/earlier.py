"""What the shop has of a variant already, by the sheet's own columns.

A column that a sheet does not have says nothing: the previous values hold, and the row is then
checked whole, as if the sheet had named them. A cell that is there and empty does speak: it empties
the value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_import.columns import STONE_GROUPS
from catalog_import.drafts import ProductDraft, VariantDraft
from i18n.passport import Passport
from i18n.price_formula import PriceFormula

_AMOUNTS = {
    "stones_price": "stones",
    "setting_price": "setting",
    "finish_price": "finish",
    "engraving_price": "engraving",
    "loss_percent": "loss_percent",
    "margin_percent": "margin_percent",
}
# Columns that have a meaning together only: where the sheet has one of them, it has spoken.
_TOGETHER = (
    ("alloy_2", "grams_2"),
    ("ring_size", "ring_size_system", "inner_diameter_mm"),
    ("making_kind", "making"),
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A brand's products by code, and its variants with their product by SKU."""

    products: Mapping[str, ProductDraft] = field(default_factory=dict)
    variants: Mapping[str, tuple[ProductDraft, VariantDraft]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)  # casefolded code → code
    sku_spellings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Mapping[str, ProductDraft]) -> Earlier:
        """Look-ups over what a sink has."""
        variants = {
            variant.sku: (product, variant)
            for product in products.values()
            for variant in product.variants
        }
        return cls(
            products,
            variants,
            {code.casefold(): code for code in products},
            {sku.casefold(): sku for sku in variants},
        )

    def code(self, code: str) -> str:
        """The code as the shop spells it: R1 and r1 are one product of a brand."""
        return code if code in self.products else self.spellings.get(code.casefold(), code)

    def sku(self, sku: str) -> str:
        """The SKU as the shop spells it."""
        return sku if sku in self.variants else self.sku_spellings.get(sku.casefold(), sku)

    def fill(self, values: dict[str, Any], columns: Collection[str]) -> None:
        """Add to a row's values what its sheet has no column for. `columns` are those it has."""
        known = self.variants.get(values.get("sku") or "")
        if known and "product_code" not in columns:
            values["product_code"] = known[0].code
        product = self.products.get(values.get("product_code") or "")
        before: dict[str, Any] = {}
        if product is not None:
            before |= of_product(product)
        if known is not None:
            before |= of_variant(known[1])
            _drop_what_was_replaced(before, values, columns)
        for name, value in before.items():
            if name not in columns and value is not None:
                values.setdefault(name, value)


def of_product(product: ProductDraft) -> dict[str, Any]:
    """What the product's columns hold; None for an empty cell."""
    texts = {f"name_{_suffix(language)}": text for language, text in product.names.items()}
    texts |= {f"description_{_suffix(lang)}": text for lang, text in product.descriptions.items()}
    return {
        **texts,
        "kind": product.kind,
        "collection": product.collection or None,
        "model_file": product.model_file,
        "markets": product.markets or None,
        "engraving_max": product.engraving_max,
    }


def of_variant(variant: VariantDraft) -> dict[str, Any]:
    """What the variant's columns hold; None for an empty cell."""
    return {
        **_of_passport(variant.passport),
        **_of_price(variant.price),
        "ring_size": variant.ring_size_label or None,
        "ring_size_system": variant.ring_size_system or None,
        "stock": variant.stock,
        "made_to_order_days": variant.made_to_order_days,
    }


def _of_passport(passport: Passport) -> dict[str, Any]:
    values: dict[str, Any] = {
        "finish": passport.finish,
        "plating": passport.plating or None,
        "hallmarks": passport.hallmarks or None,
        "origin": passport.origin or None,
        "hs_code": passport.hs_code or None,
        "certificates": passport.certificates or None,
        "substances": passport.substances or None,
    }
    values |= {f"{name}_mm": value for name, value in passport.dimensions_mm.items()}
    for suffix, part in zip(("", "_2"), passport.metals, strict=False):
        values |= {f"alloy{suffix}": part.alloy, f"grams{suffix}": part.grams}
    for n, stone in enumerate(passport.stones[:STONE_GROUPS], 1):
        values |= {
            f"stone_{n}_kind": stone.kind,
            f"stone_{n}_count": stone.count,
            f"stone_{n}_carat": stone.carat,
            f"stone_{n}_origin": stone.origin.value,
            f"stone_{n}_treatment": stone.treatment,
            f"stone_{n}_cut": stone.cut or None,
            f"stone_{n}_report": stone.report or None,
            f"stone_{n}_country": stone.country or None,
        }
    return values


def _of_price(price: PriceFormula) -> dict[str, Any]:
    values: dict[str, Any] = {
        column: getattr(price, name) or None for column, name in _AMOUNTS.items()
    }
    return values | {
        "currency": price.currency,
        "making_kind": price.making_kind.value,
        # Nothing by gram or in percent is said, too: such a kind needs its figure.
        "making": None if price.making_kind.is_free else price.making,
        "fixed_price": price.fixed,
        "price_floor": price.floor,
        "price_ceiling": price.ceiling,
        "compare_at_price": price.compare_at,
    }


def _drop_what_was_replaced(
    before: dict[str, Any], values: Mapping[str, Any], columns: Collection[str]
) -> None:
    """Drop old halves of what the sheet states again: the cut of a stone that has changed."""
    for group in _TOGETHER:
        if any(name in columns for name in group):
            for name in group:
                before.pop(name, None)
    for n in range(1, STONE_GROUPS + 1):
        kind = f"stone_{n}_kind"
        if kind in columns and values.get(kind) != before.get(kind):
            for name in [name for name in before if name.startswith(f"stone_{n}_")]:
                del before[name]


def _suffix(language: str) -> str:
    return language.lower().replace("-", "_")
