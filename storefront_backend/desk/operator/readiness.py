"""How ready each market is: its law, languages, deliveries, rates and consumer data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import read_mo
from django.conf import settings
from django.db.models import Count

import i18n
from i18n.law import Period, State
from i18n.locales import LANGUAGES
from i18n.rulebook import Rulebook
from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, ShippingMethod
from storefront_backend.commerce.errors import StaleRates

_LOCALE = Path(i18n.__file__).parent / "locale"
_CONSUMER = ("withdrawal", "warranty", "invoice", "display")


@dataclass(frozen=True, slots=True)
class Readiness:
    """One market. What `lacks` names stops or weakens the sale there."""

    code: str
    name: str
    in_force: int
    disputed: int
    unknown: int
    languages: tuple[tuple[str, bool], ...]  # code, and whether nothing is missing
    deliveries: int
    has_rate: bool
    consumer: tuple[str, ...]  # kinds of consumer law that no source was found for
    live: int


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that begins or ends on a day."""

    day: date
    market: str
    rule: str
    title: str
    begins: bool
    source: str
    url: str


def readiness(book: Rulebook, today: date) -> list[Readiness]:
    """Every market of the shop."""
    ways = dict(_counted(ShippingMethod.objects.filter(is_active=True)))
    live = dict(_counted(Listing.objects.filter(is_live=True)))
    has_rate = _rates()
    found = []
    for code in settings.MARKETS:
        market = book.market(code).market
        law = book.market(code).on(today)
        states = Counter(period.state for period in law.periods)
        sourced = {p.kind for p in law.periods if p.state is not State.UNKNOWN}
        found.append(
            Readiness(
                code,
                market.name,
                states[State.IN_FORCE],
                states[State.DISPUTED],
                states[State.UNKNOWN],
                tuple((language, _is_complete(language)) for language in market.languages),
                ways.get(code, 0),
                has_rate(code),
                tuple(kind for kind in _CONSUMER if kind not in sourced),
                live.get(code, 0),
            )
        )
    return found


def changes(book: Rulebook, today: date, days: int) -> list[Change]:
    """What begins or ends in the next days, by day and market."""
    last = today + timedelta(days=days)
    found = [
        change
        for code in settings.MARKETS
        for rule in book.market(code).rules
        for period in rule.periods
        for change in _edges(code, period)
        if today < change.day <= last
    ]
    return sorted(found, key=lambda change: (change.day, change.market, change.rule))


def _edges(code: str, period: Period[Any]) -> Iterator[Change]:
    said = (code, period.rule, period.title)
    source = (period.source.title, period.source.url)
    yield Change(period.starts, *said, True, *source)
    if period.ends is not None:
        yield Change(period.ends + timedelta(days=1), *said, False, *source)


def _counted(rows: Any) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list("market").annotate(Count("pk")))


def _rates() -> Any:
    try:
        return wiring.price_book().has_rate
    except StaleRates:
        return lambda _: False


@cache
def _is_complete(language: str) -> bool:
    """Whether the shop says everything in it. English is what the code says."""
    if language == "en":
        return True
    return language in LANGUAGES and _strings(language) >= max(map(_strings, LANGUAGES))


@cache
def _strings(language: str) -> int:
    path = _LOCALE / LANGUAGES[language].folder / "LC_MESSAGES" / "django.mo"
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return len(read_mo(file))
