"""Listings follow the catalogue, the rates and the rulebook."""

from __future__ import annotations

import time

from django.conf import settings
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.background import steps
from storefront_backend.background.items import BUDGET
from storefront_backend.catalog.models import Relisting
from storefront_backend.jobs.saleor_push import ask_for_push
from storefront_backend.pricing import relisting
from storefront_backend.pricing.relisting import Relister

MARKED = "products"  # the sweep's step that relists what is marked


@task(queue_name="default")
def relist_products(product_ids: list[int]) -> int:
    """Bring the listings of some products up to date in every market of the shop."""
    return relister().products(product_ids)


@task(queue_name="default", priority=10)
def relist_marked() -> int:
    """The sweep's step for marked products, queued before the next minute."""
    return steps.run(MARKED, relist_lagging, wiring.now)


def relister() -> Relister:
    """What relists; Saleors are notified of what changed."""
    return wiring.relister(ask_for_push)


def relist_lagging() -> int:
    """Relist what is marked: products that were written and not listed since."""
    return relister().lagging()


def follow_law() -> int:
    """Relist everything when a day, the rulebook or a setting has changed what may be sold.

    Returns how many passes came to their end; what does not fit into one run is done by the next.
    """
    now = wiring.now()
    law = relisting.law_of(
        now, wiring.rulebook().version, settings.ACCEPT_DISPUTED_RULES, settings.MARKETS
    )
    relisting.follow_law(law, settings.MARKETS, now)
    until = time.monotonic() + BUDGET
    done = 0
    for run in Relisting.objects.filter(done_at=None).order_by("pk"):
        done += relister().work(run, budget=until - time.monotonic())
    return done
