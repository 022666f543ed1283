"""Once an hour: both sides of every Saleor compared."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring


@task(queue_name="default")
def reconcile() -> dict[str, int]:
    """Find and heal what has drifted apart from the Saleors."""
    return wiring.saleor_reconcile().all()
