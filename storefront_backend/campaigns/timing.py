"""When a campaign begins and ends in a market, and what state that gives it. No job moves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from i18n.rulebook import load_rulebook
from storefront_backend.campaigns.models import Campaign


class State(StrEnum):
    """A campaign's state at a moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


def span(campaign: Campaign, zone: str) -> tuple[datetime, datetime]:
    """The first moment in the zone, and the first one that is no longer part of it."""
    return _midnight(campaign.first_day, zone), _midnight(
        campaign.last_day + timedelta(days=1), zone
    )


def state_in(campaign: Campaign, zone: str, now: datetime) -> State:
    """The state in a market of that time zone."""
    if campaign.scheduled_at is None:
        return State.DRAFT
    begins, ends = span(campaign, zone)
    if now < begins:
        return State.SCHEDULED
    return State.LIVE if now < ends else State.ENDED


def state_of(campaign: Campaign, zones: Iterable[str], now: datetime) -> State:
    """Over all markets: live while one of them is, scheduled until the first begins."""
    states = {state_in(campaign, zone, now) for zone in zones}
    for state in (State.LIVE, State.SCHEDULED, State.ENDED):
        if state in states:
            return state
    return State.DRAFT


def is_live(campaign: Campaign, market: str, now: datetime) -> bool:
    """Whether shoppers of the market see it."""
    return market in campaign.markets and state_in(campaign, _zone(market), now) is State.LIVE


@cache
def _zone(market: str) -> str:
    return load_rulebook().market(market).market.time_zone


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
