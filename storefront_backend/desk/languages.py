"""The languages that the desk speaks: its readers are brands of the Greater Bay Area and the shop's
own people, so it speaks fewer than the shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from storefront_backend.accounts.models import User

# By BCP 47; each has a catalogue in storefront_backend/desk/locale, English none.
DESK_LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
COOKIE = "desk-language"
_A_YEAR = 365 * 86_400


def language_of(request: HttpRequest, user: User | None) -> str:
    """This browser's last choice, else the account's language, else what the browser asks for."""
    asked = translation.get_language_from_request(request)
    for wish in (request.COOKIES.get(COOKIE, ""), user.language if user else "", asked):
        if found := _known(wish):
            return found
    return "en"


def remember_language(request: HttpRequest, response: HttpResponse, wish: str) -> None:
    """Keep the choice in this browser; what is no language of the desk's is no choice."""
    if wish not in DESK_LANGUAGES:
        return
    response.set_cookie(
        COOKIE, wish, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def _known(wish: str) -> str:
    lowered = wish.lower()
    return next((code for code in DESK_LANGUAGES if code.lower() == lowered), "")
