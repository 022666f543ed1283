"""Does what events of Saleors say: an event names what changed, and we read how it stands now.

So events may come doubled, late or out of order: each leads to the same rows. One that was issued
before another about the same subject that is done already is STALE and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.db.models import F
from django.tasks import task
from django.utils import timezone

from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.saleor_orders import order_changed
from storefront_backend.jobs.saleor_projection import apply_changes, pull
from storefront_backend.saleor.catalogue.changes import stock_changes
from storefront_backend.saleor_rows.models import SaleorEvent
from storefront_backend.saleor_rows.queries import working

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
_KEPT_FOR = timedelta(
    days=4
)  # twice as long as the inbox takes in, so that no replay slips through
_FORGOTTEN = timedelta(minutes=2)


def _catalogue_changed(event: SaleorEvent) -> None:
    """One pull does for all that have come in before it: a push of ours alone brings thousands."""
    waiting = SaleorEvent.objects.filter(
        api_url=event.api_url, name__in=_HINTS, state=SaleorEvent.State.RECEIVED
    )
    answered = list(waiting.values_list("pk", flat=True))
    pull(working(event.api_url))
    SaleorEvent.objects.filter(pk__in=answered).update(
        state=SaleorEvent.State.DONE, done_at=timezone.now()
    )


def _stock_changed(event: SaleorEvent) -> None:
    variant = event.body.get("productVariant") or {}
    apply_changes(stock_changes(variant, event.issued_at))


# Events that say only that something changed, not what.
_HINTS = ("products", "translations")
# By the webhook's name in the manifest.
HANDLERS: Mapping[str, Callable[[SaleorEvent], None]] = {
    "products": _catalogue_changed,
    "translations": _catalogue_changed,
    "stock": _stock_changed,
    "orders": order_changed,
}
# Events that carry a state rather than a hint: an older one must not undo a newer.
_CARRY_STATE = {"stock"}


@task(queue_name="default")
def handle_event(event_id: int) -> str:
    """Do one event; returns its state. Safe to repeat."""
    event = SaleorEvent.objects.filter(pk=event_id).first()
    if event is None:
        return "gone"
    if event.state in (SaleorEvent.State.DONE, SaleorEvent.State.STALE):
        return str(event.state)
    if event.name in _CARRY_STATE and _newer_is_done(event):
        return _end(event, SaleorEvent.State.STALE)
    SaleorEvent.objects.filter(pk=event.pk).update(attempts=F("attempts") + 1)
    try:
        HANDLERS[event.name](event)
    except CommerceError as error:
        log.warning("saleor event not done", event_name=event.name, reason=error.message)
        return _end(event, SaleorEvent.State.FAILED, error.message)
    return _end(event, SaleorEvent.State.DONE)


def take_up_events() -> int:
    """Queue what failed or was forgotten, and sweep away what no replay can reach any more."""
    now = timezone.now()
    SaleorEvent.objects.filter(received_at__lt=now - _KEPT_FOR).delete()
    to_do = SaleorEvent.objects.filter(
        state__in=(SaleorEvent.State.RECEIVED, SaleorEvent.State.FAILED),
        attempts__lt=MAX_ATTEMPTS,
        received_at__lt=now - _FORGOTTEN,
    )
    ids = list(to_do.order_by("issued_at").values_list("pk", flat=True)[:200])
    for event_id in ids:
        handle_event.enqueue(event_id)
    return len(ids)


def _newer_is_done(event: SaleorEvent) -> bool:
    return SaleorEvent.objects.filter(
        api_url=event.api_url,
        name=event.name,
        subject=event.subject,
        issued_at__gt=event.issued_at,
        state=SaleorEvent.State.DONE,
    ).exists()


def _end(event: SaleorEvent, state: SaleorEvent.State, problem: str = "") -> str:
    SaleorEvent.objects.filter(pk=event.pk).update(
        state=state,
        problem=problem[:300],
        done_at=None if state == SaleorEvent.State.FAILED else timezone.now(),
    )
    return state.value
