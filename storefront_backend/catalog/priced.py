"""A product's variants with their prices reckoned in full, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Min

from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.models import Listing, PastPrice, Product, ProductVariant
from storefront_backend.catalog.reading import Variant
from storefront_backend.commerce.formula import PriceFormula
from storefront_backend.commerce.reductions import PRIOR_PERIOD, price_before
from storefront_backend.commerce.till import Till


def priced_variants(product: Product, market: str, till: Till) -> tuple[Variant, ...]:
    """What is live of a product in a market. Its variants come with listings and stock fetched.

    The past is read only where a variant states a compare-at price: one statement more.
    """
    rows = [row for row in product.variants.all() if row.listings.all()]
    in_eu = "eu" in till.costs.rulebook.market(market).market.extends
    reduced = [row for row in rows if row.price_formula.get("compare_at") is not None]
    past = lowest_prior(reduced, market, till.now) if reduced and in_eu else {}
    variants = []
    for row in rows:
        variant = _variant(row, market, till, product.brand.shows_price_parts, past, in_eu)
        if variant is not None:
            variants.append(variant)
    return tuple(variants)


def lowest_prior(rows: list[ProductVariant], market: str, now: datetime) -> Mapping[int, Any]:
    """By listing, the lowest landed total that ended in the 30 days before now."""
    found = (
        PastPrice.objects.filter(
            listing__variant__in=rows, listing__market=market, until__gte=now - PRIOR_PERIOD
        )
        .order_by()
        .values_list("listing")
        .annotate(lowest=Min("total"))
    )
    return dict(found)


def in_stock(row: ProductVariant) -> int:
    """Pieces that can be bought now."""
    return sum(stock.quantity - stock.reserved for stock in row.stock.all())


def _variant(
    row: ProductVariant,
    market: str,
    till: Till,
    shows_parts: bool,
    past: Mapping[int, Any],
    in_eu: bool,
) -> Variant | None:
    listing: Listing
    (listing,) = row.listings.all()
    assert listing.goods is not None  # the database holds it: live_listing_has_price
    assert listing.shipping is not None
    passport = Passport.from_json(row.passport)
    goods = Money(listing.goods, listing.currency)
    shipping = Money(listing.shipping, listing.currency)
    cost = till.landed(market, passport, goods, shipping)
    if cost is None:
        return None  # the law has changed since it was listed; the next listing says so
    formula = PriceFormula.from_json(row.price_formula)
    lowest = past.get(listing.pk)
    return Variant(
        sku=row.sku,
        alloy=row.alloy,
        ring_size_label=row.ring_size_label,
        ring_size_system=row.ring_size_system,
        passport=passport,
        goods=goods,
        total=cost.total,
        landed=cost,
        in_stock=in_stock(row),
        made_to_order_days=row.made_to_order_days,
        statements=tuple(listing.verdict.get("statements", ())),
        parts=till.parts(market, passport, formula) if shows_parts else None,
        before=price_before(
            cost.total,
            till.stated_before(market, passport, formula, shipping),
            None if lowest is None else Money(lowest, listing.currency),
            law_asks_for_lowest=in_eu,
        ),
    )
