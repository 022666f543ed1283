"""Whether a text is written in letters that readers of its language read.

Only the letters are looked at. A Latin name is fine in any language, as house names are; Chinese
under `name_en` is what a shopper abroad cannot read.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

_HAN = frozenset({"CJK"})
# By language of the sheet; a language that is not here is written in Latin letters.
_READ: Mapping[str, frozenset[str]] = {
    "zh_hans": _HAN,
    "zh_hant": _HAN,
    "ja": _HAN | {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH"},
    "ko": _HAN | {"HANGUL"},
    "ar": frozenset({"ARABIC"}),
    "th": frozenset({"THAI"}),
}
_EVERYBODY = frozenset({"LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE"})


@lru_cache(maxsize=8192)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNNAMED").partition(" ")[0]


@lru_cache(maxsize=8192)
def foreign_share(text: str, language: str) -> float:
    """The share of the text's letters, 0 to 1, that readers of the language do not read."""
    if text.isascii():
        return 0.0
    read = _READ.get(language, frozenset()) | _EVERYBODY
    letters = Counter(_script(sign) for sign in text if sign.isalpha())
    total = letters.total()
    foreign = sum(count for script, count in letters.items() if script not in read)
    return foreign / total if total else 0.0
