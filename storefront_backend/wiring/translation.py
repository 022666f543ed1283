"""Which machine translates, if any."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from storefront_backend.commerce.ports import Translator
from storefront_backend.translation.deepl_translator import DeepLTranslator


@cache
def translator() -> Translator | None:
    """None without a key: then people translate."""
    if not settings.DEEPL_API_KEY:
        return None
    return DeepLTranslator(settings.DEEPL_API_KEY, server=settings.DEEPL_API_BASE)
