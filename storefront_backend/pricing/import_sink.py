"""A brand's part of the catalogue as the sink of an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from catalog_import.drafts import PriceDraft, ProductDraft, VariantDraft
from storefront_backend.catalog.models import (
    Brand,
    Collection,
    Product,
    ProductVariant,
    Stock,
    Warehouse,
)
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.search import index_products
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.commerce.pricebook import Making, PriceFormula
from storefront_backend.models3d.models import Model

_SOURCE_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class BrandSink:
    """Implements catalog_import's Sink for one brand; no call reaches another brand's rows.

    `files` is the folder of the mesh files that the sheet names. `on_saved` is called after commit
    with the product's id: whoever lists and builds hangs on there.
    """

    brand: Brand
    warehouse: Warehouse
    files: Path
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
        """Create or replace the product with its variants, stock and mesh, all or nothing."""
        with transaction.atomic():
            row, _ = Product.objects.update_or_create(
                brand=self.brand,
                code=product.code,
                defaults={
                    "slug": self._slug(product),
                    "kind": product.kind,
                    "names": dict(product.names),
                    "descriptions": dict(product.descriptions),
                    "collection": self._collection(product.collection),
                    "markets": list(product.markets),
                    "engraving_max": product.engraving_max,
                    "is_published": True,
                    "draft": product.to_json(),
                },
            )
            skus = [
                self._put_variant(row, variant, i) for i, variant in enumerate(product.variants)
            ]
            row.variants.exclude(sku__in=skus).update(is_active=False)
            index_products(Product.objects.filter(pk=row.pk))
            self._put_model(row, product)
            mark_for_relisting([row.pk])
            transaction.on_commit(lambda: self.on_saved(row.pk))

    def withdraw(self, code: str) -> None:
        """Take the product out of sale; orders keep their own record of it."""
        Product.objects.filter(brand=self.brand, code=code).update(is_published=False)

    def _slug(self, product: ProductDraft) -> str:
        # The brand stands in the slug, so two brands with a "kapok-ring" cannot collide.
        return f"{self.brand.slug}-{slugify(product.names['en'])[:60]}-{slugify(product.code)}"

    def _collection(self, name: str) -> Collection | None:
        if not name:
            return None
        collection, _ = Collection.objects.get_or_create(
            brand=self.brand, slug=slugify(name), defaults={"names": {"en": name}}
        )
        return collection

    def _put_variant(self, product: Product, draft: VariantDraft, position: int) -> str:
        main = draft.passport.main_metal
        # A sku is unique in the whole shop; the brand's own number is kept behind its slug.
        sku = f"{self.brand.slug}.{draft.sku}"
        variant, _ = ProductVariant.objects.update_or_create(
            sku=sku,
            brand=self.brand,
            defaults={
                "product": product,
                "position": position,
                "alloy": main.alloy if main else "",
                "ring_size_mm": draft.passport.ring_size_mm,
                "ring_size_label": draft.ring_size_label,
                "ring_size_system": draft.ring_size_system,
                "passport": draft.passport.to_json(),
                "price_formula": price_formula(draft.price).to_json(),
                "made_to_order_days": draft.made_to_order_days,
                "is_active": True,
            },
        )
        stock, new = Stock.objects.get_or_create(
            warehouse=self.warehouse, variant=variant, defaults={"quantity": draft.stock}
        )
        if not new:
            # Pieces promised to shoppers who are paying right now stay promised.
            locked = Stock.objects.select_for_update().get(pk=stock.pk)
            Stock.objects.filter(pk=stock.pk).update(quantity=max(draft.stock, locked.reserved))
        return sku

    def _put_model(self, row: Product, product: ProductDraft) -> None:
        if product.model_file is None:
            return
        path = self.files / product.model_file
        with path.open("rb") as source:
            key = self.store.put(source, media_type=_SOURCE_TYPE, public=False)
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


def price_formula(price: PriceDraft) -> PriceFormula:
    """The sheet's price in the price book's words: percentages become shares."""
    return PriceFormula(
        currency=price.currency,
        making=Making(price.making_kind),
        making_amount=price.making,
        stones=price.stones,
        setting=price.setting,
        finish=price.finish,
        loss=price.loss_percent / Decimal(100),
        margin=price.margin_percent / Decimal(100),
        fixed=price.fixed,
        engraving=price.engraving,
        floor=price.floor,
        ceiling=price.ceiling,
        compare_at=price.compare_at,
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
