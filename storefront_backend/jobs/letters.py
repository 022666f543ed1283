"""Letters that somebody asks for again, sent in the background: a mail server may be slow."""

from __future__ import annotations

import structlog
from django.tasks import task

from storefront_backend import wiring

log = structlog.get_logger(__name__)


@task(queue_name="default")
def send_again(number: str, parcel: str = "") -> None:
    """An order's confirmation, or a parcel's news. Runs that fail are among the failed jobs."""
    wiring.send_again()(number, parcel)
    log.info("letter sent again", order=number, parcel=parcel)
