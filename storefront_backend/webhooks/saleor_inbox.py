"""Tells genuine events of a Saleor from all others, and each from its copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.saleor.errors import NotGenuine, UnknownKey
from storefront_backend.saleor.signatures import KeySet
from storefront_backend.saleor_rows.models import Installation, SaleorEvent
from storefront_backend.saleor_rows.queries import active

# Saleor tries six times within 10 s × (2⁵ − 1), about five minutes; a long queue may double that.
KEPT_FOR = timedelta(days=2)
_AHEAD = timedelta(minutes=5)


class WrongSaleor(NotGenuine):
    """It did not install us, or the event is for another app."""

    code = "wrong_saleor"


@dataclass(frozen=True, slots=True)
class Body:
    """A genuine event: the Saleor that sent it, the bytes, and what they say."""

    installation: Installation
    raw: bytes
    said: Mapping[str, Any]


def genuine(raw: bytes, headers: Mapping[str, str]) -> Body:
    """The event, if a Saleor of ours has signed it for our app. Raises WrongSaleor, NotGenuine."""
    row = active(headers.get("Saleor-Api-Url", ""))
    if row is None:
        raise WrongSaleor("The app is not installed in this Saleor")
    signature = headers.get("Saleor-Signature", "")
    try:
        KeySet.read(row.keys).verify_webhook(raw, signature)
    except UnknownKey:
        # The Saleor may have a new key; fetched at most once a minute, for any number of events.
        KeySet.read(wiring.saleor_signing_keys(row)).verify_webhook(raw, signature)
    try:
        said = json.loads(raw)
    except ValueError:
        raise InvalidRequest("The body is not JSON") from None
    if not isinstance(said, dict):
        raise InvalidRequest("The body is not an object")
    recipient = (said.get("recipient") or {}).get("id")
    # The signature is the Saleor's, not the webhook's: it says nothing of who should read this.
    if recipient is not None and row.app_id and recipient != row.app_id:
        raise WrongSaleor("The event is for another app")
    return Body(row, raw, said)


def take_in(name: str, came: Body) -> tuple[SaleorEvent, bool]:
    """Record the event (idempotent); False where its very bytes have been taken in before.

    Raises InvalidRequest for one that says no time, or a time that is past or to come: its earlier
    copy may have been deleted, so it could be a replay.
    """
    issued = _moment(came.said.get("issuedAt"))
    now = timezone.now()
    if issued is None or not now - KEPT_FOR < issued < now + _AHEAD:
        raise InvalidRequest("The event has no time, or not a recent one", field="issuedAt")
    digest = hashlib.sha256(name.encode() + b"\n" + came.raw).hexdigest()
    return SaleorEvent.objects.get_or_create(
        api_url=came.installation.api_url,
        digest=digest,
        defaults={
            "name": name,
            "subject": _subject(came.said),
            "body": dict(came.said),
            "issued_at": issued,
        },
    )


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _subject(said: Mapping[str, Any]) -> str:
    """The id of the one thing that the event is about."""
    for key in ("product", "productVariant", "order", "transaction", "checkout"):
        thing = said.get(key)
        if isinstance(thing, dict) and thing.get("id"):
            return str(thing["id"])
    translated = (said.get("translation") or {}).get("translatableContent") or {}
    return str(translated.get("productId") or "")
