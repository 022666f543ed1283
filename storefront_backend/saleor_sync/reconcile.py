"""Finds what has drifted apart between us and the Saleors, and heals it."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.saleor_rows.queries import all_active
from storefront_backend.saleor_sync.intake import Intakes
from storefront_backend.saleor_sync.order_reconcile import OrderSync
from storefront_backend.saleor_sync.projection import Projection
from storefront_backend.saleor_sync.push import Push

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reconcile:
    """`selling` is the API address of the Saleor that the shop sells through, if there is one."""

    projection: Projection
    intakes: Intakes
    push: Push
    orders: OrderSync
    selling: str

    def all(self) -> dict[str, int]:
        """Find and heal drift: first what Saleor owns comes to us, then what we own goes there,
        then both sides of every order that has changed since.

        Everything is read, prices and attributes one by one. A Saleor that does not answer is
        skipped.
        """
        done = {"pulled": 0, "completed": 0, "pushed": 0, "orders": 0, "skipped": 0}
        for row in all_active():
            try:
                row.cursor = ""
                done["pulled"] += self.projection.pull(row)
                done["completed"] += self.intakes.complete_drafts(row)
                done["pushed"] += self.push.everything(row, thorough=True).written
                if row.api_url == self.selling:
                    done["orders"] += self.orders.reconcile(row)
            except ProviderUnavailable as error:
                done["skipped"] += 1
                log.warning("saleor not reconciled", api_url=row.api_url, reason=error.message)
        log.info("reconciled with saleor", **done)
        return done
