"""Our panel on the product page of a Saleor Dashboard: 3D model, passport, readiness per market.

The Dashboard shows the shell in a frame and hands it a token of the person who is signed in; the
shell asks for the content with that token. It is the Saleor's signature on the token that opens the
content, together with the person's permission to manage products, and never a cookie of ours.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from storefront_backend import wiring
from storefront_backend.commerce.errors import CommerceError, ProviderError
from storefront_backend.saleor.errors import NotGenuine, UnknownKey
from storefront_backend.saleor.signatures import KeySet, allowed_to
from storefront_backend.saleor_rows.models import Installation
from storefront_backend.saleor_rows.queries import active

_NEEDED = "MANAGE_PRODUCTS"
_FRAMED: dict[str, Any] = {
    **settings.SECURE_CSP,
    "frame-ancestors": settings.SALEOR_DASHBOARD_ORIGINS or ["'none'"],
}


@require_GET
@xframe_options_exempt
@csp_override(_FRAMED)
def welcome(request: HttpRequest) -> HttpResponse:
    """The app's own page in the Dashboard."""
    return render(request, "saleor/welcome.html", {"shop": settings.PUBLIC_URL})


@require_GET
@xframe_options_exempt
@csp_override(_FRAMED)
def product_shell(request: HttpRequest) -> HttpResponse:
    """The frame around the panel; holds nothing that would need a permission."""
    return render(request, "saleor/product_shell.html")


@csrf_exempt
@require_POST
def product_content(request: HttpRequest) -> HttpResponse:
    """The panel of a product, for somebody who may manage products in that Saleor."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    row = active(request.headers.get("Saleor-Api-Url", ""))
    if row is None:
        return HttpResponse("Not installed in this Saleor", status=403, content_type="text/plain")
    try:
        permissions = allowed_to(_claims(row, token), row.api_url, row.app_id)
    except NotGenuine as refusal:
        return HttpResponse(refusal.message, status=401, content_type="text/plain")
    if _NEEDED not in permissions:
        return HttpResponse(f"Needs {_NEEDED}", status=403, content_type="text/plain")
    try:
        panel = wiring.saleor_panel(row, request.POST.get("product", ""))
    except ProviderError as error:
        return HttpResponse(error.message, status=503, content_type="text/plain")
    except CommerceError as error:
        return HttpResponse(error.message, status=404, content_type="text/plain")
    return render(request, "saleor/product_content.html", {"panel": panel})


def _claims(row: Installation, token: str) -> Any:
    try:
        return KeySet.read(row.keys).read_token(token, timezone.now())
    except UnknownKey:
        return KeySet.read(wiring.saleor_signing_keys(row)).read_token(token, timezone.now())
