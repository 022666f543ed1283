"""Confirms tokens: one counts when its Saleor answers to it as our app."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.tasks import task
from django.utils import timezone

from storefront_backend import wiring
from storefront_backend.commerce.errors import NotFound, ProviderError, ProviderUnavailable
from storefront_backend.saleor.identity import identity
from storefront_backend.saleor.manifest import APP_ID
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import active, all_active, confirm, keep_keys

log = structlog.get_logger(__name__)

_PENDING_FOR = timedelta(hours=1)


@task(queue_name="default")
def confirm_installation(installation_id: int) -> str:
    """Try a proposed token; returns the installation's state. The sweep tries again for an hour."""
    row = Installation.objects.filter(pk=installation_id).first()
    if row is None:
        return "gone"
    if row.state != Installation.State.PENDING:
        return str(row.state)
    try:
        who = identity(wiring.saleor_with_token(row.api_url, row.token))
        keys = wiring.saleor_keys(row.api_url)
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


def confirm_pending() -> int:
    """Try again what has not been confirmed; what is not within an hour is dropped."""
    pending = Installation.objects.filter(state=Installation.State.PENDING)
    pending.filter(created_at__lt=timezone.now() - _PENDING_FOR).delete()
    ids = list(pending.values_list("pk", flat=True))
    for installation_id in ids:
        confirm_installation.enqueue(installation_id)
    return len(ids)


def which_installation(api_url: str = "") -> Installation:
    """The one of that address, or the shop's, or the only one. Raises NotFound."""
    if api_url or settings.SALEOR_API_URL:
        row = active(api_url or settings.SALEOR_API_URL)
    else:
        rows = all_active()
        row = rows[0] if len(rows) == 1 else None
    if row is None:
        raise NotFound(
            "The app is not installed in that Saleor",
            hint=f"In its Dashboard, install {settings.PUBLIC_URL}/saleor/manifest",
        )
    return row
