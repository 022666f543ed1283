"""What every template knows: the market, the language, its direction, and the others on offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from i18n import locales
from storefront_backend.web.places import LANGUAGES


def market(request: HttpRequest) -> dict[str, Any]:
    """`market` is None outside a market: on the chooser and on errors."""
    code = getattr(request, "language", None) or LANGUAGES.get(get_language() or "en", "en")
    language = locales.language(code)
    return {
        "market": getattr(request, "market", None),
        "language": code,
        "direction": language.direction,
        "script": language.script,
    }
