"""Once a minute: finish what killed processes left half done, each step as a job of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.aftersale import commissions, partner_payouts
from storefront_backend.background import steps
from storefront_backend.catalog.page_publishing import publish_due
from storefront_backend.jobs.builds import build_desk
from storefront_backend.jobs.listing import MARKED, follow_law, relist_lagging
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.jobs.saleor_events import process_events
from storefront_backend.jobs.saleor_installation import confirm_pending
from storefront_backend.jobs.saleor_orders import sweep_sales
from storefront_backend.jobs.sheet_imports import sweep_imports
from storefront_backend.jobs.sheet_undo import purge_images
from storefront_backend.jobs.uploads import upload_follower
from storefront_backend.notices.desk import low_stock_letters
from storefront_backend.notices.desk.account_letters import forget_sent
from storefront_backend.pricing.listing import forget_past_prices
from storefront_backend.selling.abandoned import purge_abandoned_checkouts
from storefront_backend.selling.low_stock import notice_low_stock

log = structlog.get_logger(__name__)

# Each returns how much it did. A new one is one line; none may rely on another having run.
STEPS: Mapping[str, Callable[[], int]] = {
    "payments": lambda: wiring.payment_desk().recover(),
    "refunds": lambda: wiring.refunds().finish(),
    "mails": lambda: wiring.outbox().send_due(),
    "builds": lambda: build_desk().requeue_abandoned() + build_desk().build_what_is_missing(),
    "uploads": lambda: upload_follower().sweep(),
    "checkouts": lambda: purge_abandoned_checkouts(wiring.now()),
    "past_prices": lambda: forget_past_prices(wiring.now()),
    "brand_pages": lambda: publish_due(wiring.now()),
    "low_stock": lambda: notice_low_stock(wiring.now()),
    "low_stock_mails": lambda: low_stock_letters.forget_sent(wiring.now()),
    "account_mails": lambda: forget_sent(wiring.now()),
    MARKED: relist_lagging,
    "law": follow_law,
    "photographs": lambda: photograph_desk().sweep(),
    "partner_commissions": lambda: commissions.book_due(wiring.now()),
    "partner_holds": lambda: partner_payouts.find_all_holds(wiring.now()),
    "imports": sweep_imports,
    "import_images": purge_images,
    "saleor_installations": confirm_pending,
    "saleor_events": process_events,
    "saleor_sales": sweep_sales,
}


@task(queue_name="default", priority=20)
def sweep() -> list[str]:
    """Queue the steps that are due; returns their names."""
    due = steps.due(STEPS, wiring.now())
    for name in due:
        sweep_step.enqueue(name)
    return due


@task(queue_name="default", priority=10)
def sweep_step(name: str) -> int:
    """Do one step; returns how much it did."""
    done = steps.run(name, STEPS[name], wiring.now)
    if done:
        log.info("sweep step done", step=name, done=done)
    return done
