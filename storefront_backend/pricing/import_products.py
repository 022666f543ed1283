"""Products of a sheet into their rows, in bulk: a handful of statements a portion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from catalog_import.drafts import ProductDraft
from storefront_backend.catalog.models import Brand, Product, ProductVariant
from storefront_backend.catalog.slugs import collection_of, product_slugs

_OF_PRODUCT = (
    "code", "kind", "names", "descriptions", "collection", "markets", "engraving_max",
    "is_published", "draft", "updated_at",
)  # fmt: skip


def locked_products(brand: Brand, codes: Sequence[str]) -> dict[str, Product]:
    """The brand's rows of these codes, locked in one order; R1 finds r1 where there is no R1."""
    own = Product.objects.select_for_update(of=("self",)).filter(brand=brand).defer("search")
    rows = _spelled(own, "code", codes)
    return _by_spelling({row.code: row for row in rows}, codes)


def own_variants(brand: Brand, skus: Sequence[str]) -> dict[str, ProductVariant]:
    """The brand's rows of these SKUs, locked in one order, whatever product they are of.

    Without their passports and prices.
    """
    own = ProductVariant.objects.select_for_update(of=("self",)).filter(brand=brand)
    own = own.only("own_sku", "product_id")
    rows = _spelled(own.exclude(own_sku=""), "own_sku", skus)
    return _by_spelling({row.own_sku: row for row in rows}, skus)


def write_products(
    brand: Brand, products: Sequence[ProductDraft], drafts: Mapping[str, dict[str, Any]],
    known: Mapping[str, Product],
) -> dict[str, Product]:  # fmt: skip
    """Write the products themselves, without variants; returns their rows by code.

    `drafts` are the products as JSON, `known` the rows that there are.
    """
    collections = {
        name: collection_of(brand, name) for name in {each.collection for each in products}
    }
    new = [product for product in products if product.code not in known]
    slugs = product_slugs(brand, [(each.names.get("en", ""), each.code) for each in new])
    rows = dict(known)
    for product, slug in zip(new, slugs, strict=True):
        rows[product.code] = Product(brand=brand, slug=slug)
    now = timezone.now()
    for product in products:
        row = rows[product.code]
        row.code, row.kind = product.code, product.kind
        row.names, row.descriptions = dict(product.names), dict(product.descriptions)
        row.collection, row.markets = collections[product.collection], list(product.markets)
        row.engraving_max, row.is_published = product.engraving_max, True
        row.draft, row.updated_at = drafts[product.code], now
    Product.objects.bulk_create(rows[each.code] for each in new)
    upsert(Product, [rows[p.code] for p in products if p.code in known], _OF_PRODUCT)
    return rows


def upsert(model: Any, rows: list[Any], fields: tuple[str, ...]) -> None:
    """Update rows that there are, in one statement; `bulk_update` is a CASE for each value."""
    if rows:
        model.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=("id",), update_fields=fields
        )


def _spelled(own: Any, field: str, wanted: Sequence[str]) -> list[Any]:
    folded = Q(folded__in=[word.upper() for word in wanted])
    rows = own.alias(folded=Upper(field)).filter(Q(**{f"{field}__in": wanted}) | folded)
    return list(rows.order_by("pk"))


def _by_spelling(rows: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    """Each word's row: as it is written, or else written in other letters, the oldest first."""
    folded: dict[str, Any] = {}
    for spelled, row in rows.items():
        folded.setdefault(spelled.upper(), row)
    found = {word: rows.get(word) or folded.get(word.upper()) for word in wanted}
    return {word: row for word, row in found.items() if row is not None}
