"""Webhooks of the payment provider: verified, recorded once (idempotent), answered."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from storefront_backend import wiring
from storefront_backend.commerce.errors import CommerceError, InvalidRequest, NotFound
from storefront_backend.commerce.payments import WebhookRequest

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Record one event. 2xx only once it is safely written, so the provider sends it again else."""
    desk = wiring.payment_desk()
    if provider != desk.provider.name:
        return HttpResponse("No such provider\n", status=404, content_type="text/plain")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        desk.read_webhook(WebhookRequest(body=request.body, headers=headers))
    except InvalidRequest as error:
        return HttpResponse(f"{error.message}\n", status=400, content_type="text/plain")
    except NotFound:
        # Not ours: another shop on the same account. Accepting it stops the retries.
        return HttpResponse(status=204)
    except CommerceError as error:
        log.warning("webhook failed", provider=provider, code=error.code)
        return HttpResponse(f"{error.message}\n", status=503, content_type="text/plain")
    return HttpResponse(status=204)
