"""Clicks on partners' links, counted by day and market."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from storefront_backend.partners.models import ClickDay


def count_click(partner_id: int, market: str, day: date) -> None:
    """One more."""
    row, _ = ClickDay.objects.get_or_create(partner_id=partner_id, day=day, market=market)
    ClickDay.objects.filter(pk=row.pk).update(clicks=F("clicks") + 1)
