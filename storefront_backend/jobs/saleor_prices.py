"""Prices into the Saleors after a tick of the rates: only those that moved, and nothing else.

A tick moves prices alone, so there is no look at texts, passports and files: 24 products of 146
variants in 17 markets are 9 requests and not 17 (measured). Where a tick has put
pieces on sale or taken them off, their publication moves too, and they are pushed whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, RateTick
from storefront_backend.commerce.errors import NotFound
from storefront_backend.jobs.saleor_push import CHUNK, ask_for_push, price_of
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import all_active


def ask_for_prices(tick: RateTick) -> None:
    """Queue what a tick has moved, once all of its markets are repriced; after the commit."""
    done = tick.repricings.all()
    if not all_active() or done.filter(done_at=None).exists():
        return
    if any(work.taken_off or work.put_on for work in done):
        ask_for_push(_moved(tick.version))
        return
    ids = _moved(tick.version)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        transaction.on_commit(
            lambda chunk=chunk: push_prices.enqueue(chunk, tick.version)  # type: ignore[misc]
        )


@task(queue_name="default")
def push_prices(product_ids: list[int], rates: str) -> int:
    """Set the prices that these rates gave those products, in every Saleor; returns how many.

    What a later tick has written since is left to that tick's own task.
    """
    return sum(set_prices(row, product_ids, rates) for row in all_active())


def set_prices(row: Installation, product_ids: Sequence[int], rates: str) -> int:
    """The same in one Saleor. Raises ProviderUnavailable; the hourly reconcile mends it."""
    listings = Listing.objects.filter(
        variant__product__in=list(product_ids),
        variant__product__is_published=True,
        variant__is_active=True,
        rates=rates,
    ).select_related("variant")
    prices = [price_of(listing) for listing in listings]
    try:
        wiring.saleor_catalog(row).set_prices(prices)
    except NotFound:
        # One of them is not there yet, and prices are set for all or for none.
        ask_for_push(list(product_ids))
        return 0
    return len(prices)


def _moved(rates: str) -> list[int]:
    moved = Listing.objects.filter(rates=rates, variant__is_active=True)
    return list(
        moved.order_by("variant__product").values_list("variant__product", flat=True).distinct()
    )
