"""Builders of product drafts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from catalog_import import ProductDraft, VariantDraft
from i18n.passport import MetalPart, Passport
from i18n.price_formula import PriceFormula


def variant(sku: str, *, grams: str = "4.2", alloy: str = "gold-750-yellow") -> VariantDraft:
    """A pendant's variant."""
    passport = Passport("pendant", (MetalPart(alloy, Decimal(grams)),))
    return VariantDraft(sku, passport, "", "", PriceFormula("CNY"))


def product(code: str, *, skus: tuple[str, ...] = (), **changes: Any) -> ProductDraft:
    """A pendant with one variant, or one for each SKU."""
    variants = tuple(variant(sku) for sku in skus or (f"{code}-1",))
    return ProductDraft(**{
        "code": code, "kind": "pendant", "names": {"en": code.title()}, "markets": ("us",),
        "variants": variants, **changes,
    })  # fmt: skip
