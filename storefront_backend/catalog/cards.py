"""Lists of cards: which products are live in a market, in which order, and what a card says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Min, OuterRef, QuerySet

from i18n.locales import text_in
from i18n.metals import ALLOYS
from i18n.money import Money
from storefront_backend.catalog.models import Listing, Product
from storefront_backend.catalog.reading import AssetFile, Card, CardPage, Wanted
from storefront_backend.catalog.search import by_rank, matching

_PRICE_ORDERS = {
    "price-up": F("from_total").asc(),
    "price-down": F("from_total").desc(),
}
SORTS = ("newest", *_PRICE_ORDERS)

# Written by hand, as the most frequent query: it takes a millisecond, and building the same with
# the ORM took three more. The page is found first; only its products are then looked at closely, so
# the time does not grow with the shop. One poster a product: in the requested alloy where there is
# one; "square" fits the cards, any other shape is better than none, and so is a photograph.
_PAGE = """
    WITH page AS (
        SELECT p.id, p.slug, p.kind, p.names, p.created_at, b.slug AS brand_slug,
               b.names AS brand_names
        FROM catalog_product p JOIN catalog_brand b ON b.id = p.brand_id
        WHERE p.is_published AND {products} AND EXISTS (
            SELECT FROM catalog_productvariant v JOIN catalog_listing l ON l.variant_id = v.id
            WHERE v.product_id = p.id AND {live}
        )
        ORDER BY p.created_at DESC, p.id OFFSET %(start)s LIMIT %(size)s
    )
    SELECT page.id, page.slug, page.kind, page.names, page.brand_slug, page.brand_names,
           prices.low, prices.high, prices.currency, prices.alloys,
           poster.kind, poster.variation, poster.alloy, poster.key, poster.media_type,
           poster.bytes, poster.width, poster.height
    FROM page
    CROSS JOIN LATERAL (
        SELECT min(l.total) AS low, max(l.total) AS high, min(l.currency) AS currency,
               array_agg(DISTINCT v.alloy) AS alloys
        FROM catalog_productvariant v JOIN catalog_listing l ON l.variant_id = v.id
        WHERE v.product_id = page.id AND {live}
    ) AS prices
    LEFT JOIN LATERAL (
        (SELECT 0 AS choice, a.kind, a.variation, a.alloy, a.key, a.media_type, a.bytes, a.width,
                a.height
         FROM models3d_model m JOIN models3d_asset a ON a.build_id = m.current_build_id
         WHERE m.product_id = page.id AND a.kind = 'poster'
         ORDER BY a.alloy = %(alloy)s DESC, min(a.id) OVER (PARTITION BY a.alloy),
                  a.variation = 'square' DESC, a.id
         LIMIT 1)
        UNION ALL
        (SELECT 1, 'photograph', '', '', r.key, r.media_type, r.bytes, r.width, r.height
         FROM photographs_photograph f JOIN photographs_rendition r ON r.photograph_id = f.id
         WHERE f.product_id = page.id AND f.state = 'ready' AND r.media_type = 'image/webp'
         ORDER BY f.position, f.created_at, f.id, r.width < 640, r.width
         LIMIT 1)
        ORDER BY choice LIMIT 1
    ) AS poster ON true
    ORDER BY page.created_at DESC, page.id
