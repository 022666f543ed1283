"""A brand's part of the catalogue as the sink of an import.

| killed                       | so                                                             |
|------------------------------|----------------------------------------------------------------|
| while meshes go to the store | no row knows them; the sweep deletes them later                |
| in a portion's transaction   | the database has nothing of the portion                        |
| after it, before the queue   | products carry their mark for relisting; the sweep reads it    |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, transaction

from catalog_import import Refused
from catalog_import.drafts import ProductDraft
from storefront_backend.catalog.models import Brand, Product, ProductVariant, Warehouse
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.search import index_products
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.pricing import import_images as images
from storefront_backend.pricing import import_stock
from storefront_backend.pricing.import_meshes import Mesh, put_models, store_mesh
from storefront_backend.pricing.import_products import (
    locked_products,
    own_variants,
    write_products,
)
from storefront_backend.pricing.import_variants import write_variants

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BrandSink:
    """Implements catalog_import's Sink for one brand; no call reaches another brand's rows.

    `files` is the folder of the mesh files that the sheet names; None where meshes come by another
    way. `on_saved` is called after commit with the ids of products, to list and build. What it
    would have done is marked in the transaction, too, for the sweep. `run` is the run that keeps
    what it finds, to be undone.
    """

    brand: Brand
    warehouse: Warehouse
    files: Path | None
    store: AssetStore
    on_saved: Callable[[Sequence[int]], None]
    run: UUID | None = None

    def existing(self) -> Mapping[str, ProductDraft]:
        """The brand's products on sale that a sheet has made, by code."""
        rows = (
            Product.objects.filter(brand=self.brand, is_published=True)
            .exclude(draft={})  # taken in from elsewhere: no sheet may withdraw it
            .values_list("code", "draft")
        )
        return {code: ProductDraft.from_json(draft) for code, draft in rows.iterator()}

    def put(self, *products: ProductDraft) -> Refused:
        """Create or replace products with variants, stock and mesh, each all or nothing.

        One transaction for all of them. Where the database refuses something of them, each is
        tried alone, so that one bad product keeps no other out.
        """
        if not products:
            return {}
        meshes = {
            product.code: mesh
            for product in products
            if (mesh := store_mesh(product, self.files, self.store)) is not None
        }
        if len(products) == 1 or _are_apart(products):
            try:
                self._put(products, meshes)
            except (IntegrityError, DataError) as error:
                if len(products) == 1:
                    return self._refused(products[0], error)
            else:
                return {}
        refused: dict[str, str] = {}
        for product in products:
            try:
                self._put([product], meshes)
            except (IntegrityError, DataError) as error:
                refused |= self._refused(product, error)
        return refused

    def withdraw(self, *codes: str) -> None:
        """Take products out of sale; orders keep their own record of them."""
        if not codes:
            return
        with transaction.atomic():
            rows = Product.objects.select_for_update().filter(
                brand=self.brand, code__in=codes, is_published=True
            )
            ids = list(rows.order_by("pk").values_list("pk", flat=True))
            images.keep(self.run, ids)
            Product.objects.filter(pk__in=ids).update(is_published=False)
            images.settle(self.run, ids)
            self._follow(ids)

    def set_stock(self, products: Iterable[ProductDraft]) -> None:
        """Make the pieces in stock what the sheet says, though it said the same before."""
        said = {v.sku: v.stock for product in products for v in product.variants}
        with transaction.atomic():
            rows = own_variants(self.brand, list(said))
            ids = sorted({row.product_id for row in rows.values()})
            images.keep(self.run, ids)
            import_stock.set_stock(self.warehouse, {row.pk: said[sku] for sku, row in rows.items()})
            images.settle(self.run, ids)
            self._follow(ids)

    def _put(self, products: Sequence[ProductDraft], meshes: Mapping[str, Mesh]) -> None:
        drafts = {product.code: product.to_json() for product in products}
        skus = [variant.sku for product in products for variant in product.variants]
        with transaction.atomic():
            known = locked_products(self.brand, list(drafts))
            variants = own_variants(self.brand, skus)
            touched = _touched(known, variants)
            images.keep(self.run, touched)
            earlier = _prices([row.draft for row in known.values()])
            rows = write_products(self.brand, products, drafts, known)
            new = [row.pk for code, row in rows.items() if code not in known]
            images.keep_new(self.run, new)
            found = write_variants(self.brand, products, rows, drafts, earlier, variants)
            ids = [row.pk for row in rows.values()]
            _retire_others(ids, list(found.values()))
            stock = {found[v.sku]: v.stock for each in products for v in each.variants}
            import_stock.put_stock(self.warehouse, stock)
            index_products(Product.objects.filter(pk__in=ids))
            put_models(
                self.brand,
                rows,
                {product.code: product for product in products},
                {code: mesh for code, mesh in meshes.items() if code in drafts},
            )
            images.settle(self.run, [*touched, *new])
            self._follow(ids)

    def _follow(self, product_ids: Sequence[int]) -> None:
        mark_for_relisting(product_ids)
        # A queue that fails must not fail what is written: the mark is left for the sweep.
        transaction.on_commit(lambda: self.on_saved(product_ids), robust=True)

    def _refused(self, product: ProductDraft, error: Exception) -> Refused:
        log.warning("product refused", brand=self.brand.slug, code=product.code, error=str(error))
        return {product.code: str(error).partition("\n")[0]}


def _are_apart(products: Sequence[ProductDraft]) -> bool:
    """Whether no two of them could be meant for the same row."""
    codes = [product.code.upper() for product in products]
    skus = [variant.sku.upper() for product in products for variant in product.variants]
    return len(set(codes)) == len(codes) and len(set(skus)) == len(skus)


def _touched(known: Mapping[str, Product], variants: Mapping[str, ProductVariant]) -> list[int]:
    """Products of which something changes: also those that lose a variant to another."""
    return sorted({row.pk for row in known.values()} | {v.product_id for v in variants.values()})


def _prices(drafts: Iterable[dict[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """The prices of these drafts, by own SKU."""
    return {
        variant["sku"]: variant["price"]
        for draft in drafts
        for variant in draft.get("variants", ())
    }


def _retire_others(product_ids: Sequence[int], variant_ids: Sequence[int]) -> None:
    rows = ProductVariant.objects.filter(product__in=product_ids, is_active=True)
    rows.exclude(own_sku="").exclude(pk__in=variant_ids).update(is_active=False)
