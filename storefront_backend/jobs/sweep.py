"""Once a minute: finish what killed processes left half done."""

from __future__ import annotations

import structlog
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.jobs.builds import requeue_abandoned
from storefront_backend.jobs.catalogue import catch_up

log = structlog.get_logger(__name__)


@task(queue_name="default")
def sweep() -> dict[str, int]:
    """Payments are asked after, expired reservations given back, lost builds queued again."""
    done = {
        "payments": wiring.payment_desk().recover(),
        "builds": requeue_abandoned(),
        "products": catch_up(),
    }
    if any(done.values()):
        log.info("swept", **done)
    return done
