"""How often checkouts may be opened and pieces held by one who does not pay.

A begun payment reserves its pieces until a timeout of half an hour, and can be begun again.
Without a limit one visitor would keep the only piece from everybody else for ever, by one request
in half an hour. So payments that came to nothing are counted over a day: of a checkout, and of a
client for the same pieces, in all its checkouts. What is paid is never counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from storefront_backend.commerce.errors import LimitReached
from storefront_backend.orders.models import Checkout, CheckoutLine, Transaction

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_PAID = (Transaction.State.CHARGED, Transaction.State.AUTHORIZED, Transaction.State.REFUNDED)


def check_opened(client: str, now: datetime) -> None:
    """Raise LimitReached where the client has opened as many checkouts as one may in an hour."""
    if not client:
        return
    opened = Checkout.objects.filter(client=client, created_at__gt=now - _HOUR)
    if opened.count() >= settings.CHECKOUTS_A_CLIENT:
        raise LimitReached(_("Too many checkouts were opened from here. Please try again later."))


def check_held(checkout: Checkout, lines: Iterable[CheckoutLine], now: datetime) -> None:
    """Raise LimitReached where these pieces were held too often today and not paid."""
    here = Q(checkout=checkout)
    same = Q(
        checkout__client=checkout.client,
        checkout__lines__variant__in={line.variant_id for line in lines},
    )
    unpaid = Transaction.objects.filter(created_at__gt=now - _DAY).exclude(state__in=_PAID)
    counts = unpaid.filter(here | same if checkout.client else here).aggregate(
        of_checkout=Count("pk", filter=here, distinct=True),
        of_client=Count("pk", filter=same, distinct=True),
    )
    too_often = counts["of_checkout"] >= settings.HOLDS_A_CHECKOUT or (
        bool(checkout.client) and counts["of_client"] >= settings.HOLDS_A_CLIENT
    )
    if too_often:
        raise LimitReached(
            _("These pieces were held for you several times today. Please try again tomorrow."),
            field="lines",
        )
