"""The read side of the catalogue: a list of any length in five statements, a product in six."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject

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

_PRICE_ORDERS = {"price-up": "from_total", "price-down": "-from_total"}
SORTS = ("newest", *_PRICE_ORDERS)
_CARD_FIELDS = ("slug", "names", "kind", "brand__slug", "brand__names")
_ASSET = "model__current_build__assets__"
_ASSET_FIELDS = ("kind", "variation", "alloy", "key", "media_type", "bytes", "width", "height")


def list_cards(wanted: Wanted) -> CardPage:
    """One page of products that are live in a market. A page past the end is the last one."""
    count = count_cards(wanted)
    pages = max(1, math.ceil(count / wanted.size))
    page = min(max(1, wanted.page), pages)
    return CardPage(card_slice(wanted, (page - 1) * wanted.size), count, page, pages)


def count_cards(wanted: Wanted) -> int:
    """How many products are live; it looks at every one of them, so ask only where it is shown."""
    return _live(wanted).count()


def newest(wanted: Wanted) -> tuple[Card, ...]:
    """The first cards alone, without counting the rest: two statements."""
    return card_slice(wanted, 0)


def card_slice(wanted: Wanted, start: int) -> tuple[Card, ...]:
    """`wanted.size` cards from a position on: two statements, three where prices sort them.

    Only the products of the page are looked at closely, so its time does not grow with the shop.
    """
    products = _live(wanted)
    end = start + wanted.size
    if wanted.sort in _PRICE_ORDERS:
        ids = list(_by_price(wanted)[start:end])
        products = products.filter(pk__in=ids).order_by(_in_order(ids))
    else:
        rank = ("-rank",) if wanted.text else ()
        products = products.order_by(*rank, "-created_at", "id")[start:end]
    rows = list(products.values_list("pk", *_CARD_FIELDS, _prices(wanted)))
    posters = _posters([pk for pk, *_ in rows], wanted.alloy)
    return tuple(
        Card(
            slug=slug,
            name=text_in(names, wanted.language),
            kind=kind,
            brand_slug=brand,
            brand_name=text_in(brand_names, wanted.language),
            alloys=in_trade_order(prices["alloys"]),
            price=Money(Decimal(prices["low"]), prices["currency"]),
            is_from=prices["low"] != prices["high"],
            poster=posters.get(pk),
        )
        for pk, slug, names, kind, brand, brand_names, prices in rows
    )


def _prices(wanted: Wanted) -> Subquery:
    """What a card says of a product's prices, as one object; amounts as text, to the last digit."""
    return Subquery(
        _listings_of(wanted)
        .order_by()
        .values("market")
        .annotate(
            prices=JSONObject(
                low=Cast(Min("total"), TextField()),
                high=Cast(Max("total"), TextField()),
                currency=Min("currency"),
                alloys=ArrayAgg("variant__alloy", distinct=True),
            )
        )
        .values("prices")
    )


def _by_price(wanted: Wanted) -> QuerySet[Listing, int]:
    """The products by their lowest total. This one has to look at every price of the market."""
    products: dict[str, Any] = {"variant__product__is_published": True}
    if wanted.kind:
        products["variant__product__kind"] = wanted.kind
    if wanted.brand:
        products["variant__product__brand__slug"] = wanted.brand
    if wanted.slugs:
        products["variant__product__slug__in"] = wanted.slugs
    if wanted.text:
        products["variant__product__in"] = matching(Product.objects.all(), wanted.text).values("pk")
    return (
        _live_listings(wanted)
        .filter(**products)
        .values("variant__product")
        .annotate(from_total=Min("total"))
        .order_by(_PRICE_ORDERS[wanted.sort], "variant__product")
        .values_list("variant__product", flat=True)
    )


def _in_order(ids: Sequence[int]) -> Case:
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ids)]
    return Case(*places, default=Value(len(ids)), output_field=IntegerField())


def facets(market: str, language: str) -> Facets:
    """Kinds, alloys and houses that have something live in the market; one statement."""
    # DISTINCT ON compares the short columns only, not the names in every language.
    told_apart = ("variant__product__kind", "variant__alloy", "variant__product__brand_id")
    rows = (
        _live_listings(Wanted(market, language))
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
    live = _live_listings(Wanted(market, language)).filter(
        variant__product__brand=OuterRef("pk"), variant__product__is_published=True
    )
    return tuple(_brand_card(row, language) for row in Brand.objects.filter(Exists(live)))


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
    return list(rows)


def in_trade_order(alloys: Iterable[str]) -> tuple[str, ...]:
    """Alloys as a jeweller lists them, the finest gold first."""
    known = set(alloys)
    return tuple(code for code in ALLOYS if code in known)


def _live(wanted: Wanted) -> QuerySet[Product]:
    conditions: dict[str, Any] = {"is_published": True}
    if wanted.kind:
        conditions["kind"] = wanted.kind
    if wanted.brand:
        conditions["brand__slug"] = wanted.brand
    if wanted.slugs:
        conditions["slug__in"] = wanted.slugs
    products = Product.objects.filter(Exists(_listings_of(wanted)), **conditions)
    return matching(products, wanted.text) if wanted.text else products


def _listings_of(wanted: Wanted) -> QuerySet[Listing]:
    """What is live of the product of the outer query."""
    return _live_listings(wanted).filter(variant__product=OuterRef("pk"))


def _live_listings(wanted: Wanted) -> QuerySet[Listing]:
    rows = Listing.objects.filter(market=wanted.market, is_live=True, variant__is_active=True)
    return rows.filter(variant__alloy=wanted.alloy) if wanted.alloy else rows


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
