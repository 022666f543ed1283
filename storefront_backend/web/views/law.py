"""What you pay and why: the market's rules in force, each with who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from i18n.charge import Charge
from i18n.law import Period, Source
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Wanted
from storefront_backend.web import seo, words
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.price import price_rows

_SHOWN = ("tax", "customs", "hallmark", "naming", "restriction", "consumer")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule on the page; `rate` or `amount` where it is a charge, `top_rate` where it varies."""

    title: str
    topic: str
    rate: Decimal | None
    top_rate: Decimal | None
    amount: Money | None
    starts: date
    state: str
    state_label: str
    source: Source
    note: str


@require_safe
@cache_control(public=True, max_age=3600)
def what_you_pay(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """An example to the last line, then every rule of the market that is in force today."""
    today = wiring.now().date()
    rows = [
        _row(period)
        for period in wiring.rulebook().market(market).on(today).periods
        if _topic(period) in _SHOWN
    ]
    rows.sort(key=lambda row: _SHOWN.index(row.topic))
    sections = [
        (words.word(words.TOPICS, topic), list(group))
        for topic, group in groupby(rows, key=lambda row: row.topic)
    ]
    return render(
        request,
        "web/what_you_pay.html",
        {
            "sections": sections,
            "rulebook": wiring.rulebook().version,
            "today": today,
            **_example(request),
            **seo.head(request, "what-you-pay"),
        },
    )


def _example(request: ShopRequest) -> dict[str, Any]:
    """The newest piece, as somebody would buy it today."""
    cards = queries.newest(Wanted(request.market.code, request.language, size=1))
    page = cards and queries.product_page(cards[0].slug, request.market.code, request.language)
    if not page or not page.variants:
        return {}
    variant = page.variants[0]
    return {"example": page, "variant": variant, "price": price_rows(variant.landed)}


def _row(period: Period[Any]) -> RuleRow:
    terms = period.terms
    charge = terms if isinstance(terms, Charge) else None
    rates = sorted(charge.rates.values()) if charge else []
    rate = rates[0] if rates else charge.rate if charge else None
    return RuleRow(
        title=period.title,
        topic=_topic(period),
        rate=rate,
        top_rate=rates[-1] if rates and rates[-1] != rate else None,
        amount=charge.amount if charge else None,
        starts=period.starts,
        state=period.state.value,
        state_label=words.word(words.RULE_STATES, period.state.value),
        source=period.source,
        note=period.note,
    )


def _topic(period: Period[Any]) -> str:
    return period.rule.split(".")[1]
