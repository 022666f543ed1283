"""The languages that the desk speaks: its readers are brands of the Greater Bay Area and the shop's
own people, so it speaks fewer than the shop."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation

from storefront_backend.accounts.models import User

# By BCP 47; each has a catalogue in storefront_backend/desk/locale, English none.
DESK_LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
COOKIE = "desk-language"


def language_of(request: HttpRequest, user: User | None) -> str:
    """This browser's last choice, else the account's language, else what the browser asks for."""
    asked = translation.get_language_from_request(request)
    for wish in (request.COOKIES.get(COOKIE, ""), user.language if user else "", asked):
        if found := _known(wish):
            return found
    return "en"


def _known(wish: str) -> str:
    lowered = wish.lower()
    return next((code for code in DESK_LANGUAGES if code.lower() == lowered), "")
