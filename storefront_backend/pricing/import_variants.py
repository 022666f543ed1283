"""Variants of a sheet into their rows: a portion is one JSON document that PostgreSQL takes apart.

6,000 rows took 2.5 s this way and 6.5 s through the ORM (both profiled), which makes a model of
each row and prepares, quotes and parses every value by itself. COPY is no way: PostgreSQL
refuses it on tables with row-level security.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from catalog_import.drafts import ProductDraft, VariantDraft
from i18n.price_formula import PriceFormula
from storefront_backend.catalog.models import Brand, Product, ProductVariant
from storefront_backend.catalog.slugs import marked

_LONGEST_SKU = 80  # ProductVariant.sku
_SAID = """
jsonb_to_recordset(%(rows)s::jsonb) AS said (id bigint, sku text, own_sku text, product_id bigint,
    position int, alloy text, ring_size_mm numeric, ring_size_label text, ring_size_system text,
    passport jsonb, price_formula jsonb, made_to_order_days int)
"""
_INSERT = f"""
INSERT INTO catalog_productvariant (brand_id, sku, own_sku, product_id, position, alloy,
    ring_size_mm, ring_size_label, ring_size_system, passport, price_formula, made_to_order_days,
    is_active)
SELECT %(brand)s, sku, own_sku, product_id, position, alloy, ring_size_mm, ring_size_label,
    ring_size_system, passport, price_formula, made_to_order_days, true
FROM {_SAID} RETURNING own_sku, id
"""  # noqa: S608 - a text of our own, no value from outside
# A price that is not said is kept.
_UPDATE = f"""
UPDATE catalog_productvariant v SET own_sku = said.own_sku, product_id = said.product_id,
    position = said.position, alloy = said.alloy, ring_size_mm = said.ring_size_mm,
    ring_size_label = said.ring_size_label, ring_size_system = said.ring_size_system,
    passport = said.passport, price_formula = coalesce(said.price_formula, v.price_formula),
    made_to_order_days = said.made_to_order_days, is_active = true
FROM {_SAID} WHERE v.id = said.id
"""  # noqa: S608 - a text of our own, no value from outside


def write_variants(
    brand: Brand, products: Sequence[ProductDraft], rows: Mapping[str, Product],
    drafts: Mapping[str, dict[str, Any]], earlier: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, ProductVariant],
) -> dict[str, int]:  # fmt: skip
    """Write the variants; returns the ids of their rows by own SKU.

    `earlier` holds the prices of the products' drafts before this one, by own SKU, as JSON.
    """
    said: dict[str, dict[str, Any]] = {}
    for product in products:
        plain = drafts[product.code]["variants"]
        for position, (variant, one) in enumerate(zip(product.variants, plain, strict=True)):
            row = _row(rows[product.code].pk, variant, one, position)
            # A price that the sheet says again may have been changed since in the shop: it stays.
            if variant.sku not in known or _is_news(variant.price, earlier.get(variant.sku)):
                row["price_formula"] = one["price"]
            said[variant.sku] = row
    new = [sku for sku in said if sku not in known]
    for sku, public in _public_skus(brand, new).items():
        said[sku]["sku"] = public
    ids = {sku: known[sku].pk for sku in said if sku in known}
    _execute(_UPDATE, brand, [{**said[sku], "id": pk} for sku, pk in ids.items()])
    ids |= _execute(_INSERT, brand, [said[sku] for sku in new])
    return ids


def _row(
    product_id: int, variant: VariantDraft, plain: dict[str, Any], position: int
) -> dict[str, Any]:
    main, size = variant.passport.main_metal, variant.passport.ring_size_mm
    return {
        "own_sku": variant.sku,
        "product_id": product_id,
        "position": position,
        "alloy": main.alloy if main else "",
        "ring_size_mm": None if size is None else str(size),
        "ring_size_label": variant.ring_size_label,
        "ring_size_system": variant.ring_size_system,
        "passport": plain["passport"],
        "made_to_order_days": variant.made_to_order_days,
    }


def _execute(statement: str, brand: Brand, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Own SKUs and ids of what a statement returns."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"brand": brand.pk, "rows": json.dumps(rows)})
        return dict(cursor.fetchall()) if cursor.description else {}


def _is_news(price: PriceFormula, before: Mapping[str, Any] | None) -> bool:
    return before is None or PriceFormula.from_json(before) != price


def _public_skus(brand: Brand, own_skus: Sequence[str]) -> dict[str, str]:
    """SKUs that are unique in the whole shop: the brand's own number behind its slug."""
    plain = {own: f"{brand.slug}.{own}" for own in own_skus}
    rows = ProductVariant.objects.filter(sku__in=list(plain.values()))
    taken = set(rows.values_list("sku", flat=True))
    return {
        own: marked(sku, sku, _LONGEST_SKU) if sku in taken or len(sku) > _LONGEST_SKU else sku
        for own, sku in plain.items()
    }
