"""Promo codes over our rows: who may use one, what it takes off, and its last use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from django.db.models import F, Q

from i18n.landed_cost import Supply, SupplyLine
from i18n.landed_cost.discount import discounted
from i18n.market import Market
from i18n.money import Money, minor_unit
from storefront_backend.campaigns.timing import State, state_in
from storefront_backend.catalog.models import PriceTerms
from storefront_backend.commerce.errors import InvalidRequest, StaleRates
from storefront_backend.commerce.rates import Rates
from storefront_backend.orders.models import CheckoutLine, Order, PromoCode

_MAX_RATE_AGE = timedelta(days=4)


def find(code: str, market: Market, now: datetime, email: str = "") -> PromoCode | None:
    """The code as it may be used there and now; None where there is no such code.

    Raises InvalidRequest where there is one that does not hold: the message says why.
    """
    promo = (
        PromoCode.objects.filter(code=code.upper(), is_active=True)
        .select_related("campaign")
        .first()
    )
    if promo is None:
        return None
    if reason := _against(promo, market, now, email):
        raise InvalidRequest(f"The code {promo.code} {reason}", field="code")
    return promo


def _against(promo: PromoCode, market: Market, now: datetime, email: str) -> str:
    """Why the code does not hold; empty where it does."""
    campaign = promo.campaign
    state = state_in(campaign, market.time_zone, now) if campaign else State.LIVE
    markets = campaign.markets if campaign else promo.markets
    if state in (State.DRAFT, State.SCHEDULED) or (promo.starts_at and now < promo.starts_at):
        return "is not valid yet"
    if state is State.ENDED or (promo.ends_at and now >= promo.ends_at):
        return "has run out"
    if (markets or campaign) and market.code not in markets:
        return "is not valid in this market"
    if promo.kind == PromoCode.Kind.FIXED and promo.currency != market.currency:
        return f"is in {promo.currency}"
    if promo.usage_limit is not None and promo.used >= promo.usage_limit:
        return "has been used up"
    if promo.per_shopper is not None and email and _uses(promo.code, email) >= promo.per_shopper:
        return "has been used by you before"
    return ""


def _uses(code: str, email: str) -> int:
    return Order.objects.filter(promo=code, email__iexact=email).count()


def reduced(
    promo: PromoCode,
    lines: Sequence[CheckoutLine],
    supply: Sequence[SupplyLine],
    rates: Rates | None,
    now: datetime,
) -> tuple[SupplyLine, ...]:
    """The supply with what the code takes off, by value among the pieces that it is for.

    No piece goes below its brand's floor (price_formula.py): what a floor keeps is not shared
    among the others, so that a shopper pays for each piece no less than its own reduction says.
    """
    chosen = _pieces_of(promo)
    at = [
        place
        for place, line in enumerate(lines)
        if chosen is None or line.variant.product_id in chosen
    ]
    found = list(supply)
    if not at:
        return tuple(found)
    picked = tuple(supply[place] for place in at)
    zero = Money.zero(picked[0].goods.currency)
    goods = Money.sum((line.goods for line in picked), zero.currency)
    whole = Supply(market="", lines=picked, shipping=zero, insurance=zero)
    floors = _floors([lines[place] for place in at], zero.currency, rates, now)
    for place, line in zip(at, discounted(whole, taken_off(promo, goods)).lines, strict=True):
        least = min(floors.get(lines[place].variant_id, zero) * line.quantity, supply[place].goods)
        found[place] = replace(line, goods=max(line.goods, least))
    return tuple(found)


def _pieces_of(promo: PromoCode) -> frozenset[int] | None:
    """The products that the code is for; None: all."""
    if promo.campaign is None:
        return None
    return frozenset(promo.campaign.products.values_list("pk", flat=True)) or None


def _floors(
    lines: Sequence[CheckoutLine], currency: str, rates: Rates | None, now: datetime
) -> dict[int, Money]:
    """The least that a piece may cost, by variant. Without a fresh rate that is its price."""
    found = {}
    price = {line.variant_id: Money(line.unit_price, currency) for line in lines}
    bounded = PriceTerms.objects.filter(variant__in=list(price), floor__isnull=False)
    step = minor_unit(currency)
    for variant, home, floor in bounded.values_list("variant", "currency", "floor"):
        try:
            if rates is None and home != currency:
                raise StaleRates("There are no rates")
            exchange = (
                rates.exchange_between(home, currency, now, _MAX_RATE_AGE) if rates else Decimal(1)
            )
        except StaleRates:
            found[variant] = price[variant]
            continue
        found[variant] = Money(
            (floor * exchange / step).to_integral_value(ROUND_UP) * step, currency
        )
    return found


def taken_off(promo: PromoCode, goods: Money) -> Money:
    """What the code takes off the goods; never more than they cost."""
    if promo.kind == PromoCode.Kind.FIXED:
        return min(goods, Money(promo.value, goods.currency)).quantized()
    return (goods * (promo.value / Decimal(100))).quantized()


def use(code: str, email: str) -> None:
    """Count a use, safe in a race for the last one; call inside the sale's transaction.

    The update locks the code's row until the sale is written, so orders of the same shopper that
    come together are counted one after the other. Raises InvalidRequest past a limit.
    """
    if not code:
        return
    free = Q(usage_limit=None) | Q(used__lt=F("usage_limit"))
    if not PromoCode.objects.filter(free, code=code).update(used=F("used") + 1):
        raise InvalidRequest(f"The code {code} has just been used up", field="code")
    limit = PromoCode.objects.values_list("per_shopper", flat=True).get(code=code)
    if limit is not None and _uses(code, email) >= limit:
        raise InvalidRequest(f"The code {code} has been used by you before", field="code")
