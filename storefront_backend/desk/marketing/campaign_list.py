"""Campaigns as the desk lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from i18n.locales import text_in
from i18n.rulebook import Rulebook
from storefront_backend.campaigns.models import Campaign
from storefront_backend.campaigns.timing import span, state_in, state_of


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in a list; `state` is that of the moment it was read, over all its markets."""

    id: int
    slug: str
    name: str
    markets: tuple[str, ...]
    first_day: date
    last_day: date
    state: str


@dataclass(frozen=True, slots=True)
class MarketRow:
    """A campaign in one market, with its first and last moments by the market's own clock."""

    code: str
    name: str
    zone: str
    languages: tuple[str, ...]
    begins: datetime
    ends: datetime
    state: str


def all_campaigns(language: str, rulebook: Rulebook, now: datetime) -> list[CampaignRow]:
    """Every campaign, the latest start first."""
    return [
        CampaignRow(
            campaign.pk,
            campaign.slug,
            text_in(campaign.names, language) or campaign.slug,
            tuple(campaign.markets),
            campaign.first_day,
            campaign.last_day,
            state_of(campaign, (_zone(code, rulebook) for code in campaign.markets), now),
        )
        for campaign in Campaign.objects.all()
    ]


def by_market(campaign: Campaign, rulebook: Rulebook, now: datetime) -> list[MarketRow]:
    """The campaign in each of its markets."""
    found = []
    for code in campaign.markets:
        market = rulebook.market(code).market
        begins, ends = span(campaign, market.time_zone)
        found.append(
            MarketRow(
                code,
                market.name,
                market.time_zone,
                market.languages,
                begins,
                ends,
                state_in(campaign, market.time_zone, now),
            )
        )
    return found


def _zone(code: str, rulebook: Rulebook) -> str:
    return rulebook.market(code).market.time_zone
