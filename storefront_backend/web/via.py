"""Whose link a shopper followed: a signed cookie of our own, only as long as the link counts.

It holds a partner's code and a time: nothing about the shopper, nothing for anybody else. Browsers
that object to being followed (DNT, Global Privacy Control) get none; a typed code still counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from storefront_backend import wiring
from storefront_backend.commerce.attribution import Touch, Way
from storefront_backend.partners.visits import count_click
from storefront_backend.selling.attribution import active, terms_now

COOKIE = "via"
_SALT = "web.via"
_LONGEST = timedelta(days=90)  # no terms may let a link count longer


def follow(request: HttpRequest, response: HttpResponse, code: str, market: str) -> None:
    """Count the click, and remember whose link it was. An unknown code does nothing."""
    partner = active(code[:40])
    now = wiring.now()
    terms = terms_now(now)
    if partner is None or terms is None or request.method != "GET":
        return
    count_click(partner.pk, market, now.date())
    response.headers["Cache-Control"] = "private, no-store"  # the cookie is this browser's
    if objects(request):
        return
    value = signing.dumps([partner.code, int(now.timestamp())], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=timedelta(days=terms.window_days), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip


def followed(request: HttpRequest) -> Touch | None:
    """The link that was followed last; None where there is none, or it was tampered with."""
    if objects(request):
        return None
    try:
        raw = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LONGEST)
        return Touch(str(raw[0]), Way.LINK, datetime.fromtimestamp(int(raw[1]), UTC))
    except (signing.BadSignature, TypeError, ValueError, IndexError):
        return None


def objects(request: HttpRequest) -> bool:
    """Whether the browser says that its user does not want to be followed."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"
