"""What the Dashboard panel shows of a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from i18n.passport import Passport
from storefront_backend.catalog.models import Listing, Product
from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Asset
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Conflict, Installation


@dataclass(frozen=True, slots=True)
class Readiness:
    """A product in one market: how many of its variants are live, and what stops the others."""

    market: str
    live: int
    variants: int
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """A variant's passport in a few words."""

    sku: str
    metal: str
    stones: Sequence[str]
    hs_code: str
    origin: str
    hallmarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the panel shows."""

    slug: str
    name: str
    brand: str
    model_url: str
    variants: Sequence[VariantFacts]
    markets: Sequence[Readiness]
    conflicts: Sequence[Conflict]
    shop_url: str


def panel_of(row: Installation, product_id: str, saleor: Saleor, store: AssetStore) -> Panel:
    """The panel of the product with that id in that Saleor. Raises NotFound."""
    found = saleor.run("catalogue/slug_of", id=product_id).data["product"]
    product = (
        Product.objects.filter(slug=found["slug"]).select_related("brand").first()
        if found
        else None
    )
    if product is None:
        raise NotFound("Pavilion does not know this product yet: it comes with the next pull")
    variants = list(product.variants.filter(is_active=True))
    model = Asset.objects.filter(
        build__model__product=product, build=F("build__model__current_build"), kind="web-glb"
    ).first()
    return Panel(
        slug=product.slug,
        name=product.names.get("en", product.slug),
        brand=product.brand.names.get("en", product.brand.slug),
        model_url=store.url(model.key) if model else "",
        variants=[_facts(each.sku, Passport.from_json(each.passport)) for each in variants],
        markets=[_readiness(product, market, len(variants)) for market in settings.MARKETS],
        conflicts=list(
            Conflict.objects.filter(api_url=row.api_url, subject=product.slug, resolved_at=None)
        ),
        shop_url=f"{settings.PUBLIC_URL}/{settings.MARKETS[0]}/en/jewellery/{product.slug}/",
    )


def _facts(sku: str, passport: Passport) -> VariantFacts:
    return VariantFacts(
        sku=sku,
        metal=", ".join(f"{part.alloy} {part.grams.normalize():f} g" for part in passport.metals),
        stones=[
            f"{each.count} × {each.kind} {each.carat.normalize():f} ct ({each.origin.value})"
            for each in passport.stones
        ],
        hs_code=passport.hs_code,
        origin=passport.origin,
        hallmarks=passport.hallmarks,
    )


def _readiness(product: Product, market: str, variants: int) -> Readiness:
    rows = Listing.objects.filter(
        variant__product=product, variant__is_active=True, market=market
    ).select_related("ruling")
    reasons: list[str] = []
    live = 0
    for listing in rows:
        live += listing.is_live
        if not listing.is_live:
            reasons += _reasons(listing)
    return Readiness(market, live, variants, list(dict.fromkeys(reasons))[:4])


def _reasons(listing: Listing) -> list[str]:
    if not listing.is_wanted:
        return ["The brand does not offer it here"]
    if listing.stopped_because:
        return [listing.stopped_because]
    findings = (listing.ruling.body if listing.ruling else {}).get("findings", ())
    return [each["message"] for each in findings if each["outcome"] != "allowed"]
