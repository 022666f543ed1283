"""Pushes products into the Saleors after every change."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.saleor_rows.queries import all_active
from storefront_backend.saleor_sync.push import CHUNK


@task(queue_name="default")
def push_products(product_ids: list[int]) -> int:
    """Bring these products up to date in every Saleor; returns how many were written."""
    push = wiring.saleor_push()
    return sum(push.products(row, product_ids).written for row in all_active())


def ask_for_push(product_ids: Sequence[int]) -> None:
    """Queue a push of these products, where a Saleor has installed us; after the commit."""
    if not product_ids or not all_active():
        return
    ids = list(product_ids)
    # A task of some products ends within its queue's patience, and one that fails repeats little.
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        transaction.on_commit(lambda chunk=chunk: push_products.enqueue(chunk))  # type: ignore[misc]
