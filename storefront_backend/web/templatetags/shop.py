"""What templates say in the page's language: money, numbers, dates and the trade's words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from i18n import locales
from i18n.explain import Sentence, explain
from i18n.landed_cost import LandedCost
from i18n.market import Market
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.reading import AssetFile, Variant
from storefront_backend.commerce.checkout import CheckoutLine
from storefront_backend.web import finger, words
from storefront_backend.web.engravings import Shown, shown
from storefront_backend.web.spoken import in_words

register = template.Library()

_WORDS = {
    "kind": words.KIND,
    "kinds": words.KINDS,
    "alloy": words.ALLOYS,
    "stone": words.STONES,
    "stone-origin": words.STONE_ORIGINS,
    "treatment": words.TREATMENTS,
    "fact": words.FACT_STATES,
    "dimension": words.DIMENSIONS,
    "finish": words.FINISHES,
    "order": words.ORDER_STATES,
    "parcel": words.PARCEL_STATES,
    "topic": words.TOPICS,
    "rule": words.RULE_STATES,
    "sort": words.SORTS,
}


@register.filter
def word(code: str, of: str) -> str:
    """The trade's word for a code: `{{ alloy|word:"alloy" }}`."""
    return words.word(_WORDS[of], code)


@register.filter
def asset(file: AssetFile | None) -> str:
    """The address of a built file."""
    return "" if file is None else wiring.assets().url(file.key)


@register.simple_tag(takes_context=True)
def page(context: dict[str, Any], name: str, *arguments: Any, **named: Any) -> str:
    """The address of a page in the request's market and language: `{% page "product" slug %}`."""
    market: Market = named.pop("market", None) or context["market"]
    language = named.pop("language", None) or context["language"]
    return reverse(f"web:{name}", args=(market.code, language, *arguments))


@register.simple_tag(takes_context=True)
def engraved(context: dict[str, Any], line: CheckoutLine) -> Shown | None:
    """How a line's engraving will look."""
    alloy = line.label.partition(" · ")[0]
    place = (context["market"], context["language"])
    return shown(*place, line.product_slug, alloy, line.engraving)


@register.simple_tag(takes_context=True)
def money(context: dict[str, Any], amount: Money) -> SafeString:
    """An amount, kept together and in its own direction."""
    text = locales.format_money(amount, context["language"], _country(context))
    return format_html('<bdi class="money">{}</bdi>', text)


@register.simple_tag(takes_context=True)
def number(context: dict[str, Any], value: Decimal | int) -> str:
    """A number in the reader's digits."""
    return locales.format_number(value, context["language"], _country(context))


@register.simple_tag(takes_context=True)
def percent(context: dict[str, Any], share: Decimal) -> str:
    """A share as per cent."""
    return locales.format_rate(share, context["language"], _country(context))


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], value: date | datetime) -> str:
    """A date in the reader's words."""
    return locales.format_date(value, context["language"], _country(context), length="medium")


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """A time of day; a script puts it into the reader's own zone."""
    return format_html(
        '<time datetime="{}" data-clock>{} UTC</time>',
        moment.isoformat(),
        moment.astimezone(UTC).strftime("%H:%M"),
    )


@register.simple_tag(takes_context=True)
def country(context: dict[str, Any], code: str) -> str:
    """The name of an ISO 3166 country."""
    return locales.country_name(code, context["language"])


@register.filter
def country_in(code: str, language: str) -> str:
    """The name of a country in a language that is not the page's."""
    return locales.country_name(code, language)


@register.simple_tag(takes_context=True)
def in_sentences(context: dict[str, Any], cost: LandedCost) -> tuple[Sentence, ...]:
    """A landed cost as sentences: what, how much of what, to which payee, and by which rule."""
    return explain(cost, context["language"], _country(context), translate=in_words())


@register.filter
def by_law(text: str) -> str:
    """A text of the rulebook in the page's language."""
    return in_words()(text)


@register.filter
def region_name(code: str) -> str:
    """The name of a region (ISO 3166-2) that prices are worked out for."""
    return words.word(words.REGIONS, code)


@register.simple_tag(takes_context=True)
def ring_sizes(context: dict[str, Any], variant: Variant) -> str:
    """A ring's size in the market's own system and in its neighbours': "US 6 · EU 52 · JP 11"."""
    return finger.sizes(variant, context["market"])


@register.filter
def language_name(code: str) -> str:
    """A language's name for itself."""
    return locales.language(code).name


@register.filter
def piece_label(label: str) -> str:
    """A variant's label ("gold-750-yellow · US 7") with the alloy in the trade's words."""
    alloy, separator, rest = label.partition(" · ")
    return words.word(words.ALLOYS, alloy) + separator + rest if alloy else label


@register.filter
def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, which are separated by an empty line or a new one."""
    return [part.strip() for part in text.splitlines() if part.strip()]


def _country(context: dict[str, Any]) -> str:
    market: Market | None = context.get("market")
    return market.country if market else ""
