"""Once a minute: finish what killed processes left half done."""

from __future__ import annotations

import structlog
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.jobs.builds import requeue_abandoned
from storefront_backend.jobs.catalogue import catch_up
from storefront_backend.jobs.notices import send_notices
from storefront_backend.jobs.order_mails import send_order_mails
from storefront_backend.jobs.saleor_events import take_up_events
from storefront_backend.jobs.saleor_installation import confirm_pending
from storefront_backend.jobs.saleor_orders import sweep_sales
from storefront_backend.jobs.uploads import sweep_uploads
from storefront_backend.pricing.listing import forget_past_prices
from storefront_backend.selling.abandoned import purge_abandoned_checkouts

log = structlog.get_logger(__name__)


@task(queue_name="default")
def sweep() -> dict[str, int]:
    """Payments are asked after, reservations given back, shoppers written to, lost builds queued,
    uploads expired, past prices forgotten that no law asks for."""
    done = {
        "payments": wiring.payment_desk().recover(),
        "refunds": wiring.refunds().finish(),
        "notices": send_notices(),
        "mails": send_order_mails(),
        "builds": requeue_abandoned(),
        "uploads": sweep_uploads(),
        "checkouts": purge_abandoned_checkouts(wiring.now()),
        "past_prices": forget_past_prices(wiring.now()),
        "products": catch_up(),
        "saleor": confirm_pending() + take_up_events(),
        "sales": sweep_sales(),
    }
    if any(done.values()):
        log.info("swept", **done)
    return done
