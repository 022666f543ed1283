"""Tells Saleor what became of payments that it began itself, for its other storefronts.

The provider is answered once the event is recorded. Notifying Saleor is background work, which
the sweep retries with growing pauses until Saleor has taken it or knows no such payment.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import F

from i18n.money import Money
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.saleor import payments
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import PaymentNews

log = structlog.get_logger(__name__)

_AT_ONCE = 100
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_KEPT_FOR = timedelta(days=90)


def record_news(event: PaymentEvent) -> PaymentNews | None:
    """Record the event; None where it has been sent, or need not be sent, already."""
    if event.kind not in payments.REPORTED or not _is_uuid(event.reference):
        return None  # Saleor names its transactions by UUID
    row, _ = PaymentNews.objects.get_or_create(
        event_id=event.id,
        defaults={
            "kind": event.kind.value,
            "reference": event.reference,
            "provider_id": event.provider_id,
            "amount": event.amount.amount,
            "currency": event.amount.currency,
            "reason": event.reason[:500],
            "occurred_at": event.occurred_at,
        },
    )
    return row if row.state == PaymentNews.State.RECEIVED else None


def tell(news_id: int, connect: Callable[[], Saleor]) -> str:
    """Send one to Saleor and return its state; what fails stays RECEIVED. Idempotent."""
    row = PaymentNews.objects.filter(pk=news_id, state=PaymentNews.State.RECEIVED).first()
    return "gone" if row is None else _tell(row, connect).value


def _tell(row: PaymentNews, connect: Callable[[], Saleor]) -> PaymentNews.State:
    PaymentNews.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    state, problem = PaymentNews.State.TOLD, ""
    try:
        payments.report(connect(), _event(row), token=row.reference)
    except SaleorRefused as refusal:
        problem = refusal.message
        unknown = any(each.code == "NOT_FOUND" for each in refusal.problems)
        state = PaymentNews.State.FOREIGN if unknown else PaymentNews.State.RECEIVED
    except CommerceError as error:
        state, problem = PaymentNews.State.RECEIVED, error.message
    if state is PaymentNews.State.RECEIVED:
        log.warning("payment event not sent to saleor", event_id=row.event_id, reason=problem)
    row.state, row.problem = state, problem[:300]
    row.save(update_fields=("state", "problem", "updated_at"))
    return state


def sweep(now: datetime, connect: Callable[[], Saleor]) -> int:
    """Tell again what is due, and forget what is long done; returns how many were looked at."""
    waiting = PaymentNews.objects.filter(state=PaymentNews.State.RECEIVED)
    due = [row for row in waiting.order_by("updated_at") if row.updated_at + _pause(row) <= now]
    for row in due[:_AT_ONCE]:
        _tell(row, connect)
    done = PaymentNews.objects.exclude(state=PaymentNews.State.RECEIVED)
    done.filter(updated_at__lt=now - _KEPT_FOR).delete()
    return len(due[:_AT_ONCE])


def _pause(row: PaymentNews) -> timedelta:
    doubled: timedelta = _FIRST_PAUSE * (1 << min(row.attempts, 10))
    return min(doubled, _LONGEST_PAUSE)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _event(row: PaymentNews) -> PaymentEvent:
    return PaymentEvent(
        id=row.event_id,
        kind=EventKind(row.kind),
        reference=row.reference,
        provider_id=row.provider_id,
        amount=Money(row.amount, row.currency).quantized(),
        occurred_at=row.occurred_at,
        reason=row.reason,
    )
