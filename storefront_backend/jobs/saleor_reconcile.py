"""Finds what has drifted apart between us and the Saleors, and heals it."""

from __future__ import annotations

import structlog
from django.tasks import task

from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.installations.queries import all_active
from storefront_backend.jobs.saleor_projection import pull
from storefront_backend.jobs.saleor_push import push_to

log = structlog.get_logger(__name__)


@task(queue_name="default")
def reconcile() -> dict[str, int]:
    """Find and heal drift: first what Saleor owns comes to us, then what we own goes there.

    Everything is read, prices and attributes one by one. A Saleor that does not answer is skipped.
    """
    done = {"pulled": 0, "pushed": 0, "skipped": 0}
    for row in all_active():
        try:
            row.cursor = ""
            done["pulled"] += pull(row)
            done["pushed"] += push_to(row, thorough=True).written
        except ProviderUnavailable as error:
            done["skipped"] += 1
            log.warning("saleor not reconciled", api_url=row.api_url, reason=error.message)
    log.info("reconciled with saleor", **done)
    return done
