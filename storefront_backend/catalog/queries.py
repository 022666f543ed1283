"""The read side of the catalogue: a list of any length in five statements, a product in six."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Min, Prefetch, QuerySet

from i18n.locales import text_in
from i18n.metals import ALLOYS
from i18n.money import Money
from i18n.passport import PIECE_KINDS
from storefront_backend.catalog.models import (
    Brand,
    Listing,
    Product,
    ProductVariant,
    ShippingMethod,
    Stock,
)
from storefront_backend.catalog.priced import in_stock, priced_variants
from storefront_backend.catalog.reading import (
    AssetFile,
    BagPiece,
    BrandCard,
    BrandPage,
    Card,
    CardPage,
    Delivery,
    Facets,
    ProductPage,
    Wanted,
)
from storefront_backend.catalog.search import matching
from storefront_backend.commerce.till import Till

_ORDERS = {
    "newest": ("-created_at", "id"),
    "price-up": ("from_total", "id"),
    "price-down": ("-from_total", "id"),
}
SORTS = tuple(_ORDERS)
_ASSET = "model__current_build__assets__"
_ASSET_FIELDS = ("kind", "variation", "alloy", "key", "media_type", "bytes", "width", "height")


def list_cards(wanted: Wanted) -> CardPage:
    """One page of products that are live in a market. A page past the end is the last one."""
    products = _live(wanted)
    count = products.order_by().values("pk").distinct().count()
    pages = max(1, math.ceil(count / wanted.size))
    page = min(max(1, wanted.page), pages)
    cards = _cards(products, wanted, start=(page - 1) * wanted.size)
    return CardPage(cards, count, page, pages)


def card_slice(wanted: Wanted, start: int) -> tuple[tuple[Card, ...], int]:
    """`wanted.size` cards from a position on, and how many there are in all."""
    products = _live(wanted)
    count = products.order_by().values("pk").distinct().count()
    return _cards(products, wanted, start=start), count


def newest(wanted: Wanted) -> tuple[Card, ...]:
    """The first cards alone, without counting the rest: two statements."""
    return _cards(_live(wanted), wanted, start=0)


def _cards(products: QuerySet[Product], wanted: Wanted, *, start: int) -> tuple[Card, ...]:
    order: tuple[str, ...] = _ORDERS.get(wanted.sort, _ORDERS["newest"])
    if wanted.text and wanted.sort not in ("price-up", "price-down"):
        order = ("-rank", *order)
    rows = list(
        products.select_related("brand")
        .annotate(
            from_total=Min("variants__listings__total"),
            to_total=Max("variants__listings__total"),
            currency=Min("variants__listings__currency"),
            alloys=ArrayAgg("variants__alloy", distinct=True),
        )
        .order_by(*order)[start : start + wanted.size]
    )
    posters = _posters([row.pk for row in rows], wanted.alloy)
    return tuple(
        Card(
            slug=row.slug,
            name=text_in(row.names, wanted.language),
            kind=row.kind,
            brand_slug=row.brand.slug,
            brand_name=text_in(row.brand.names, wanted.language),
            alloys=in_trade_order(row.alloys),
            price=Money(row.from_total, row.currency),
            is_from=row.from_total != row.to_total,
            poster=posters.get(row.pk),
        )
        for row in rows
    )


def facets(market: str, language: str) -> Facets:
    """Kinds, alloys and houses that have something live in the market; one statement."""
    rows = (
        _live(Wanted(market, language))
        .order_by()
        .values_list("kind", "variants__alloy", "brand__slug", "brand__names")
        .distinct()
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


def product_page(slug: str, market: str, language: str, till: Till) -> ProductPage | None:
    """A published product with what is live of it in the market; None where there is none."""
    return product_pages((slug,), market, language, till).get(slug)


def product_pages(
    slugs: Sequence[str], market: str, language: str, till: Till
) -> Mapping[str, ProductPage]:
    """The published ones of these products by slug, in six statements however many they are.

    `till` reckons the lines of their prices.
    """
    products = list(
        Product.objects.filter(slug__in=slugs, is_published=True)
        .select_related("brand", "collection")
        .prefetch_related(_variants(market))
    )
    ids = [product.pk for product in products]
    markets, assets = _markets_of(ids), _assets_of(ids)
    return {
        product.slug: ProductPage(
            slug=product.slug,
            code=product.code,
            name=text_in(product.names, language),
            description=text_in(product.descriptions, language),
            kind=product.kind,
            brand=_brand_card(product.brand, language),
            collection=(text_in(product.collection.names, language) if product.collection else ""),
            engraving_max=product.engraving_max,
            variants=priced_variants(product, market, till),
            assets=tuple(assets.get(product.pk, ())),
            markets=tuple(markets.get(product.pk, ())),
            updated_at=product.updated_at,
        )
        for product in products
    }


def brand_cards(market: str, language: str) -> tuple[BrandCard, ...]:
    """The houses that have something live in the market."""
    rows = Brand.objects.filter(
        products__is_published=True,
        products__variants__is_active=True,
        products__variants__listings__market=market,
        products__variants__listings__is_live=True,
    ).distinct()
    return tuple(_brand_card(row, language) for row in rows)


def brand_page(slug: str, language: str) -> BrandPage | None:
    """A house with its story; None where there is none."""
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        return None
    return BrandPage(
        card=_brand_card(brand, language),
        story=text_in(brand.stories, language),
        legal_name=brand.legal_name,
        address=brand.address,
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
    row = (
        ShippingMethod.objects.filter(
            market=market, is_active=True, insured_up_to__gte=goods.amount
        )
        .order_by("price", "id")
        .first()
    )
    if row is None:
        return None
    return Delivery(
        name=text_in(row.names, language),
        carrier=row.carrier,
        price=Money(row.price, row.currency),
        days=(row.min_days, row.max_days),
    )


def published(market: str) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every product that is live in the market, for the site map."""
    rows = _live(Wanted(market, "en")).order_by("slug").values_list("slug", "updated_at")
    return list(rows.distinct())


