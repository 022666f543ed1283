"""The picture of an engraving, while it is typed and before it is paid."""

from __future__ import annotations

import time

from django.http import Http404, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from storefront_backend.catalog.models import Product
from storefront_backend.commerce.engraving import EngravingRefused, read
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.engraving_picture import picture
from storefront_backend.web.engravings import refusal
from storefront_backend.web.places import ShopRequest

_KEPT = 7 * 86_400  # seconds: the same words on the same metal look the same


@require_safe
def preview(request: ShopRequest, market: str, language: str, slug: str) -> HttpResponse:
    """`?text=…&alloy=…`: a picture, or 422 and why not in the page's language."""
    piece = (
        Product.objects.filter(
            slug=slug, is_published=True, engraving_max__gt=0,
            variants__listings__market=market, variants__listings__is_live=True,
        )
        .only("kind", "engraving_max")
        .first()
    )  # fmt: skip
    if piece is None:
        raise Http404(slug)
    try:
        engraving = read(request.GET.get("text", ""), piece.engraving_max)
    except EngravingRefused as error:
        return _text(refusal(error, piece.engraving_max), 422)
    if not engraving.text:
        return _text("", 422)
    try:
        limited(request, "engraving")
    except TooManyRequests as error:
        response = _text("", 429)
        response["Retry-After"] = str(error.wait)
        return response
    alloy = request.GET.get("alloy", "")[:40]
    content, media_type = picture(engraving, alloy, ring=piece.kind == "ring")
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={_KEPT}"
    response["Expires"] = http_date(time.time() + _KEPT)
    response["X-Robots-Tag"] = "noindex"
    # The SVG holds a stranger's words: opened by itself, it may do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _text(said: str, status: int) -> HttpResponse:
    response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
