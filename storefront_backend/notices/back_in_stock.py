"""Who wants to hear when a piece is back, and for whom it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from storefront_backend.catalog.models import ProductVariant
from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.mail_address import mail_address
from storefront_backend.orders.mails import NotDeliverable
from storefront_backend.orders.models import BackInStockNotice

_MOST_OPEN = 20  # pieces that one address may wait for


def ask(sku: str, email: str, *, market: str, language: str, now: datetime) -> None:
    """Remember the wish, to be confirmed (notices.confirmations); twice is once, and asks again.

    Says nothing of what else the address asked for. Raises NotFound, InvalidRequest.
    """
    email = mail_address(email)
    variant = ProductVariant.objects.filter(sku=sku, is_active=True).first()
    if variant is None:
        raise NotFound(f"There is no {sku}", field="sku")
    open_ones = BackInStockNotice.objects.filter(email=email, sent_at=None)
    if open_ones.exclude(variant=variant).count() >= _MOST_OPEN:
        return
    row, is_new = open_ones.get_or_create(
        variant=variant,
        email=email,
        sent_at=None,
        defaults={"market": market, "language": language},
    )
    if not is_new and row.confirmed_at is None:
        BackInStockNotice.objects.filter(pk=row.pk, confirmed_at=None).update(
            confirm_mailed_at=None, created_at=now
        )


def tell(send: Callable[[BackInStockNotice], None], now: datetime, *, most: int = 100) -> int:
    """Send the notices whose piece is there and listed again; returns how many.

    Each is marked in the transaction that sends it, oldest first, so a process that is killed
    repeats one message at most. `send` raises NotDeliverable where it is the address: that stops no
    other notice, and one that takes none for good is forgotten.
    """
    waiting = BackInStockNotice.objects.filter(
        Q(variant__stock__quantity__gt=F("variant__stock__reserved")),
        variant__listings__market=F("market"),
        variant__listings__is_live=True,
        confirmed_at__isnull=False,
        sent_at=None,
    )
    sent = 0
    for key in list(waiting.values_list("pk", flat=True).distinct()[:most]):
        with transaction.atomic():
            notice = (
                BackInStockNotice.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("variant__product")
                .filter(pk=key, sent_at=None)
                .first()
            )
            if notice is None:
                continue
            try:
                send(notice)
            except NotDeliverable as refusal:
                if refusal.for_good:
                    notice.delete()
                continue
            notice.sent_at = now
            notice.save(update_fields=("sent_at",))
            sent += 1
    return sent
