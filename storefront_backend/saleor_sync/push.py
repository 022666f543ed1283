"""Our catalogue into the Saleors: push what differs, reconcile what has drifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db.models import F, Prefetch

from i18n.locales import LANGUAGES
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.metal_words import variant_name
from storefront_backend.catalog.models import Listing, Product, ProductVariant
from storefront_backend.commerce.catalogue import (
    CatalogAsset,
    CatalogProduct,
    CatalogVariant,
    ListingPrice,
    PublishReport,
    StockLevel,
)
from storefront_backend.commerce.errors import CommerceError, ProviderUnavailable
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Asset
from storefront_backend.saleor.catalogue.engine import SaleorCatalog
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import record_conflicts, taken_in

log = structlog.get_logger(__name__)

_PUBLIC_KINDS = ("web-glb", "ar-glb", "usdz", "poster")
CHUNK = 200  # products a task


class Pushed:
    """What a push came to."""

    def __init__(self) -> None:
        self.report = PublishReport()
        self.prices = 0
        self.statements: list[str] = []

    @property
    def written(self) -> int:
        """Products that were created or changed."""
        return len(self.report.created) + len(self.report.updated)


@dataclass(frozen=True, slots=True)
class Push:
    """`catalog` is a Saleor's catalogue (thorough or not), `assets` where our files are."""

    catalog: Callable[[Installation, bool], SaleorCatalog]
    assets: Callable[[], AssetStore]

    def everything(self, row: Installation, *, thorough: bool = False) -> Pushed:
        """Push all products to one Saleor. Raises ProviderUnavailable; the next push goes on."""
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        return self.products(row, ids, thorough=thorough)

    def products(
        self, row: Installation, product_ids: Sequence[int], *, thorough: bool = False
    ) -> Pushed:
        """The same for some."""
        engine = self.catalog(row, thorough)
        pushed = Pushed()
        for start in range(0, len(product_ids), CHUNK):
            chunk = product_ids[start : start + CHUNK]
            _push(row, engine, list(catalog_products(chunk, self.assets())), pushed)
        pushed.statements = engine.statements
        for statement in pushed.statements:
            log.warning("saleor push", says=statement)
        return pushed


def _push(
    row: Installation,
    engine: SaleorCatalog,
    products: Sequence[CatalogProduct],
    pushed: Pushed,
) -> None:
    report = engine.publish(products)
    pushed.report += report
    record_conflicts(row, report.conflicts)
    for failure in report.failures:
        log.warning("saleor refused a product", slug=failure.subject, why=failure.message)
    failed = {failure.subject for failure in report.failures}
    taken = [product for product in products if product.slug not in failed]
    prices = [p for product in taken for v in product.variants for p in v.prices]
    try:
        engine.set_prices(prices)
    except ProviderUnavailable:
        raise
    except CommerceError as error:
        log.warning("saleor refused prices", reason=error.message)
    else:
        pushed.prices += len(prices)


def catalog_products(product_ids: Sequence[int], store: AssetStore) -> Iterator[CatalogProduct]:
    """Our rows as commerce knows them, with what each variant costs and how many there are."""
    variants = ProductVariant.objects.filter(is_active=True).prefetch_related(
        Prefetch(
            "listings",
            Listing.objects.filter(market__in=settings.MARKETS).select_related("variant"),
        ),
        "stock__warehouse",
    )
    rows = (
        Product.objects.filter(pk__in=product_ids)
        .select_related("brand")
        .prefetch_related(Prefetch("variants", variants))
        .order_by("pk")
    )
    assets = _assets(product_ids, store)
    taken = taken_in([row.slug for row in rows])
    for row in rows:
        # A draft that was taken in stays as it is over there: its texts alone are kept in step.
        is_draft = row.slug in taken and not row.is_published
        sold = [] if is_draft else list(row.variants.all())
        names = taken.get(row.slug, {})
        live = {
            listing.market for each in sold for listing in each.listings.all() if listing.is_live
        }
        yield CatalogProduct(
            slug=row.slug,
            brand=row.brand.slug,
            brand_name=row.brand.names.get("en", row.brand.slug),
            kind=row.kind,
            names=row.names,
            descriptions=row.descriptions,
            variants=tuple(_variant(each, names.get(each.sku, "")) for each in sold),
            markets=tuple(sorted(live)) if row.is_published else (),
            assets=tuple(assets.get(row.pk, ())),
            updated_at=row.updated_at,
        )


def price_of(listing: Listing) -> ListingPrice:
    """A listing as an engine sells it; None where it is not live."""
    price = None
    if listing.is_live and listing.goods is not None:
        price = Money(listing.goods, listing.currency).quantized()
    return ListingPrice(listing.variant.sku, listing.market, price)


def _variant(row: ProductVariant, name: str) -> CatalogVariant:
    # What its maker named in Saleor keeps that name.
    names = {"en": name} if name else _names(row)
    return CatalogVariant(
        sku=row.sku,
        label=names.pop("en", "") or row.sku,
        labels=names,
        passport=Passport.from_json(row.passport),
        prices=tuple(price_of(listing) for listing in row.listings.all()),
        stock=tuple(
            StockLevel(row.sku, each.warehouse.slug, each.quantity) for each in row.stock.all()
        ),
        made_to_order=row.made_to_order_days is not None,
    )


def _names(row: ProductVariant) -> dict[str, str]:
    size = (row.ring_size_system, row.ring_size_label)
    return {code: variant_name(row.alloy, *size, code) for code in LANGUAGES}


def _assets(product_ids: Sequence[int], store: AssetStore) -> dict[int, list[CatalogAsset]]:
    found: dict[int, list[CatalogAsset]] = {}
    rows = Asset.objects.filter(
        build__model__product__in=product_ids,
        build=F("build__model__current_build"),
        kind__in=_PUBLIC_KINDS,
    ).select_related("build__model")
    for row in rows:
        url = store.url(row.key)
        found.setdefault(row.build.model.product_id, []).append(
            CatalogAsset(
                row.kind,
                url if "://" in url else f"{settings.PUBLIC_URL}{url}",
                row.media_type,
                row.alloy,
                row.key,
            )
        )
    return found
