"""What the texts of a campaign may not say in its markets. A campaign with a finding is no more
than a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from i18n.locales import spoken_in, text_in
from i18n.naming.claims import forbidden_words
from i18n.passport import Passport
from i18n.rulebook import Rulebook
from storefront_backend.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """Words of one text that a rule of one market forbids for a piece."""

    market: str
    language: str
    words: str
    piece: str  # its code
    rule: str
    title: str
    source: str
    url: str
    instead: tuple[str, ...]


def findings(campaign: Campaign, rulebook: Rulebook, on: date) -> list[ClaimFinding]:
    """By market, language and words; the first piece of several is named.

    The law is that of the campaign's first day, or of the day `on` once it has begun.
    """
    found: dict[tuple[str, str, str], ClaimFinding] = {}
    for each in _all(campaign, rulebook, max(campaign.first_day, on)):
        found.setdefault((each.market, each.language, each.words.lower()), each)
    return list(found.values())


def _all(campaign: Campaign, rulebook: Rulebook, on: date) -> Iterator[ClaimFinding]:
    passports = [
        (product.code, Passport.from_json(variant.passport))
        for product in campaign.products.prefetch_related("variants")
        for variant in product.variants.all()
    ]
    for market in campaign.markets:
        rules = rulebook.market(market)
        law = rules.on(on)
        for language, text in _shown(campaign, rules.market.languages):
            for code, passport in passports:
                for hit in forbidden_words(text, language, passport, law):
                    period = hit.rule
                    yield ClaimFinding(
                        market, language, hit.words, code, period.rule, period.title,
                        period.source.title, period.source.url, hit.instead,
                    )  # fmt: skip


def _shown(campaign: Campaign, languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What readers of these languages are shown, each text in the language that it is in."""
    shown = {
        (spoken_in(texts, language), text_in(texts, language))
        for texts in (campaign.names, campaign.introductions)
        for language in languages
    }
    return iter(sorted((language, text) for language, text in shown if text))
