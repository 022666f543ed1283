"""The read side of the catalogue: lists (cards.py), products (pages.py), houses, bags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from i18n.locales import text_in
from i18n.money import Money
from i18n.passport import PIECE_KINDS
from storefront_backend.catalog.cards import SORTS as SORTS
from storefront_backend.catalog.cards import card_slice as card_slice
from storefront_backend.catalog.cards import count_cards as count_cards
from storefront_backend.catalog.cards import in_trade_order as in_trade_order
from storefront_backend.catalog.cards import list_cards as list_cards
from storefront_backend.catalog.cards import live_listings, live_products
from storefront_backend.catalog.cards import newest as newest
from storefront_backend.catalog.models import (
    Brand,
    Listing,
    Product,
    ProductVariant,
    ShippingMethod,
    Stock,
)
from storefront_backend.catalog.page_content import drafted_content, public_content
from storefront_backend.catalog.pages import product_page as product_page
from storefront_backend.catalog.pages import product_pages as product_pages
from storefront_backend.catalog.reading import (
    AssetFile,
    BagPiece,
    BrandCard,
    BrandPage,
    Delivery,
    Facets,
    Wanted,
)
from storefront_backend.commerce.delivery import insuring

_ASSET = "model__current_build__assets__"
_ASSET_FIELDS = ("kind", "variation", "alloy", "key", "media_type", "bytes", "width", "height")


def facets(market: str, language: str) -> Facets:
    """Kinds, alloys and houses that have something live in the market; one statement."""
    # DISTINCT ON compares the short columns only, not the names in every language.
    told_apart = ("variant__product__kind", "variant__alloy", "variant__product__brand_id")
    rows = (
        live_listings(Wanted(market, language))
        .filter(variant__product__is_published=True)
        .order_by(*told_apart)
        .distinct(*told_apart)
        .values_list(
            *told_apart[:2], "variant__product__brand__slug", "variant__product__brand__names"
        )
    )
    kinds, alloys, brands = set(), set(), {}
    for kind, alloy, slug, names in rows:
        kinds.add(kind)
        alloys.add(alloy)
        brands[slug] = text_in(names, language)
    return Facets(
        kinds=tuple(kind for kind in PIECE_KINDS if kind in kinds),
        alloys=in_trade_order(alloys),
        brands=tuple(sorted(brands.items(), key=lambda pair: pair[1])),
    )


def brand_cards(market: str, language: str) -> tuple[BrandCard, ...]:
    """The houses that have something live in the market."""
    live = live_listings(Wanted(market, language)).filter(
        variant__product__brand=OuterRef("pk"), variant__product__is_published=True
    )
    return tuple(_brand_card(row, language) for row in Brand.objects.filter(Exists(live)))


def brand_page(slug: str, language: str, *, drafted: bool = False) -> BrandPage | None:
    """A house with its story, as it is public or as its draft has it; None where there is none."""
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        return None
    content = (drafted_content if drafted else public_content)(brand)
    hero = Product.objects.filter(pk=content.hero or 0, brand=brand).values_list("slug", flat=True)
    return BrandPage(
        card=BrandCard(
            slug=brand.slug,
            name=text_in(brand.names, language),
            tagline=text_in(content.taglines, language),
            city=text_in(content.cities, language),
            founded=content.founded,
        ),
        story=text_in(content.stories, language),
        legal_name=brand.legal_name,
        address=brand.address,
        hero=hero.first() or "",
        film=content.film,
        film_key=content.film_key,
        logo=content.logo,
        pictures=content.pictures,
    )


def bag_pieces(skus: Iterable[str], market: str, language: str) -> Mapping[str, BagPiece]:
    """The variants of a bag by sku; those that no longer exist are left out."""
    rows = list(
        ProductVariant.objects.filter(
            sku__in=list(skus), is_active=True, product__is_published=True
        )
        .select_related("product__brand")
        .prefetch_related(_listings(market), _stock())
    )
    posters = _posters_by_alloy([row.product_id for row in rows])
    return {row.sku: _bag_piece(row, language, posters) for row in rows}


def cheapest_delivery(market: str, language: str, goods: Money) -> Delivery | None:
    """The delivery that a single piece's landed price holds: the cheapest that insures it."""
    ways = insuring(ShippingMethod.objects.filter(market=market, is_active=True), goods.amount)
    if not ways:
        return None
    row = ways[0]
    return Delivery(
        name=text_in(row.names, language),
        carrier=row.carrier,
        price=Money(row.price, row.currency).quantized(),
        days=(row.min_days, row.max_days),
    )


def published(market: str) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every product that is live in the market, for the site map."""
    rows = live_products(Wanted(market, "en")).order_by("slug").values_list("slug", "updated_at")
    return list(rows)


def _listings(market: str) -> Prefetch[str]:
    rows = Listing.objects.filter(market=market, is_live=True).select_related("ruling")
    return Prefetch("listings", rows)


def _stock() -> Prefetch[str]:
    return Prefetch("stock", Stock.objects.only("variant_id", "quantity", "reserved"))


def _bag_piece(
    row: ProductVariant, language: str, posters: Mapping[int, Mapping[str, AssetFile]]
) -> BagPiece:
    listing = next(iter(row.listings.all()), None)
    own = posters.get(row.product_id, {})

    def money(amount: Any) -> Money | None:
        if not listing or amount is None:
            return None
        return Money(amount, listing.currency).quantized()

    return BagPiece(
        sku=row.sku,
        slug=row.product.slug,
        name=text_in(row.product.names, language),
        brand_name=text_in(row.product.brand.names, language),
        alloy=row.alloy,
        ring_size_label=row.ring_size_label,
        engraving_max=row.product.engraving_max,
        goods=money(listing and listing.goods),
        total=money(listing and listing.total),
        in_stock=sum(stock.quantity - stock.reserved for stock in row.stock.all()),
        made_to_order_days=row.made_to_order_days,
        poster=own.get(row.alloy) or next(iter(own.values()), None),
    )


def _brand_card(brand: Brand, language: str) -> BrandCard:
    return BrandCard(
        slug=brand.slug,
        name=text_in(brand.names, language),
        tagline=text_in(brand.taglines, language),
        city=text_in(brand.cities, language),
        founded=brand.founded,
    )


def _posters_by_alloy(products: Sequence[int]) -> dict[int, dict[str, AssetFile]]:
    found: dict[int, dict[str, AssetFile]] = {}
    rows = (
        Product.objects.filter(pk__in=products, **{f"{_ASSET}kind": "poster"})
        .order_by("pk", f"{_ASSET}id")
        .values_list("pk", *(_ASSET + name for name in _ASSET_FIELDS))
    )
    for product, *fields in rows:
        asset = AssetFile(*fields)
        known = found.setdefault(product, {})
        before = known.get(asset.alloy)
        # "square" fits the cards; any other shape is better than none. The first format is small.
        if before is None or (asset.variation == "square" and before.variation != "square"):
            known[asset.alloy] = asset
    return found
