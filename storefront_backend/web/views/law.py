"""What you pay and why: the market's rules in force, each with who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from i18n.charge import Charge
from i18n.explain import Sentence, explain
from i18n.landed_cost import LandedCost
from i18n.law import Period, Reading, Source, State
from i18n.locales import format_money
from i18n.money import Money
from i18n.scope import Valued
from storefront_backend import wiring
from storefront_backend.catalog import queries
from storefront_backend.catalog.reading import Wanted
from storefront_backend.web import seo, words
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.price import price_rows
from storefront_backend.web.samples import Samples, samples_of
from storefront_backend.web.spoken import in_words
from storefront_backend.web.stops import Stop

_SHOWN = ("tax", "customs", "hallmark", "naming", "restriction", "consumer")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule on the page; `rate` or `amount` where it is a charge, `top_rate` where it varies.

    `edges` are the values it begins and ends at, in words; `note` and `readings` are in English.
    """

    rule: str
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
    edges: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def is_open(self) -> bool:
        """Whether sources disagree about it, or none says."""
        return self.state != State.IN_FORCE


@dataclass(frozen=True, slots=True)
class Worked:
    """One worked price: its parts, and the same in sentences."""

    goods: Money
    cost: LandedCost
    duty: Money
    tax: Money
    sentences: tuple[Sentence, ...]


@require_safe
@cache_control(public=True, max_age=3600)
def what_you_pay(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Worked numbers to the last line, then every rule of the market that holds today."""
    today = wiring.now().date()
    samples = samples_of(request.market)
    rows = [
        _row(period, request)
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
            "open_rules": [row for row in rows if row.is_open],
            "samples": _worked(samples, request),
            "sample_region": samples.region,
            "stop": Stop.by(samples.stopped) if samples.stopped else None,
            "rulebook": wiring.rulebook().version,
            "today": today,
            **_example(request),
            **seo.head(request, "what-you-pay"),
        },
    )


def _example(request: ShopRequest) -> dict[str, Any]:
    """The newest piece, as somebody would buy it today."""
    cards = queries.newest(Wanted(request.market.code, request.language, size=1))
    page = cards and queries.product_page(
        cards[0].slug, request.market.code, request.language, wiring.till()
    )
    if not page or not page.variants:
        return {}
    variant = page.variants[0]
    return {"example": page, "variant": variant, "price": price_rows(variant.landed)}


def _worked(samples: Samples, request: ShopRequest) -> list[Worked]:
    say = in_words()
    return [
        Worked(
            goods=row.goods,
            cost=row.cost,
            duty=row.cost.of("duty"),
            tax=row.cost.of("tax") + row.cost.of("fee"),
            sentences=explain(row.cost, request.language, request.market.country, translate=say)[
                2:
            ],  # the goods and their free delivery are in the table
        )
        for row in samples.rows
    ]


def _edges(terms: object, request: ShopRequest) -> tuple[str, ...]:
    if not isinstance(terms, Valued):
        return ()
    said = (
        (_("over %(amount)s"), terms.over),
        (_("from %(amount)s"), terms.at_least),
        (_("up to %(amount)s"), terms.up_to),
        (_("below %(amount)s"), terms.below),
    )
    return tuple(
        form % {"amount": format_money(edge, request.language, request.market.country)}
        for form, edge in said
        if edge is not None
    )


def _row(period: Period[Any], request: ShopRequest) -> RuleRow:
    terms = period.terms
    charge = terms if isinstance(terms, Charge) else None
    rates = sorted(charge.rates.values()) if charge else []
    rate = rates[0] if rates else charge.rate if charge else None
    return RuleRow(
        rule=period.rule,
        title=in_words()(period.title),
        topic=_topic(period),
        rate=rate,
        top_rate=rates[-1] if rates and rates[-1] != rate else None,
        amount=charge.amount if charge else None,
        starts=period.starts,
        state=period.state.value,
        state_label=words.word(words.RULE_STATES, period.state.value),
        source=period.source,
        note=period.note,
        edges=_edges(terms, request),
        readings=period.readings,
    )


def _topic(period: Period[Any]) -> str:
    return period.rule.split(".")[1]
