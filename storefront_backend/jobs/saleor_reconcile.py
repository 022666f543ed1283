"""Finds what has drifted apart between us and the Saleors, and heals it."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.tasks import task

from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.jobs.saleor_orders import reconcile_orders
from storefront_backend.jobs.saleor_projection import pull
from storefront_backend.jobs.saleor_pull import complete_drafts
from storefront_backend.jobs.saleor_push import push_to
from storefront_backend.saleor_rows.queries import all_active

log = structlog.get_logger(__name__)


@task(queue_name="default")
def reconcile() -> dict[str, int]:
    """Find and heal drift: first what Saleor owns comes to us, then what we own goes there, then
    both sides of every order that has changed since.

    Everything is read, prices and attributes one by one. A Saleor that does not answer is skipped.
    """
    done = {"pulled": 0, "completed": 0, "pushed": 0, "orders": 0, "skipped": 0}
    for row in all_active():
        try:
            row.cursor = ""
            done["pulled"] += pull(row)
            done["completed"] += complete_drafts(row)
            done["pushed"] += push_to(row, thorough=True).written
            if row.api_url == settings.SALEOR_API_URL:
                done["orders"] += reconcile_orders(row)
        except ProviderUnavailable as error:
            done["skipped"] += 1
            log.warning("saleor not reconciled", api_url=row.api_url, reason=error.message)
    log.info("reconciled with saleor", **done)
    return done
