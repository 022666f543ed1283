"""The landed cost behind a tax question of Saleor.

For a checkout of ours that is the very quote the shopper sees. For any other (a draft order in the
Dashboard, another storefront), and where somebody has changed ours, it is recalculated.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Prefetch

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.delivery import Source, nearest, ship_from
from storefront_backend.commerce.errors import InvalidRequest, NotListed
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.orders.models import Checkout, CheckoutLine
from storefront_backend.saleor.taxes import TaxBase
from storefront_backend.selling.checkout_rows import region_of

Calculated = tuple[LandedCost, Sequence[str]]


def calculate(base: TaxBase, costs: Callable[[], LandedCosts], now: datetime) -> Calculated:
    """The landed cost, and the ids in it of `base.pieces`, in their order.

    Raises NotListed where a rule stops the sale, InvalidRequest for a piece that is not ours.
    """
    return _quoted(base) or _recalculated(base, costs(), now)


def _quoted(base: TaxBase) -> Calculated | None:
    try:
        token = uuid.UUID(base.sale)
    except ValueError:
        return None
    row = Checkout.objects.filter(token=token, market=base.market).first()
    if row is None or row.quote is None:
        return None
    region = region_of(row) if row.shipping_address else ""
    if base.region != region:
        return None
    lines = list(CheckoutLine.objects.filter(checkout=row).select_related("variant"))
    cost = LandedCost.from_json(row.quote)
    pieces = [
        (line.variant.sku, line.quantity, _total(line, row.currency).quantized()) for line in lines
    ]
    if not base.fits(pieces, cost.of("shipping")):
        return None
    free = {str(line.pk): piece for line, piece in zip(lines, pieces, strict=True)}
    ids: list[str] = []
    for requested in base.pieces:
        key = next(
            k for k, p in free.items() if p == (requested.sku, requested.quantity, requested.total)
        )
        del free[key]
        ids.append(key)
    return cost, ids


def _recalculated(base: TaxBase, costs: LandedCosts, now: datetime) -> Calculated:
    stock = Prefetch("stock", Stock.objects.select_related("warehouse"))
    variants = {
        variant.sku: variant
        for variant in ProductVariant.objects.filter(
            sku__in=[line.sku for line in base.pieces]
        ).prefetch_related(stock)
    }
    unknown = [line.sku for line in base.pieces if line.sku not in variants]
    if unknown or not base.pieces:
        # No passport, so no HS code and no duty: a total without it would be wrong.
        raise InvalidRequest(f"Not a piece of Pavilion's: {', '.join(unknown) or 'no lines'}")
    market = costs.rulebook.market(base.market)
    from_where = _countries(base, variants, costs, now)
    parcel = Parcel(
        market=base.market,
        lines=tuple(
            supply_line(
                line.id, Passport.from_json(variants[line.sku].passport), line.total, line.quantity
            )
            for line in base.pieces
        ),
        shipping=base.shipping,
        region=base.region,
        ship_from=ship_from(from_where, market.market),
    )
    try:
        return costs.of(parcel, now.date()), [line.id for line in base.pieces]
    except SaleRefused as refusal:
        raise NotListed(f"{refusal.message} ({refusal.rule})", field="lines") from refusal


def _countries(
    base: TaxBase, variants: Mapping[str, ProductVariant], costs: LandedCosts, now: datetime
) -> list[str]:
    """Where each piece would be sent from, for those that are in stock somewhere."""
    market = costs.rulebook.market(base.market)
    found: list[str] = []
    for line in base.pieces:
        fitting = nearest(
            (
                Source(
                    id=row.warehouse_id,
                    country=row.warehouse.country,
                    is_bonded=row.warehouse.is_bonded,
                    available=row.quantity - row.reserved,
                )
                for row in variants[line.sku].stock.all()
            ),
            market.market,
            costs.rulebook,
            market.on(now.date()),
            line.quantity,
        )
        if fitting:
            found.append(fitting[0].country)
    return found


def _total(line: CheckoutLine, currency: str) -> Money:
    return Money(line.unit_price * line.quantity, currency)
