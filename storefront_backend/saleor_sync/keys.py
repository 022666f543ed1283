"""A Saleor's public keys: kept with its installation, fetched again when it signs with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import keep_keys

_AT_MOST = timedelta(minutes=1)


def refreshed_keys(
    row: Installation, fetch: Callable[[str], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Its keys as it shows them now; those we have, where we fetched them within the last minute.

    `fetch` gives the keys that the Saleor of an API address shows.
    """
    now = timezone.now()
    # Taken by one process of many: the others wait a minute like everybody who forges key ids.
    due = Installation.objects.filter(pk=row.pk).exclude(keys_fetched_at__gt=now - _AT_MOST)
    if due.update(keys_fetched_at=now):
        keep_keys(row, fetch(row.api_url), now)
    else:
        row.refresh_from_db(fields=("keys",))
    keys: Mapping[str, Any] = row.keys
    return keys
