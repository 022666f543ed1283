"""Events of Saleors, done in the background."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.saleor_sync.events import unprocessed


@task(queue_name="default")
def handle_event(event_id: int) -> str:
    """Do one event; returns its state. Idempotent."""
    return wiring.saleor_events().handle(event_id)


def process_events() -> int:
    """Queue what failed or was forgotten; returns how many."""
    ids = unprocessed()
    for event_id in ids:
        handle_event.enqueue(event_id)
    return len(ids)