"""
_LIVE = "v.is_active AND l.market = %(market)s AND l.is_live"
_IN_ALLOY = " AND v.alloy = %(alloy)s"


def list_cards(wanted: Wanted) -> CardPage:
    """One page of products that are live in a market. A page past the end is the last one."""
    count = count_cards(wanted)
    pages = max(1, math.ceil(count / wanted.size))
    page = min(max(1, wanted.page), pages)
    return CardPage(card_slice(wanted, (page - 1) * wanted.size), count, page, pages)


def count_cards(wanted: Wanted) -> int:
    """How many products are live; it looks at every one of them, so ask only where it is shown."""
    return live_products(wanted).count()


def newest(wanted: Wanted) -> tuple[Card, ...]:
    """The first cards alone, without counting the rest: one statement."""
    return card_slice(wanted, 0)


def card_slice(wanted: Wanted, start: int) -> tuple[Card, ...]:
    """`wanted.size` cards from a position on: one statement, two where words or prices sort them.

    Prices and words have to look at every product of the market; the newest do not.
    """
    if wanted.text or wanted.sort in _PRICE_ORDERS:
        ids = list(_sorted(wanted)[start : start + wanted.size])
        found = dict(_cards(wanted, ["p.id = ANY(%(ids)s)"], ids=ids))
        # What went off sale between the two statements is left out.
        return tuple(found[pk] for pk in ids if pk in found)
    conditions = {
        "p.kind = %(kind)s": wanted.kind,
        "b.slug = %(brand)s": wanted.brand,
        "p.slug = ANY(%(slugs)s)": wanted.slugs,
    }
    stated = [condition for condition, value in conditions.items() if value]
    return tuple(card for _, card in _cards(wanted, stated, start=start))


def live_products(wanted: Wanted) -> QuerySet[Product]:
    """The products that have something live, in no order."""
    live = live_listings(wanted).filter(variant__product=OuterRef("pk"))
    return _published(wanted).filter(Exists(live))


def _published(wanted: Wanted) -> QuerySet[Product]:
    conditions: dict[str, Any] = {"is_published": True}
    if wanted.kind:
        conditions["kind"] = wanted.kind
    if wanted.brand:
        conditions["brand__slug"] = wanted.brand
    if wanted.slugs:
        conditions["slug__in"] = wanted.slugs
    products = Product.objects.filter(**conditions)
    return matching(products, wanted.text) if wanted.text else products


def live_listings(wanted: Wanted) -> QuerySet[Listing]:
    """What is live in the market, in the requested alloy."""
    rows = Listing.objects.filter(market=wanted.market, is_live=True, variant__is_active=True)
    return rows.filter(variant__alloy=wanted.alloy) if wanted.alloy else rows


def in_trade_order(alloys: Iterable[str]) -> tuple[str, ...]:
    """Alloys as a jeweller lists them, the finest gold first."""
    known = set(alloys)
    return tuple(code for code in ALLOYS if code in known)


def _sorted(wanted: Wanted) -> QuerySet[Any, int]:
    """Primary keys of products, as words or prices sort them."""
    if wanted.sort not in _PRICE_ORDERS:
        return by_rank(live_products(wanted)).values_list("pk", flat=True)
    return (
        live_listings(wanted)
        .filter(variant__product__in=_published(wanted).order_by().values("pk"))
        .values("variant__product")
        .annotate(from_total=Min("total"))
        .order_by(_PRICE_ORDERS[wanted.sort], "variant__product_id")
        .values_list("variant__product_id", flat=True)
    )


def _cards(
    wanted: Wanted, products: Sequence[str], *, start: int = 0, ids: Sequence[int] = ()
) -> list[tuple[int, Card]]:
    """Cards with their products' primary keys, the newest first."""
    statement = _PAGE.format(
        products=" AND ".join(products) or "true",
        live=_LIVE + (_IN_ALLOY if wanted.alloy else ""),
    )
    parameters: dict[str, Any] = {
        "market": wanted.market,
        "alloy": wanted.alloy,
        "kind": wanted.kind,
        "brand": wanted.brand,
        "slugs": list(wanted.slugs),
        "ids": list(ids),
        "start": start,
        "size": wanted.size,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(row[0], _card(row[1:], wanted.language)) for row in cursor.fetchall()]


def _card(row: Sequence[Any], language: str) -> Card:
    slug, kind, names, brand, brand_names, low, high, currency, alloys, *poster = row
    return Card(
        slug=slug,
        name=text_in(json.loads(names), language),
        kind=kind,
        brand_slug=brand,
        brand_name=text_in(json.loads(brand_names), language),
        alloys=in_trade_order(alloys),
        price=Money(low, currency).quantized(),
        is_from=low != high,
        poster=AssetFile(*poster) if poster[0] else None,
    )
