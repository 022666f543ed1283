"""Abandoned checkouts: those that are not paid end after CHECKOUT_KEPT_DAYS.

| a checkout that was left                        | what is done                               |
|-------------------------------------------------|--------------------------------------------|
| without any payment begun                       | deleted with its lines                     |
| with payments that came to nothing              | ABANDONED; name, address and wishes erased |
| with a payment under way, or money held         | nothing: the payment's sweep decides first |
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from storefront_backend.orders.models import Checkout, Transaction
from storefront_backend.orders.once import forget_old_calls

_CAME_TO_NOTHING = (
    Transaction.State.FAILED,
    Transaction.State.CANCELED,
    Transaction.State.REFUNDED,
)


def purge_abandoned_checkouts(now: datetime, *, most: int = 500) -> int:
    """End what was left before the time of CHECKOUT_KEPT_DAYS, `most` at once; returns how many."""
    forget_old_calls(now)
    undecided = Transaction.objects.exclude(state__in=_CAME_TO_NOTHING)
    left = (
        Checkout.objects.filter(
            state=Checkout.State.OPEN,
            updated_at__lt=now - settings.CHECKOUT_KEPT_FOR,
            order=None,
            reservations=None,
        )
        .exclude(pk__in=undecided.values("checkout"))
        .order_by("updated_at")
        .values_list("pk", flat=True)
    )
    return sum(_end(pk, now) for pk in list(left[:most]))


def _end(pk: int, now: datetime) -> int:
    """Locked and looked at again: its shopper may have come back this moment."""
    with transaction.atomic():
        row = Checkout.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        limit = now - settings.CHECKOUT_KEPT_FOR
        if row is None or row.state != Checkout.State.OPEN or row.updated_at >= limit:
            return 0
        payments = row.transactions.all()
        if payments.exclude(state__in=_CAME_TO_NOTHING).exists():
            return 0
        if not payments:
            row.delete()
            return 1
        row.state = Checkout.State.ABANDONED
        row.email = row.gift_message = row.client = ""
        row.shipping_address = row.billing_address = row.quote = row.quote_expires_at = None
        row.save()
        payments.update(request={})  # the address of the shopper's mail is in it
        return 1
