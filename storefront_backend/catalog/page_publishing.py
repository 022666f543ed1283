"""Drafts of brands' pages: saved, put off to a moment, published.

Publishing locks the brand's row, writes and forgets the draft in one transaction, so it happens
once, however many processes do it and whenever one is killed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from storefront_backend.audit.acting import acting
from storefront_backend.catalog.brand_pages import PageDraft, PublishedPage
from storefront_backend.catalog.models import Brand, Suspension
from storefront_backend.catalog.page_content import (
    LONGEST,
    PageContent,
    drafted_content,
    merged,
    public_content,
)
from storefront_backend.commerce.errors import InvalidRequest

VIA = "brand page, at its time"


class PageChanged(InvalidRequest):
    """Somebody else changed the page since it was read; nothing was written."""

    code = "changed_meanwhile"


def save_draft(
    brand: Brand, content: PageContent, *, seen: str, by: Any, now: datetime
) -> PageDraft | None:
    """Keep the content as the draft; None where it is what is public. Raises PageChanged.

    `seen` is the version that the writer began with.
    """
    with transaction.atomic():
        held = Brand.objects.select_for_update().get(pk=brand.pk)
        if drafted_content(held).version != seen:
            raise PageChanged("The page was changed meanwhile", hint="Read it again.")
        live = public_content(held)
        if content.version == live.version:
            PageDraft.objects.filter(brand=held).delete()
            return None
        draft, _new = PageDraft.objects.update_or_create(
            brand=held,
            defaults={
                "body": content.to_json(),
                "base": live.to_json(),
                "edited_by": by,
                "edited_at": now,
            },
        )
        return draft


def discard(brand: Brand) -> bool:
    """Forget the draft; false where there was none."""
    return bool(PageDraft.objects.filter(brand=brand).delete()[0])


def schedule(brand: Brand, at: datetime | None) -> bool:
    """Publish the draft at that moment, or with None not by itself; false without a draft."""
    return bool(PageDraft.objects.filter(brand=brand).update(publish_at=at))


def publish(brand: Brand, now: datetime, *, only_due: bool = False) -> bool:
    """Make the draft public; false where there is none, for instance as another was faster.

    `only_due` leaves one alone whose moment has not come, as it was put off meanwhile.
    """
    with transaction.atomic():
        held = Brand.objects.select_for_update().get(pk=brand.pk)
        draft = PageDraft.objects.filter(brand=held).first()
        if draft is None:
            return False
        if only_due and (draft.publish_at is None or draft.publish_at > now):
            return False
        content = merged(draft, public_content(held))
        for name in LONGEST:
            setattr(held, name, dict(getattr(content, name)))
        held.founded = content.founded
        held.save(update_fields=[*LONGEST, "founded"])
        # A piece that was deleted meanwhile is no hero.
        hero = held.products.filter(pk=content.hero).first() if content.hero else None
        PublishedPage.objects.update_or_create(
            brand=held,
            defaults={
                "hero": hero,
                "film": content.film,
                "film_key": content.film_key,
                "logo": content.logo,
                "pictures": list(content.pictures),
                "published_at": now,
            },
        )
        draft.delete()
    return True


def publish_due(now: datetime) -> int:
    """Publish every draft whose moment has come; a suspended house's waits. How many."""
    suspended = Suspension.objects.values("brand")
    due = PageDraft.objects.filter(publish_at__lte=now).exclude(brand__in=suspended)
    done = 0
    for draft in due.select_related("brand").order_by("publish_at"):
        with acting(draft.edited_by_id, VIA):
            done += publish(draft.brand, now, only_due=True)
    return done
