"""Promo codes over our rows: who may use one, what it takes off, and its last use."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.orders.models import PromoCode


def find(code: str, market: str, currency: str, now: datetime) -> PromoCode | None:
    """The code as it may be used there and now; None where there is no such code.

    Raises InvalidRequest where there is one that does not hold: the message says why.
    """
    promo = PromoCode.objects.filter(code=code.upper(), is_active=True).first()
    if promo is None:
        return None
    reason = ""
    if promo.starts_at is not None and now < promo.starts_at:
        reason = "is not valid yet"
    elif promo.ends_at is not None and now >= promo.ends_at:
        reason = "has run out"
    elif promo.markets and market not in promo.markets:
        reason = "is not valid in this market"
    elif promo.kind == PromoCode.Kind.FIXED and promo.currency != currency:
        reason = f"is in {promo.currency}"
    elif promo.usage_limit is not None and promo.used >= promo.usage_limit:
        reason = "has been used up"
    if reason:
        raise InvalidRequest(f"The code {promo.code} {reason}", field="code")
    return promo


def taken_off(promo: PromoCode, goods: Money) -> Money:
    """What the code takes off the goods; never more than they cost."""
    if promo.kind == PromoCode.Kind.FIXED:
        return min(goods, Money(promo.value, goods.currency)).quantized()
    return (goods * (promo.value / Decimal(100))).quantized()


def use(code: str) -> None:
    """Count a use, safe in a race for the last one; call inside the sale's transaction.

    Raises InvalidRequest past the limit.
    """
    if not code:
        return
    free = Q(usage_limit=None) | Q(used__lt=F("usage_limit"))
    if not PromoCode.objects.filter(free, code=code).update(used=F("used") + 1):
        raise InvalidRequest(f"The code {code} has just been used up", field="code")
