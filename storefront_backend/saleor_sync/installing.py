"""Confirms tokens: one counts when its Saleor answers to it as our app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.utils import timezone

from storefront_backend.commerce.errors import NotFound, ProviderError, ProviderUnavailable
from storefront_backend.saleor.identity import identity
from storefront_backend.saleor.manifest import APP_ID
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import active, all_active, confirm, keep_keys

log = structlog.get_logger(__name__)

_PENDING_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Confirming:
    """`connect` gives a Saleor by address and token, `keys` what it signs with."""

    connect: Callable[[str, str], Saleor]
    keys: Callable[[str], Mapping[str, Any]]

    def confirm(self, installation_id: int) -> str:
        """Try a proposed token; returns the installation's state, which is still pending where
        its Saleor does not let it in yet."""
        return _confirm(self, installation_id)


def _confirm(by: Confirming, installation_id: int) -> str:
    row = Installation.objects.filter(pk=installation_id).first()
    if row is None:
        return "gone"
    if row.state != Installation.State.PENDING:
        return str(row.state)
    try:
        who = identity(by.connect(row.api_url, row.token))
        keys = by.keys(row.api_url)
    except ProviderUnavailable as error:
        log.warning("saleor does not answer yet", api_url=row.api_url, reason=error.message)
        return "pending"
    except ProviderError as error:
        # Saleor lets a token in only after it has finished installing us.
        log.info("token not accepted yet", api_url=row.api_url, reason=error.message)
        return "pending"
    if who.identifier != APP_ID or not who.is_active:
        return "pending"
    keep_keys(row, keys, timezone.now())
    confirm(row, app_id=who.app_id, version=who.saleor_version, permissions=who.permissions)
    log.info("installed in saleor", api_url=row.api_url, version=who.saleor_version)
    return str(row.state)


def pending() -> Sequence[int]:
    """Ids of what is to be tried again; what was not confirmed within an hour is dropped."""
    rows = Installation.objects.filter(state=Installation.State.PENDING)
    rows.filter(created_at__lt=timezone.now() - _PENDING_FOR).delete()
    return list(rows.values_list("pk", flat=True))


def which_installation(api_url: str, public_url: str) -> Installation:
    """The one of that address, or the only one. Raises NotFound, which says where to install."""
    if api_url:
        row = active(api_url)
    else:
        rows = all_active()
        row = rows[0] if len(rows) == 1 else None
    if row is None:
        raise NotFound(
            "The app is not installed in that Saleor",
            hint=f"In its Dashboard, install {public_url}/saleor/manifest",
        )
    return row
