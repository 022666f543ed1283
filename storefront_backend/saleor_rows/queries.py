"""The installations as the rest of the shop asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from storefront_backend.commerce.catalogue import FieldConflict
from storefront_backend.commerce.errors import ProviderUnavailable
from storefront_backend.saleor_rows.models import Conflict, Installation, Intake

_PENDING_AT_ONCE = 5


class NotInstalled(ProviderUnavailable):
    """No installation of the app in that Saleor is active; a new one goes on with what waits."""

    code = "saleor_not_installed"


def active(api_url: str) -> Installation | None:
    """Our working app in the Saleor of that address."""
    return Installation.objects.filter(api_url=api_url, state=Installation.State.ACTIVE).first()


def working(api_url: str) -> Installation:
    """The same, where there has to be one. Raises NotInstalled."""
    row = active(api_url)
    if row is None:
        raise NotInstalled(
            f"The app is not installed in the Saleor at {api_url}",
            hint="Install it again in that Saleor's Dashboard; what waits is done then",
        )
    return row


def all_active() -> Sequence[Installation]:
    """Every Saleor that we work in."""
    return list(Installation.objects.filter(state=Installation.State.ACTIVE))


def propose(api_url: str, token: str) -> Installation:
    """Keep a token that somebody sent in that Saleor's name, until it is confirmed."""
    with transaction.atomic():
        row = Installation(api_url=api_url)
        row.token = token
        row.save()
        pending = Installation.objects.filter(api_url=api_url, state=Installation.State.PENDING)
        kept = pending.order_by("-pk").values_list("pk", flat=True)[:_PENDING_AT_ONCE]
        # Tokens sent to us all day long fill no table.
        pending.exclude(pk__in=list(kept)).delete()
    return row


def confirm(row: Installation, *, app_id: str, version: str, permissions: Sequence[str]) -> None:
    """Its Saleor answered to the token: from now on this one is used."""
    with transaction.atomic():
        earlier = Installation.objects.select_for_update().filter(
            api_url=row.api_url, state=Installation.State.ACTIVE
        )
        before = earlier.exclude(pk=row.pk).first()
        if before is not None:
            # A new installation of the same app reads on from the old one's cursor.
            row.cursor, row.orders_read_at = before.cursor, before.orders_read_at
            earlier.exclude(pk=row.pk).update(state=Installation.State.RETIRED)
        row.state = Installation.State.ACTIVE
        row.app_id, row.version, row.permissions = app_id, version, list(permissions)
        row.confirmed_at = timezone.now()
        row.save()


def keep_keys(row: Installation, jwks: Mapping[str, Any], at: datetime) -> None:
    """Record the keys that its Saleor shows."""
    row.keys, row.keys_fetched_at = dict(jwks), at
    row.save(update_fields=("keys", "keys_fetched_at"))


def record_conflicts(row: Installation, conflicts: Sequence[FieldConflict]) -> None:
    """Show what both sides wrote; an older conflict about the same field is replaced."""
    for conflict in conflicts:
        Conflict.objects.update_or_create(
            api_url=row.api_url,
            subject=conflict.subject,
            field=conflict.field,
            resolved_at=None,
            defaults={
                "ours": conflict.ours,
                "theirs": conflict.theirs,
                "kept": conflict.kept,
            },
        )


def taken_in(slugs: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Of these products those that came from a Saleor, with its variants' names by sku."""
    return dict(Intake.objects.filter(slug__in=slugs).values_list("slug", "names"))
