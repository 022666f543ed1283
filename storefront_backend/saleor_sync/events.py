"""Does what events of Saleors say: an event names what changed, and we read its state now.

So handling is idempotent, and events may come doubled, late or out of order: each
leads to the same rows. One that was issued before another about the same subject that is done
already is STALE and left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db.models import F
from django.utils import timezone

from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.saleor.catalogue.changes import stock_changes
from storefront_backend.saleor_rows.models import SaleorEvent
from storefront_backend.saleor_rows.queries import working
from storefront_backend.saleor_sync.order_reconcile import OrderSync
from storefront_backend.saleor_sync.projection import Projection

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
# Twice as long as the inbox takes in, so that no replay slips through.
_KEPT_FOR = timedelta(days=4)
_FORGOTTEN = timedelta(minutes=2)


# Events that say only that something changed, not what.
_HINTS = ("products", "translations")
# Events that carry a state rather than a hint: an older one must not undo a newer.
_CARRY_STATE = {"stock"}


@dataclass(frozen=True, slots=True)
class Events:
    """`projection` writes the catalogue's changes, `orders` brings one order into step."""

    projection: Projection
    orders: OrderSync

    def handle(self, event_id: int) -> str:
        """Do one event; returns its state. Idempotent."""
        event = SaleorEvent.objects.filter(pk=event_id).first()
        if event is None:
            return "gone"
        if event.state in (SaleorEvent.State.DONE, SaleorEvent.State.STALE):
            return str(event.state)
        if event.name in _CARRY_STATE and _newer_is_done(event):
            return _end(event, SaleorEvent.State.STALE)
        SaleorEvent.objects.filter(pk=event.pk).update(attempts=F("attempts") + 1)
        try:
            self._do(event)
        except CommerceError as error:
            log.warning("saleor event not done", event_name=event.name, reason=error.message)
            return _end(event, SaleorEvent.State.FAILED, error.message)
        return _end(event, SaleorEvent.State.DONE)

    def _do(self, event: SaleorEvent) -> None:
        if event.name in _HINTS:
            self._pull(event)
        elif event.name == "stock":
            variant = event.body.get("productVariant") or {}
            self.projection.apply(stock_changes(variant, event.issued_at))
        elif event.name == "orders":
            order = event.body.get("order") or {}
            if order.get("id"):
                self.orders.synchronise(working(event.api_url), order["id"])
        else:
            raise InvalidRequest(f"Nothing is done about {event.name}")

    def _pull(self, event: SaleorEvent) -> None:
        """One pull does for all that have come in before it: a push of ours alone brings
        thousands."""
        waiting = SaleorEvent.objects.filter(
            api_url=event.api_url, name__in=_HINTS, state=SaleorEvent.State.RECEIVED
        )
        answered = list(waiting.values_list("pk", flat=True))
        self.projection.pull(working(event.api_url))
        SaleorEvent.objects.filter(pk__in=answered).update(
            state=SaleorEvent.State.DONE, done_at=timezone.now()
        )


def unprocessed() -> Sequence[int]:
    """Ids of what failed or was forgotten; what no replay can reach any more is deleted."""
    now = timezone.now()
    SaleorEvent.objects.filter(received_at__lt=now - _KEPT_FOR).delete()
    to_do = SaleorEvent.objects.filter(
        state__in=(SaleorEvent.State.RECEIVED, SaleorEvent.State.FAILED),
        attempts__lt=MAX_ATTEMPTS,
        received_at__lt=now - _FORGOTTEN,
    )
    return list(to_do.order_by("issued_at").values_list("pk", flat=True)[:200])


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
