"""What Saleors send us: the app's handshake, and events.

An event is trusted when a Saleor that installed us has signed its bytes. The name in the address
only chooses who handles it: each handler reads its own fields, so another kind of body fits none.
Sync events are answered at once; async events are recorded, answered, and done by a job.

| what came                              | answer | and then                                  |
|----------------------------------------|--------|-------------------------------------------|
| signed, new                            | 202    | a job does it                             |
| the same bytes again                   | 200    | nothing                                   |
| older than we keep events, no date     | 400    | nothing; Saleor does not send it again    |
| not signed, wrongly signed             | 401    | nothing                                   |
| a Saleor that did not install us       | 403    | nothing                                   |
| the database or the queue is down      | 503    | Saleor sends it again                     |
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.saleor_events import handle_event
from storefront_backend.jobs.saleor_installation import confirm_installation
from storefront_backend.request_text import read_json
from storefront_backend.saleor.errors import NotGenuine
from storefront_backend.saleor.manifest import WEBHOOKS, manifest
from storefront_backend.saleor_rows.queries import propose
from storefront_backend.webhooks.saleor_inbox import Body, WrongSaleor, genuine, take_in
from storefront_backend.webhooks.saleor_sync import SYNC_HANDLERS

log = structlog.get_logger(__name__)

_LONGEST_BODY = 5 * 1024 * 1024  # bytes
_LONGEST_TOKEN = 500  # characters


@require_GET
def app_manifest(request: HttpRequest) -> HttpResponse:
    """The manifest that an operator gives to the Dashboard."""
    return JsonResponse(manifest(settings.PUBLIC_URL, settings.WEBHOOK_URL))


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Keep the token that a Saleor sends while it installs us; a job confirms it.

    The token opens nothing before the installation has ended, so it cannot be tried here.
    """
    api_url = request.headers.get("Saleor-Api-Url", "")
    if api_url not in settings.SALEOR_TRUSTED_API_URLS:
        log.warning("saleor not trusted", api_url=api_url[:200])
        return _text("This Saleor may not install the app: see SALEOR_API_URL", 403)
    try:
        said = read_json(request.body)
        token = said["auth_token"]
    except (ValueError, KeyError, TypeError):
        return _text('Expected {"auth_token": …}', 400)
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        return _text("That is not a token", 400)
    with transaction.atomic():
        row = propose(api_url, token)
        transaction.on_commit(lambda: confirm_installation.enqueue(row.pk))
    return JsonResponse({"success": True})


@csrf_exempt
@require_POST
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """One event of the webhook of that name."""
    if name not in {webhook.name for webhook in WEBHOOKS}:
        return _text("No such webhook", 404)
    if len(request.body) > _LONGEST_BODY:
        return _text("Too long", 413)
    try:
        came = genuine(request.body, request.headers)
        if name in SYNC_HANDLERS:
            return SYNC_HANDLERS[name](came)
        return _keep(name, came)
    except WrongSaleor as refusal:
        log.warning("saleor event refused", name=name, reason=refusal.message)
        return _text(refusal.message, 403)
    except NotGenuine as refusal:
        log.warning("saleor event refused", name=name, reason=refusal.message)
        return _text(refusal.message, 401)
    except (CommerceError, DatabaseError) as error:
        retry = getattr(error, "retry", True)
        log.warning("saleor event failed", name=name, reason=type(error).__name__)
        return _text("Not now" if retry else str(error), 503 if retry else 400)


def _keep(name: str, came: Body) -> HttpResponse:
    with transaction.atomic():
        row, new = take_in(name, came)
        if new:
            transaction.on_commit(lambda: handle_event.enqueue(row.pk))
    return HttpResponse(status=202 if new else 200)


def _text(message: str, status: int) -> HttpResponse:
    return HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
