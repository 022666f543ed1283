"""Several pieces changed at once at the desk: hidden, published, retired, put into a collection.

Each is one transaction over rows that are locked in one order, and marks the pieces for relisting.
A sheet that names a retired piece again brings it back, as one that names a withdrawn piece does.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from catalog_import import ProductDraft
from storefront_backend.catalog.models import Brand, Product, ProductVariant
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.slugs import collection_of
from storefront_backend.commerce.errors import InvalidRequest

LONGEST_COLLECTION = 120


def publish(brand: Brand, ids: Sequence[int]) -> list[int]:
    """Those that were not on sale; a retired piece gets back the variants of its last sheet."""
    with transaction.atomic():
        rows = [row for row in _locked(brand, ids) if not row.is_published]
        for row in rows:
            if row.draft and not row.variants.filter(is_active=True).exists():
                skus = [each.sku for each in ProductDraft.from_json(row.draft).variants]
                row.variants.filter(own_sku__in=skus).update(is_active=True)
        return _shown(rows, is_published=True)


def hide(brand: Brand, ids: Sequence[int]) -> list[int]:
    """Off sale; prices and stock of them are still looked after."""
    with transaction.atomic():
        rows = [row for row in _locked(brand, ids) if row.is_published]
        return _shown(rows, is_published=False)


def retire(brand: Brand, ids: Sequence[int]) -> list[int]:
    """Off sale with all their variants, which leave the lists of prices and stock."""
    with transaction.atomic():
        active = ProductVariant.objects.filter(is_active=True).values("product")
        rows = _locked(brand, ids)
        held = set(active.filter(product__in=rows).values_list("product", flat=True))
        rows = [row for row in rows if row.is_published or row.pk in held]
        ProductVariant.objects.filter(product__in=rows).update(is_active=False)
        return _shown(rows, is_published=False)


def collect(brand: Brand, ids: Sequence[int], name: str) -> list[int]:
    """Put pieces into the collection of that name, made where there is none; "" takes them out.

    What the next sheet is compared with changes as well, or it would take the change back.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_COLLECTION or not name.isprintable():
        raise InvalidRequest("The name of a collection has at most 120 characters")
    with transaction.atomic():
        rows = _locked(brand, ids)
        collection = collection_of(brand, name)
        found = collection.pk if collection else None
        moved = [row for row in rows if row.collection_id != found]
        for row in moved:
            row.collection = collection
            if row.draft:
                row.draft = {**row.draft, "collection": name}
            row.save(update_fields=["collection", "draft", "updated_at"])
    return [row.pk for row in moved]


def _locked(brand: Brand, ids: Sequence[int]) -> list[Product]:
    rows = Product.objects.select_for_update(of=("self",)).filter(brand=brand, pk__in=list(ids))
    return list(rows.defer("search").order_by("pk"))


def _shown(rows: Sequence[Product], *, is_published: bool) -> list[int]:
    ids = [row.pk for row in rows]
    Product.objects.filter(pk__in=ids).update(is_published=is_published)
    mark_for_relisting(ids)
    return ids
