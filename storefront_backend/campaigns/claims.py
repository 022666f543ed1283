"""What the texts of a campaign may not say in its markets. A campaign with a finding is no more
than a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def findings(campaign: Campaign, rulebook: Rulebook) -> list[ClaimFinding]:
    """By market, language and words; the first piece of several is named.

    The law is that of the campaign's first day.
    """
    found: dict[tuple[str, str, str], ClaimFinding] = {}
    for each in _all(campaign, rulebook):
        found.setdefault((each.market, each.language, each.words.lower()), each)
    return list(found.values())


def texts(campaign: Campaign) -> dict[str, str]:
    """All that a campaign says, by language."""
    languages = {*campaign.names, *campaign.introductions}
    return {
        language: "\n".join(
            part
            for part in (
                campaign.names.get(language, ""),
                campaign.introductions.get(language, ""),
            )
            if part
        )
        for language in sorted(languages)
    }


def _all(campaign: Campaign, rulebook: Rulebook) -> Iterator[ClaimFinding]:
    passports = [
        (product.code, Passport.from_json(variant.passport))
        for product in campaign.products.prefetch_related("variants")
        for variant in product.variants.all()
    ]
    said = texts(campaign)
    for market in campaign.markets:
        rules = rulebook.market(market)
        law = rules.on(campaign.first_day)
        for language in (each for each in rules.market.languages if said.get(each)):
            for code, passport in passports:
                for hit in forbidden_words(said[language], language, passport, law):
                    period = hit.rule
                    yield ClaimFinding(
                        market, language, hit.words, code, period.rule, period.title,
                        period.source.title, period.source.url, hit.instead,
                    )  # fmt: skip
