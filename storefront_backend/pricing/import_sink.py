"""A brand's part of the catalogue as the sink of an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Upper

from catalog_import.drafts import ProductDraft, VariantDraft
from storefront_backend.catalog.models import Brand, Product, ProductVariant, Stock, Warehouse
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.search import index_products
from storefront_backend.catalog.slugs import collection_of, marked, product_slug
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Model

_SOURCE_TYPE = "application/octet-stream"
_LONGEST_SKU = 80  # ProductVariant.sku


@dataclass(frozen=True, slots=True)
class BrandSink:
    """Implements catalog_import's Sink for one brand; no call reaches another brand's rows.

    `files` is the folder of the mesh files that the sheet names; None where meshes come by another
    way. `on_saved` is called after commit with the product's id, to list and
    build. What it would have done is marked in the transaction, too, for the sweep.
    """

    brand: Brand
    warehouse: Warehouse
    files: Path | None
    store: AssetStore
    on_saved: Callable[[int], None]

    def existing(self) -> Mapping[str, ProductDraft]:
        """The brand's products on sale that a sheet has made, by code."""
        rows = (
            Product.objects.filter(brand=self.brand, is_published=True)
            .exclude(draft={})  # taken in from elsewhere: no sheet may withdraw it
            .only("code", "draft")
        )
        return {row.code: ProductDraft.from_json(row.draft) for row in rows}

    def put(self, product: ProductDraft) -> None:
        """Create or replace the product with its variants, stock and mesh, all or nothing.

        The mesh goes to the store first: a transaction that waited for it would hold its locks for
        minutes. The sweep deletes a mesh without a row later.
        """
        source = self._store_mesh(product)
        with transaction.atomic():
            row = self._row(product)
            before = ProductDraft.from_json(row.draft) if row.draft else None
            known = {variant.sku: variant for variant in before.variants} if before else {}
            Product.objects.filter(pk=row.pk).update(draft=product.to_json())
            skus = [
                self._put_variant(row, variant, known.get(variant.sku), position)
                for position, variant in enumerate(product.variants)
            ]
            row.variants.exclude(own_sku="").exclude(sku__in=skus).update(is_active=False)
            index_products(Product.objects.filter(pk=row.pk))
            if source is not None:
                self._put_model(row, product, *source)
            self._follow(row.pk)

    def withdraw(self, code: str) -> None:
        """Take the product out of sale; orders keep their own record of it."""
        with transaction.atomic():
            rows = Product.objects.select_for_update().filter(
                brand=self.brand, code=code, is_published=True
            )
            for row in rows:
                Product.objects.filter(pk=row.pk).update(is_published=False)
                self._follow(row.pk)

    def set_stock(self, product: ProductDraft) -> None:
        """Make the pieces in stock what the sheet says, though it said the same before."""
        with transaction.atomic():
            for variant in product.variants:
                row = self._variant_row(variant.sku)
                if row is not None:
                    self._set_quantity(row, variant.stock)
                    self._follow(row.product_id)

    def _follow(self, product_id: int) -> None:
        mark_for_relisting([product_id])
        # A queue that fails must not fail what is written: the mark is left for the sweep.
        transaction.on_commit(lambda: self.on_saved(product_id), robust=True)

    def _row(self, product: ProductDraft) -> Product:
        """The product's row, locked, with what the sheet says of the product itself.

        Its draft is still the one before.
        """
        said: dict[str, Any] = {
            "code": product.code,
            "kind": product.kind,
            "names": dict(product.names),
            "descriptions": dict(product.descriptions),
            "collection": collection_of(self.brand, product.collection),
            "markets": list(product.markets),
            "engraving_max": product.engraving_max,
            "is_published": True,
        }
        row = self._product_row(product.code)
        if row is None:
            return self._new_row(product, said)
        for name, value in said.items():
            setattr(row, name, value)
        row.save(update_fields=[*said, "updated_at"])
        return row

    def _product_row(self, code: str) -> Product | None:
        own = Product.objects.select_for_update(of=("self",)).filter(brand=self.brand)
        folded = own.alias(folded=Upper("code")).filter(folded=code.upper())
        return own.filter(code=code).first() or folded.order_by("pk").first()

    def _new_row(self, product: ProductDraft, said: dict[str, Any]) -> Product:
        slug = product_slug(self.brand, product.names.get("en", ""), product.code)
        try:
            with transaction.atomic():
                return Product.objects.create(brand=self.brand, slug=slug, **said)
        except IntegrityError:  # another brand's import has taken the address at this moment
            slug = product_slug(self.brand, product.names.get("en", ""), product.code)
            return Product.objects.create(brand=self.brand, slug=slug, **said)

    def _variant_row(self, own_sku: str) -> ProductVariant | None:
        own = ProductVariant.objects.filter(brand=self.brand).exclude(own_sku="")
        folded = own.alias(folded=Upper("own_sku")).filter(folded=own_sku.upper())
        return own.filter(own_sku=own_sku).first() or folded.order_by("pk").first()

    def _put_variant(
        self, product: Product, draft: VariantDraft, before: VariantDraft | None, position: int
    ) -> str:
        main = draft.passport.main_metal
        said: dict[str, Any] = {
            "product": product,
            "own_sku": draft.sku,
            "position": position,
            "alloy": main.alloy if main else "",
            "ring_size_mm": draft.passport.ring_size_mm,
            "ring_size_label": draft.ring_size_label,
            "ring_size_system": draft.ring_size_system,
            "passport": draft.passport.to_json(),
            "made_to_order_days": draft.made_to_order_days,
            "is_active": True,
        }
        # A price that the sheet says again may have been changed since in the shop: it stays.
        if before is None or before.price != draft.price:
            said["price_formula"] = draft.price.to_json()
        row = self._variant_row(draft.sku)
        if row is None:
            row = ProductVariant(brand=self.brand, sku=self._public_sku(draft.sku), **said)
            row.price_formula = draft.price.to_json()
            row.save(force_insert=True)
        else:
            for name, value in said.items():
                setattr(row, name, value)
            row.save(update_fields=list(said))
        self._put_stock(row, draft.stock)
        return row.sku

    def _public_sku(self, own_sku: str) -> str:
        """A SKU that is unique in the whole shop: the brand's own number behind its slug."""
        plain = f"{self.brand.slug}.{own_sku}"
        taken = ProductVariant.objects.filter(sku=plain).exists()
        return marked(plain, plain, _LONGEST_SKU) if taken or len(plain) > _LONGEST_SKU else plain

    def _put_stock(self, variant: ProductVariant, quantity: int) -> None:
        """Take the sheet's quantity where it is another than the brand's last sheet had.

        The same number again says nothing: a piece that was sold since does not come back.
        """
        rows = list(Stock.objects.filter(variant=variant))
        row = next((each for each in rows if each.sheet_quantity is not None), None)
        if row is None and not any(each.warehouse_id == self.warehouse.pk for each in rows):
            Stock.objects.create(
                warehouse=self.warehouse,
                variant=variant,
                quantity=quantity,
                sheet_quantity=quantity,
            )
        elif row is None or row.sheet_quantity != quantity:
            self._set_quantity(variant, quantity, known=row is not None)

    def _set_quantity(self, variant: ProductVariant, quantity: int, *, known: bool = True) -> None:
        """Pieces promised to shoppers who are paying right now stay promised.

        Where nothing is `known` of an earlier sheet, the shop's own count stays.
        """
        rows = Stock.objects.filter(variant=variant)
        row = rows.filter(sheet_quantity__isnull=False).first()
        row = row or rows.filter(warehouse=self.warehouse).first()
        if row is None:
            Stock.objects.create(
                warehouse=self.warehouse,
                variant=variant,
                quantity=quantity,
                sheet_quantity=quantity,
            )
            return
        held = Greatest(quantity, F("reserved")) if known else F("quantity")
        Stock.objects.filter(pk=row.pk).update(quantity=held, sheet_quantity=quantity)

    def _store_mesh(self, product: ProductDraft) -> tuple[str, Path] | None:
        """The mesh's key in the store, and its file; None where the sheet brings none."""
        if product.model_file is None or self.files is None:
            return None
        path = self.files / product.model_file
        with path.open("rb") as source:
            return self.store.put(source, media_type=_SOURCE_TYPE, public=False), path

    def _put_model(self, row: Product, product: ProductDraft, key: str, path: Path) -> None:
        # A sheet says nothing of a mesh's parts: what the brand corrected there still holds.
        earlier = Model.objects.select_for_update().filter(product=row).first()
        overrides = earlier.declared.get("overrides") if earlier else None
        kept = {"overrides": overrides} if overrides else {}
        Model.objects.update_or_create(
            product=row,
            defaults={
                "brand": self.brand,
                "source_key": key,
                "source_name": path.name,
                "source_bytes": path.stat().st_size,
                "declared": {**declared_of(product), **kept},
            },
        )


def declared_of(product: ProductDraft) -> dict[str, object]:
    """What the passports say of the mesh, for the showroom's truth checks. One mesh serves all."""
    alloys: dict[str, str] = {}
    for variant in product.variants:
        main = variant.passport.main_metal
        if main is not None and main.alloy not in alloys:
            alloys[main.alloy] = str(main.grams)
    first = product.variants[0].passport if product.variants else None
    return {
        "kind": product.kind,
        "alloys": list(alloys),
        "grams": alloys,
        "dimensions_mm": {k: str(v) for k, v in (first.dimensions_mm if first else {}).items()},
        "stones": [
            {"kind": stone.kind, "count": stone.count, "carat": str(stone.carat)}
            for stone in (first.stones if first else ())
        ],
    }
