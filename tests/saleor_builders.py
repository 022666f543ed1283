"""Installations, and events as a Saleor signs them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from storefront_backend.saleor_rows.models import Installation
from tests.fakes.saleor_keys import SigningSaleor

APP = "QXBwOjE="


def make_installation(saleor: SigningSaleor, **fields: Any) -> Installation:
    """Our app at work in that Saleor."""
    defaults: dict[str, Any] = {
        "api_url": saleor.api_url,
        "app_id": APP,
        "state": Installation.State.ACTIVE,
        "keys": saleor.jwks(),
        "keys_fetched_at": timezone.now(),
    }
    row = Installation(**(defaults | fields))
    row.token = "a-token"
    row.save()
    return row


def event_body(issued_at: datetime | None = None, **fields: Any) -> bytes:
    """What a Saleor sends, without spaces where it puts none."""
    said = {
        "issuedAt": (issued_at or timezone.now()).isoformat(),
        "recipient": {"id": APP},
        **fields,
    }
    return json.dumps(said).encode()


def send_event(
    client: Client, saleor: SigningSaleor, name: str, body: bytes, **headers: str
) -> int:
    """The status that a Saleor gets for it."""
    said = {
        "Saleor-Api-Url": saleor.api_url,
        "Saleor-Signature": saleor.sign(body),
        **headers,
    }
    answer = client.post(
        f"/saleor/webhooks/{name}", data=body, content_type="application/json", headers=said
    )
    return answer.status_code
