"""What partners published: handed in as a link, and checked by a marketer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.partners.models import Brief, Content


def hand_in(partner_id: int, *, url: str, market: str, brief: Brief | None, now: datetime) -> None:
    """Keep a link for the check, once; one that was refused is checked again."""
    row, new = Content.objects.get_or_create(
        partner_id=partner_id,
        url=url,
        defaults={"market": market, "brief": brief, "handed_in_at": now},
    )
    if not new and row.state == Content.State.REFUSED:
        row.state, row.handed_in_at = Content.State.HANDED_IN, now
        row.save(update_fields=("state", "handed_in_at"))


def check(
    content_id: int, *, accepted: bool, has_disclosure: bool, note: str, by: int, now: datetime
) -> None:
    """Keep what the marketer found. Raises InvalidRequest: accepted is only what is disclosed."""
    if accepted and not has_disclosure:
        raise InvalidRequest(
            "Content without a disclosure of the paid partnership is not accepted",
            field="has_disclosure",
        )
    if not accepted and not note.strip():
        raise InvalidRequest("Say what the partner has to change", field="note")
    with transaction.atomic():
        row = Content.objects.select_for_update().get(pk=content_id)
        row.state = Content.State.ACCEPTED if accepted else Content.State.REFUSED
        row.has_disclosure, row.note = has_disclosure, note.strip()
        row.checked_by_id, row.checked_at = by, now
        row.save()
