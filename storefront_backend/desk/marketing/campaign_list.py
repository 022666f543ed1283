"""Campaigns as the desk lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from i18n.locales import text_in
from storefront_backend.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in a list; `state` is that of the moment it was read."""

    id: int
    slug: str
    name: str
    markets: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    state: str


def all_campaigns(language: str, now: datetime) -> list[CampaignRow]:
    """Every campaign, the latest start first."""
    return [_row(campaign, language, now) for campaign in Campaign.objects.all()]


def _row(campaign: Campaign, language: str, now: datetime) -> CampaignRow:
    return CampaignRow(
        campaign.pk,
        campaign.slug,
        text_in(campaign.names, language) or campaign.slug,
        tuple(campaign.markets),
        campaign.starts_at,
        campaign.ends_at,
        _state(campaign, now),
    )


def _state(campaign: Campaign, now: datetime) -> str:
    if now < campaign.starts_at:
        return "scheduled"
    return "live" if now < campaign.ends_at else "ended"
