"""What others changed in Saleor, written into our own rows.

Names, descriptions and stock follow Saleor; passports, prices and 3D files never do, since they are
Pavilion's. A product that Saleor hides in one market is taken out of that market.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from storefront_backend.catalog.models import Product, Stock, Warehouse
from storefront_backend.catalog.search import index_products
from storefront_backend.commerce.catalogue import CatalogChange
from storefront_backend.commerce.ports import CatalogEngine
from storefront_backend.saleor_rows.models import Conflict, Installation

log = structlog.get_logger(__name__)

_TEXTS = {"name": "names", "description": "descriptions"}


@dataclass(frozen=True, slots=True)
class Projection:
    """`catalog` is a Saleor's catalogue; `relist` queues the listing of products, after commit."""

    catalog: Callable[[Installation], CatalogEngine]
    relist: Callable[[list[int]], None]

    def pull(self, row: Installation) -> int:
        """Read on from where the last pull ended; returns how many changes were written.

        The cursor is kept after each page: a pull that is killed reads that page again.
        """
        engine = self.catalog(row)
        written = 0
        while True:
            page = engine.changes_since(row.cursor)
            written += self.apply(page.changes)
            if page.cursor == row.cursor:
                return written
            row.cursor = page.cursor
            Installation.objects.filter(pk=row.pk).update(cursor=page.cursor)

    def apply(self, changes: Sequence[CatalogChange]) -> int:
        """Write changes into our rows; returns how many rows differ now. Idempotent."""
        texts: dict[str, list[CatalogChange]] = defaultdict(list)
        written = 0
        for change in changes:
            if change.field.startswith("stock:"):
                written += _set_stock(change)
            else:
                texts[change.subject].append(change)
        for slug, own in texts.items():
            written += _set_fields(slug, own, self.relist)
        return written


def _set_fields(
    slug: str, changes: Sequence[CatalogChange], relist: Callable[[list[int]], None]
) -> int:
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(slug=slug).first()
        if product is None:
            return 0  # not ours yet: saleor_pull takes it in
        before = (dict(product.names), dict(product.descriptions), list(product.markets))
        for change in changes:
            name, _, key = change.field.partition(":")
            if name in _TEXTS:
                getattr(product, _TEXTS[name])[key] = change.value
            elif name == "published":
                product.markets = _in_market(product.markets, key, change.value == "yes")
        if before == (product.names, product.descriptions, product.markets):
            return 0
        product.save(update_fields=("names", "descriptions", "markets", "updated_at"))
        index_products(Product.objects.filter(pk=product.pk))
        _resolve(slug, changes)
        if before[2] != product.markets:
            relist([product.pk])
        log.info("taken over from saleor", product=slug, fields=[each.field for each in changes])
        return 1


def _in_market(markets: list[str], market: str, listed: bool) -> list[str]:
    if listed:
        return markets if market in markets else [*markets, market]
    return [each for each in markets if each != market]


def _set_stock(change: CatalogChange) -> int:
    warehouse = Warehouse.objects.filter(slug=change.field.removeprefix("stock:")).first()
    if warehouse is None:
        return 0
    quantity = int(change.value)
    # Pieces that our own shoppers are paying for right now stay promised to them.
    return (
        Stock.objects.filter(warehouse=warehouse, variant__sku=change.subject)
        .exclude(quantity=quantity)
        .update(quantity=Greatest(F("reserved"), quantity))
    )


def _resolve(slug: str, changes: Sequence[CatalogChange]) -> None:
    Conflict.objects.filter(
        subject=slug, field__in=[each.field for each in changes], resolved_at=None
    ).update(resolved_at=timezone.now())
