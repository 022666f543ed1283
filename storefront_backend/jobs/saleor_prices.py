"""Prices into the Saleors, after a tick of the rates."""

from __future__ import annotations

from django.db import transaction
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.catalog.models import RateTick
from storefront_backend.jobs.saleor_push import ask_for_push
from storefront_backend.saleor_rows.queries import all_active
from storefront_backend.saleor_sync.prices import moved
from storefront_backend.saleor_sync.push import CHUNK


@task(queue_name="default")
def push_prices(product_ids: list[int], rates: str) -> int:
    """Set the prices that these rates gave those products, in every Saleor; returns how many."""
    prices = wiring.saleor_prices()
    return sum(prices.set_prices(row, product_ids, rates) for row in all_active())


def ask_for_prices(tick: RateTick) -> None:
    """Queue what a tick has moved, once all of its markets are repriced; after the commit."""
    done = tick.repricings.all()
    if not all_active() or done.filter(done_at=None).exists():
        return
    if any(work.taken_off or work.put_on for work in done):
        ask_for_push(moved(tick.version))
        return
    ids = moved(tick.version)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        transaction.on_commit(
            lambda chunk=chunk: push_prices.enqueue(chunk, tick.version)  # type: ignore[misc]
        )
