"""DeepL's API: https://developers.deepl.com/docs"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from html import escape, unescape

import deepl

from storefront_backend.commerce.errors import ProviderError, ProviderUnavailable

# DeepL wants to know which English; a text in Chinese has one source code for both scripts.
_TARGETS = {"en": "EN-GB", "zh-Hans": "ZH-HANS", "zh-Hant": "ZH-HANT"}
_KEEP = "keep"


class DeepLTranslator:
    """Translates for jewellery shops; names that are to stay are marked and left alone."""

    name = "deepl"

    def __init__(self, key: str, *, server: str = "") -> None:
        self._client = deepl.DeepLClient(key, server_url=server or None, send_platform_info=False)

    def languages(self) -> frozenset[str]:
        """What it translates into, by our codes."""
        return self._languages

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, kept: Sequence[str] = ()
    ) -> list[str]:
        """One translation a text, in order."""
        try:
            found = self._client.translate_text(
                [_marked(text, kept) for text in texts],
                source_lang=source.partition("-")[0].upper(),
                target_lang=_TARGETS.get(target, target.upper()),
                context="Product texts of a fine jewellery house.",
                tag_handling="xml",
                ignore_tags=[_KEEP],
                preserve_formatting=True,
            )
        except deepl.DeepLException as error:
            raise _ours(error) from error
        results = found if isinstance(found, list) else [found]
        return [_plain(each.text) for each in results]

    @cached_property
    def _languages(self) -> frozenset[str]:
        try:
            theirs = {each.code.upper() for each in self._client.get_target_languages()}
        except deepl.DeepLException as error:
            raise _ours(error) from error
        codes = {code.partition("-")[0].lower() for code in theirs if "ZH" not in code}
        return frozenset(codes | {ours for ours, code in _TARGETS.items() if code in theirs})


def _marked(text: str, kept: Sequence[str]) -> str:
    marked = escape(text, quote=False)
    for word in kept:
        plain = escape(word, quote=False)
        marked = marked.replace(plain, f"<{_KEEP}>{plain}</{_KEEP}>")
    return marked


def _plain(text: str) -> str:
    return unescape(text.replace(f"<{_KEEP}>", "").replace(f"</{_KEEP}>", ""))


def _ours(error: deepl.DeepLException) -> ProviderError:
    if error.should_retry or isinstance(error, deepl.ConnectionException):
        return ProviderUnavailable("DeepL did not answer", hint="Try again later")
    if isinstance(error, deepl.QuotaExceededException):
        return ProviderError("The month's characters at DeepL are used up")
    return ProviderError(f"DeepL refused: {str(error)[:200]}")
