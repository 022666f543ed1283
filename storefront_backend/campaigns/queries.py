"""The read side of stories: frozen, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from i18n.locales import text_in
from storefront_backend.campaigns.models import Story


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
