"""The read side of stories and of campaigns' pages: frozen, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from i18n.locales import text_in
from storefront_backend.campaigns.models import Campaign, Story
from storefront_backend.campaigns.timing import State, state_in


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story in a list."""

    slug: str
    title: str
    opening: str
    brand_slug: str
    brand_name: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story to read, with the products it speaks of."""

    card: StoryCard
    body: str
    products: tuple[str, ...]  # slugs


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign to read, with the products it shows."""

    id: int
    slug: str
    name: str
    introduction: str
    last_day: date
    markets: tuple[str, ...]
    products: tuple[str, ...]  # slugs


def campaign_page(
    slug: str, market: str, zone: str, language: str, now: datetime, *, with_drafts: bool = False
) -> CampaignPage | None:
    """A campaign that is live in the market, by its time zone; None where there is none.

    `with_drafts` takes drafts for scheduled ones.
    """
    row = Campaign.objects.filter(slug=slug).first()
    if row is None or market not in row.markets:
        return None
    if with_drafts and row.scheduled_at is None:
        row.scheduled_at = now
    if state_in(row, zone, now) is not State.LIVE:
        return None
    return CampaignPage(
        id=row.pk,
        slug=row.slug,
        name=text_in(row.names, language),
        introduction=text_in(row.introductions, language),
        last_day=row.last_day,
        markets=tuple(row.markets),
        products=tuple(row.products.values_list("slug", flat=True)),
    )


def stories(language: str, now: datetime, *, brand: str = "", limit: int = 50) -> list[StoryCard]:
    """Published stories, newest first."""
    rows = _published(now)
    if brand:
        rows = rows.filter(brand__slug=brand)
    return [_card(row, language) for row in rows[:limit]]


def story_page(slug: str, language: str, now: datetime) -> StoryPage | None:
    """A published story; None where there is none."""
    row = _published(now).filter(slug=slug).first()
    if row is None:
        return None
    return StoryPage(
        card=_card(row, language),
        body=text_in(row.bodies, language),
        products=tuple(row.products.values_list("slug", flat=True)),
    )


def _published(now: datetime) -> QuerySet[Story]:
    return Story.objects.filter(published_at__lte=now).select_related("brand")


def _card(row: Story, language: str) -> StoryCard:
    body = text_in(row.bodies, language)
    return StoryCard(
        slug=row.slug,
        title=text_in(row.titles, language),
        opening=body.partition("\n")[0],
        brand_slug=row.brand.slug,
        brand_name=text_in(row.brand.names, language),
    )
