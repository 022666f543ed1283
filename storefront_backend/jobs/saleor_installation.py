"""Tokens that Saleors sent, tried in the background."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.saleor_sync.installing import pending


@task(queue_name="default")
def confirm_installation(installation_id: int) -> str:
    """Try a proposed token; returns the installation's state. The sweep tries again for an hour."""
    return wiring.saleor_confirming().confirm(installation_id)


def confirm_pending() -> int:
    """Queue what has not been confirmed; returns how many."""
    ids = pending()
    for installation_id in ids:
        confirm_installation.enqueue(installation_id)
    return len(ids)
