"""The rulebook's own words in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language

from i18n.translations import translator
from storefront_backend.web.places import LANGUAGES


def spoken() -> str:
    """The language of the page that is being made, as BCP 47."""
    return LANGUAGES.get(get_language() or "en", "en")


def in_words() -> Callable[[str], str]:
    """From the rulebook's English to the language of the page."""
    return translator(spoken())
