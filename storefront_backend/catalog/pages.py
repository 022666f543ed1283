"""A product's page: its texts, its files, and its variants with fully calculated prices."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Min

from i18n.locales import text_in
from i18n.money import Money
from i18n.passport import Passport
from i18n.price_formula import PriceFormula
from storefront_backend.catalog.models import PastPrice
from storefront_backend.catalog.reading import (
    AssetFile,
    BrandCard,
    PagePhotograph,
    PhotographFile,
    ProductPage,
    Variant,
)
from storefront_backend.commerce.reductions import PRIOR_PERIOD, price_before
from storefront_backend.commerce.till import Till

# Written by hand like the lists (cards.py): building them with the ORM took twice as long as
# answering them.
_PRODUCTS = """
    SELECT p.id, p.slug, p.code, p.kind, p.names, p.descriptions, p.engraving_max, p.updated_at,
           b.slug, b.names, b.taglines, b.cities, b.founded, c.names, ARRAY(
               SELECT DISTINCT l.market
               FROM catalog_productvariant v JOIN catalog_listing l ON l.variant_id = v.id
               WHERE v.product_id = p.id AND v.is_active AND l.is_live ORDER BY l.market
           )
    FROM catalog_product p
    JOIN catalog_brand b ON b.id = p.brand_id
    LEFT JOIN catalog_collection c ON c.id = p.collection_id
    WHERE p.slug = ANY(%s) AND p.is_published
"""
_VARIANTS = """
    SELECT v.product_id, b.shows_price_parts, v.sku, v.alloy, v.ring_size_label, v.ring_size_system,
           v.passport, v.price_formula, v.made_to_order_days,
           (SELECT coalesce(sum(s.quantity - s.reserved), 0)
            FROM catalog_stock s WHERE s.variant_id = v.id),
           l.id, l.currency, l.goods, l.shipping, r.body -> 'statements'
    FROM catalog_productvariant v
    JOIN catalog_brand b ON b.id = v.brand_id
    JOIN catalog_listing l ON l.variant_id = v.id
    LEFT JOIN catalog_ruling r ON r.id = l.ruling_id
    WHERE v.product_id = ANY(%s) AND v.is_active AND l.market = %s AND l.is_live
    ORDER BY v.position, v.id
"""
_ASSETS = """
    SELECT m.product_id, a.kind, a.variation, a.alloy, a.key, a.media_type, a.bytes, a.width,
           a.height
    FROM models3d_model m JOIN models3d_asset a ON a.build_id = m.current_build_id
    WHERE m.product_id = ANY(%s) ORDER BY a.kind, a.alloy, a.variation
"""
_PHOTOGRAPHS = """
    SELECT f.product_id, f.id, coalesce(v.alloy, ''), f.alt, r.key, r.media_type, r.bytes, r.width,
           r.height
    FROM photographs_photograph f JOIN photographs_rendition r ON r.photograph_id = f.id
    LEFT JOIN catalog_productvariant v ON v.id = f.variant_id
    WHERE f.product_id = ANY(%s) AND f.state = 'ready'
    ORDER BY f.position, f.created_at, f.id, r.width
