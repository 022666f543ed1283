"""A piece as the cells of a sheet: the same columns, so that editor and sheet agree."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalog_import.columns import STONE_GROUPS
from catalog_import.drafts import ProductDraft, VariantDraft
from i18n.locales import LANGUAGES

_SIDES = ("inner_diameter", "width", "height", "depth", "length")
# What the editor changes of a piece, and of one variant; prices and stock have pages of their own.
PIECE_COLUMNS = (
    "kind",
    "collection",
    "markets",
    "engraving_max",
    *(f"{text}_{code.lower().replace('-', '_')}" for code in LANGUAGES
      for text in ("name", "description")),
)  # fmt: skip
_STONE = ("kind", "count", "carat", "origin", "treatment", "cut", "report", "country")
VARIANT_COLUMNS = (
    "alloy", "grams", "alloy_2", "grams_2", "finish", "plating",
    "ring_size", "ring_size_system", *(f"{side}_mm" for side in _SIDES),
    *(f"stone_{n}_{column}" for n in range(1, STONE_GROUPS + 1) for column in _STONE),
    "hallmarks", "origin", "hs_code", "certificates", "substances", "made_to_order_days",
)  # fmt: skip


def piece_cells(product: ProductDraft) -> Mapping[str, str]:
    """What the sheet's columns of a product hold."""
    cells = {
        "kind": product.kind,
        "collection": product.collection,
        "markets": ", ".join(product.markets),
        "engraving_max": str(product.engraving_max),
    }
    for code in LANGUAGES:
        suffix = code.lower().replace("-", "_")
        cells[f"name_{suffix}"] = product.names.get(code, "")
        cells[f"description_{suffix}"] = product.descriptions.get(code, "")
    return cells


def variant_cells(variant: VariantDraft) -> Mapping[str, str]:
    """What the sheet's columns of a variant hold."""
    passport = variant.passport
    cells = dict.fromkeys(VARIANT_COLUMNS, "")
    for suffix, part in zip(("", "_2"), passport.metals, strict=False):
        cells |= {f"alloy{suffix}": part.alloy, f"grams{suffix}": _number(part.grams)}
    for n, stone in enumerate(passport.stones[:STONE_GROUPS], 1):
        said = (
            stone.kind, str(stone.count), _number(stone.carat), stone.origin.value,
            stone.treatment, stone.cut, stone.report, stone.country,
        )  # fmt: skip
        cells |= {f"stone_{n}_{name}": value for name, value in zip(_STONE, said, strict=True)}
    for side in _SIDES:
        if side in passport.dimensions_mm:
            cells[f"{side}_mm"] = _number(passport.dimensions_mm[side])
    days = variant.made_to_order_days
    return cells | {
        "finish": passport.finish,
        "plating": passport.plating,
        "ring_size": variant.ring_size_label,
        "ring_size_system": variant.ring_size_system,
        "hallmarks": ", ".join(passport.hallmarks),
        "origin": passport.origin,
        "hs_code": passport.hs_code,
        "certificates": ", ".join(passport.certificates),
        "substances": ", ".join(passport.substances),
        "made_to_order_days": "" if days is None else str(days),
    }


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
