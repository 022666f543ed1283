"""The CatalogEngine over our own rows.

Here there is one side only: whoever writes, writes the catalogue, so nothing can collide and
`changes_since` tells of every product in the order of its last change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from i18n.passport import Passport
from storefront_backend.catalog.models import (
    Brand,
    Listing,
    Product,
    ProductVariant,
    Stock,
    Warehouse,
)
from storefront_backend.catalog.search import index_products
from storefront_backend.commerce.catalogue import (
    CatalogChange,
    CatalogChanges,
    CatalogProduct,
    CatalogVariant,
    ListingPrice,
    PublishFailure,
    PublishReport,
    StockLevel,
)
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.pricebook import PriceFormula
from storefront_backend.pricing.listing import Lister

_PAGE = 100


@dataclass(frozen=True, slots=True)
class EmbeddedCatalog:
    """Implements CatalogEngine."""

    lister: Callable[[], Lister]

    def publish(self, products: Sequence[CatalogProduct]) -> PublishReport:
        """Create or bring up to date; each product whole or not at all."""
        report = PublishReport()
        for product in products:
            report += self._publish(product)
        return report

    def set_prices(self, prices: Sequence[ListingPrice]) -> None:
        """Set goods prices, all or none of them. Raises NotFound before any is set."""
        lister = self.lister()
        with transaction.atomic():
            variants = _variants(price.sku for price in prices)
            for price in prices:
                if price.market not in settings.MARKETS:
                    raise NotFound(f"There is no market {price.market!r}", field="market")
                variant = variants[price.sku]
                if price.price is None:
                    Listing.objects.filter(variant=variant, market=price.market).update(
                        is_live=False
                    )
                    continue
                currency = lister.costs.rulebook.market(price.market).market.currency
                if price.price.currency != currency:
                    raise InvalidRequest(f"{price.market} sells in {currency}", field="price")
                if not variant.listings.filter(market=price.market).exists():
                    lister.relist([variant], [price.market])
                lister.relist_at(variant, price.market, price.price)

    def set_stock(self, levels: Sequence[StockLevel]) -> None:
        """Set pieces at hand. Raises NotFound before any is set."""
        with transaction.atomic():
            variants = _variants(level.sku for level in levels)
            places = {row.slug: row for row in Warehouse.objects.all()}
            for level in levels:
                if level.warehouse not in places:
                    raise NotFound(f"There is no warehouse {level.warehouse!r}", field="warehouse")
                _put_stock(variants[level.sku], places[level.warehouse], level.quantity)

    def changes_since(self, cursor: str) -> CatalogChanges:
        """A page of products in the order of their last change, with their texts and stock."""
        since, after = _read_cursor(cursor)
        rows = Product.objects.order_by("updated_at", "pk").prefetch_related(
            "variants__stock__warehouse"
        )
        if since is not None:
            rows = rows.filter(Q(updated_at__gt=since) | Q(updated_at=since, pk__gt=after))
        page = list(rows[:_PAGE])
        if not page:
            return CatalogChanges((), cursor)
        changes = [change for row in page for change in _changes(row)]
        last = page[-1]
        return CatalogChanges(tuple(changes), f"{last.updated_at.isoformat()} {last.pk}")

    def _publish(self, product: CatalogProduct) -> PublishReport:
        if not product.names.get("en"):
            failure = PublishFailure(product.slug, "no_name", "A product needs an English name")
            return PublishReport(failures=(failure,))
        row = Product.objects.filter(slug=product.slug).first()
        if row is not None and not _differs(row, product):
            return PublishReport(unchanged=(product.slug,))
        with transaction.atomic():
            made = self._write(row, product)
        slugs = (product.slug,)
        return PublishReport(created=slugs) if made else PublishReport(updated=slugs)

    def _write(self, row: Product | None, product: CatalogProduct) -> bool:
        brand, _ = Brand.objects.get_or_create(
            slug=product.brand, defaults={"names": {"en": product.brand_name or product.brand}}
        )
        made = row is None
        row = row or Product(slug=product.slug, brand=brand, code=product.slug[:60])
        row.kind, row.brand = product.kind, brand
        row.names, row.descriptions = dict(product.names), dict(product.descriptions)
        row.markets, row.is_published = list(product.markets), True
        row.save()
        for position, variant in enumerate(product.variants):
            self._write_variant(row, variant, position)
        wanted = [variant.sku for variant in product.variants]
        row.variants.exclude(sku__in=wanted).update(is_active=False)
        index_products(Product.objects.filter(pk=row.pk))
        return made

    def _write_variant(self, product: Product, variant: CatalogVariant, position: int) -> None:
        main = variant.passport.main_metal
        fields = {
            "brand": product.brand,
            "product": product,
            "position": position,
            "alloy": main.alloy if main else "",
            "ring_size_mm": variant.passport.ring_size_mm,
            "passport": variant.passport.to_json(),
            "is_active": True,
        }
        row, made = ProductVariant.objects.update_or_create(
            sku=variant.sku,
            defaults=fields,
            create_defaults={**fields, "price_formula": _formula(variant).to_json()},
        )
        if made:
            priced = sorted({each.market for each in variant.prices if each.price is not None})
            if priced:
                self.lister().relist([row], priced)
            self.set_stock(variant.stock)
            self.set_prices(variant.prices)


def _formula(variant: CatalogVariant) -> PriceFormula:
    """A price by piece, or by its metal alone, until the brand gives a formula."""
    price = next((each.price for each in variant.prices if each.price is not None), None)
    if price is None:
        return PriceFormula(currency="USD")
    return PriceFormula(currency=price.currency, fixed=price.amount)


def _differs(row: Product, product: CatalogProduct) -> bool:
    same = (row.kind, row.names, row.descriptions, row.markets, row.is_published) == (
        product.kind,
        dict(product.names),
        dict(product.descriptions),
        list(product.markets),
        True,
    )
    standing = {
        each.sku: Passport.from_json(each.passport) for each in row.variants.filter(is_active=True)
    }
    return not same or standing != {each.sku: each.passport for each in product.variants}


def _variants(skus: Iterable[str]) -> Mapping[str, ProductVariant]:
    wanted = list(dict.fromkeys(skus))
    rows = {
        row.sku: row
        for row in ProductVariant.objects.filter(sku__in=wanted).select_related("product")
    }
    missing = [sku for sku in wanted if sku not in rows]
    if missing:
        raise NotFound(f"There is no variant {', '.join(missing[:5])}", field="sku")
    return rows


def _put_stock(variant: ProductVariant, warehouse: Warehouse, quantity: int) -> None:
    row, new = Stock.objects.select_for_update().get_or_create(
        variant=variant, warehouse=warehouse, defaults={"quantity": quantity}
    )
    if not new and row.quantity != quantity:
        # Pieces promised to shoppers who are paying right now stay promised.
        row.quantity = max(quantity, row.reserved)
        row.save(update_fields=("quantity",))


def _changes(row: Product) -> list[CatalogChange]:
    fields = {f"name:{language}": text for language, text in row.names.items()}
    fields |= {f"description:{language}": text for language, text in row.descriptions.items()}
    fields |= {f"published:{m}": "yes" if row.is_published else "no" for m in row.markets}
    changes = [CatalogChange(row.slug, name, text, row.updated_at) for name, text in fields.items()]
    for variant in row.variants.all():
        changes += [
            CatalogChange(
                variant.sku, f"stock:{each.warehouse.slug}", str(each.quantity), row.updated_at
            )
            for each in variant.stock.all()
        ]
    return changes


def _read_cursor(cursor: str) -> tuple[datetime | None, int]:
    if not cursor:
        return None, 0
    since, _, after = cursor.partition(" ")
    try:
        return datetime.fromisoformat(since), int(after)
    except ValueError:
        raise InvalidRequest(f"{cursor!r} is no cursor of ours", field="cursor") from None