"""


class _Row(NamedTuple):
    """A variant with its live listing, in the order of the columns."""

    product: int
    shows_parts: bool
    sku: str
    alloy: str
    ring_size_label: str
    ring_size_system: str
    passport: str
    formula: str
    made_to_order_days: int | None
    in_stock: int
    listing: int
    currency: str
    goods: Decimal
    shipping: Decimal
    statements: str | None


def product_page(slug: str, market: str, language: str, till: Till) -> ProductPage | None:
    """A published product with what is live of it in the market; None where there is none."""
    return product_pages((slug,), market, language, till).get(slug)


def product_pages(
    slugs: Sequence[str], market: str, language: str, till: Till
) -> Mapping[str, ProductPage]:
    """The published ones of these products by slug, in four statements however many they are.

    `till` calculates the lines of their prices. The past is read only where a variant states a
    compare-at price: one statement more.
    """
    with connection.cursor() as cursor:
        products = cursor.execute(_PRODUCTS, [list(slugs)]).fetchall()
        ids = [row[0] for row in products]
        variants = [_Row(*row) for row in cursor.execute(_VARIANTS, [ids, market]).fetchall()]
        assets: dict[int, list[AssetFile]] = defaultdict(list)
        for product, *fields in cursor.execute(_ASSETS, [ids]).fetchall():
            assets[product].append(AssetFile(*fields))
        shown = _photographs(cursor.execute(_PHOTOGRAPHS, [ids]).fetchall(), language)
    priced = _priced(variants, market, till)
    pages = (
        _page(
            row, language, tuple(priced.get(pk, ())), tuple(assets.get(pk, ())), shown.get(pk, ())
        )
        for pk, *row in products
    )
    return {page.slug: page for page in pages}


def _page(
    row: Sequence[Any],
    language: str,
    variants: tuple[Variant, ...],
    assets: tuple[AssetFile, ...],
    photographs: tuple[PagePhotograph, ...],
) -> ProductPage:
    slug, code, kind, names, descriptions, engraving_max, updated_at, *rest = row
    brand, brand_names, taglines, cities, founded, collection, markets = rest

    def text(raw: str | None) -> str:
        return text_in(json.loads(raw), language) if raw else ""

    return ProductPage(
        slug=slug,
        code=code,
        name=text(names),
        description=text(descriptions),
        kind=kind,
        brand=BrandCard(brand, text(brand_names), text(taglines), text(cities), founded),
        collection=text(collection),
        engraving_max=engraving_max,
        variants=variants,
        assets=assets,
        markets=tuple(markets),
        updated_at=updated_at,
        photographs=photographs,
    )


def _photographs(
    rows: Sequence[Sequence[Any]], language: str
) -> Mapping[int, tuple[PagePhotograph, ...]]:
    """Photographs by product, each with its files."""
    files: dict[tuple[int, UUID, str, str], list[PhotographFile]] = defaultdict(list)
    for product, photograph, alloy, alt, *file in rows:
        files[product, photograph, alloy, alt].append(PhotographFile(*file))
    found: dict[int, list[PagePhotograph]] = defaultdict(list)
    for (product, _, alloy, alt), each in files.items():
        said = text_in(json.loads(alt), language)
        found[product].append(PagePhotograph(alloy, said, tuple(each)))
    return {product: tuple(shown) for product, shown in found.items()}


def _priced(rows: Sequence[_Row], market: str, till: Till) -> Mapping[int, list[Variant]]:
    """Variants by product."""
    in_eu = "eu" in till.costs.rulebook.market(market).market.extends
    formulas = [PriceFormula.from_json(json.loads(row.formula)) for row in rows]
    reduced = [
        row.listing
        for row, formula in zip(rows, formulas, strict=True)
        if formula.compare_at is not None
    ]
    past = _lowest_prior(reduced, till.now) if reduced and in_eu else {}
    found: dict[int, list[Variant]] = defaultdict(list)
    for row, formula in zip(rows, formulas, strict=True):
        variant = _variant(row, formula, market, till, past.get(row.listing), in_eu)
        if variant is not None:
            found[row.product].append(variant)
    return found


def _variant(
    row: _Row,
    formula: PriceFormula,
    market: str,
    till: Till,
    lowest: Decimal | None,
    in_eu: bool,
) -> Variant | None:
    passport = Passport.from_json(json.loads(row.passport))
    # A column pads amounts to three places; a price has those of its currency.
    goods = Money(row.goods, row.currency).quantized()
    shipping = Money(row.shipping, row.currency).quantized()
    cost = till.landed(market, passport, goods, shipping)
    if cost is None:
        return None  # the law has changed since it was listed; the next listing says so
    return Variant(
        sku=row.sku,
        alloy=row.alloy,
        ring_size_label=row.ring_size_label,
        ring_size_system=row.ring_size_system,
        passport=passport,
        goods=goods,
        total=cost.total,
        landed=cost,
        in_stock=row.in_stock,
        made_to_order_days=row.made_to_order_days,
        statements=tuple(json.loads(row.statements)) if row.statements else (),
        parts=till.parts(market, passport, formula) if row.shows_parts else None,
        before=price_before(
            cost.total,
            till.stated_before(market, passport, formula, shipping),
            None if lowest is None else Money(lowest, row.currency).quantized(),
            law_asks_for_lowest=in_eu,
        ),
    )


def _lowest_prior(listings: Sequence[int], now: datetime) -> Mapping[int, Decimal]:
    """By listing, the lowest landed total that ended in the 30 days before now."""
    found = (
        PastPrice.objects.filter(listing__in=listings, until__gte=now - PRIOR_PERIOD)
        .order_by()
        .values_list("listing")
        .annotate(lowest=Min("total"))
    )
    return dict(found)