def in_trade_order(alloys: Iterable[str]) -> tuple[str, ...]:
    """Alloys as a jeweller lists them, the finest gold first."""
    known = set(alloys)
    return tuple(code for code in ALLOYS if code in known)


def _live(wanted: Wanted) -> QuerySet[Product]:
    # One filter() call: all conditions must hold of the same variant and the same listing.
    conditions: dict[str, Any] = {
        "is_published": True,
        "variants__is_active": True,
        "variants__listings__market": wanted.market,
        "variants__listings__is_live": True,
    }
    if wanted.kind:
        conditions["kind"] = wanted.kind
    if wanted.brand:
        conditions["brand__slug"] = wanted.brand
    if wanted.alloy:
        conditions["variants__alloy"] = wanted.alloy
    if wanted.slugs:
        conditions["slug__in"] = wanted.slugs
    products = Product.objects.filter(**conditions)
    return matching(products, wanted.text) if wanted.text else products


def _listings(market: str) -> Prefetch[str]:
    rows = Listing.objects.filter(market=market, is_live=True).select_related("ruling")
    return Prefetch("listings", rows)


def _stock() -> Prefetch[str]:
    return Prefetch("stock", Stock.objects.only("variant_id", "quantity", "reserved"))


def _variants(market: str) -> Prefetch[str]:
    rows = ProductVariant.objects.filter(is_active=True)
    return Prefetch("variants", rows.prefetch_related(_listings(market), _stock()))


def _bag_piece(
    row: ProductVariant, language: str, posters: Mapping[int, Mapping[str, AssetFile]]
) -> BagPiece:
    listing = next(iter(row.listings.all()), None)
    own = posters.get(row.product_id, {})

    def money(amount: Any) -> Money | None:
        return Money(amount, listing.currency) if listing and amount is not None else None

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
        in_stock=in_stock(row),
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


def _markets_of(products: Sequence[int]) -> Mapping[int, list[str]]:
    """Where each product is live."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = (
        Listing.objects.filter(variant__product__in=products, variant__is_active=True, is_live=True)
        .order_by("variant__product", "market")
        .values_list("variant__product", "market")
        .distinct()
    )
    for product, market in rows:
        found[product].append(market)
    return found


def _assets_of(products: Sequence[int]) -> Mapping[int, list[AssetFile]]:
    # Through the product's own relations: catalog does not import models3d.
    found: dict[int, list[AssetFile]] = defaultdict(list)
    rows = (
        Product.objects.filter(pk__in=products, **{f"{_ASSET}key__isnull": False})
        .order_by("pk", f"{_ASSET}kind", f"{_ASSET}alloy", f"{_ASSET}variation")
        .values_list("pk", *(_ASSET + name for name in _ASSET_FIELDS))
    )
    for product, *fields in rows:
        found[product].append(AssetFile(*fields))
    return found


def _posters(products: Sequence[int], alloy: str) -> dict[int, AssetFile]:
    """One poster a product: in the alloy asked for where there is one."""
    return {
        product: own.get(alloy) or next(iter(own.values()))
        for product, own in _posters_by_alloy(products).items()
    }


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
