"""Texts of brands, products and stories in the language of a page. Rows hold them as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.locales import language


def in_language(texts: Mapping[str, str], code: str) -> str:
    """The text in that language, else in the first language of its chain that has one."""
    for each in language(code).chain:
        if texts.get(each):
            return texts[each]
    return next((text for text in texts.values() if text), "")
