"""Detects the encoding of a text that is not Unicode by its language, or not at all.

Every one of these encodings turns almost any bytes into letters, so that "it decodes" says nothing:
木綿の指輪リング in Shift-JIS is 栘柸偺巜椫儕儞僌 in GB 18030. What tells them apart is whether
the letters are ones that people use. Each reading is scored by its share of common letters of its
language (charset-normalizer's frequencies, and the words of jewellery); where no reading is clearly
the best, the file is refused rather than published as unreadable text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from charset_normalizer.constant import FREQUENCIES

from catalog_import import words
from catalog_import.columns import columns
from catalog_import.han import traditional

_ENOUGH = 0.4  # share of common letters
_AHEAD = 2  # times the next best
_FEWEST = 2  # letters
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))
_KOREAN = (
    "반지목걸이팔찌귀브로치펜던트체인금은다아몬드루비사파어진주옥취즈골화이옐우백보석세트디자컬렉션"
    "꽃나용의에는을를가과와한으로하고서도기리스시장선물커플여성남성순도무게중량가격색상상품명번호코드사이즈"
)


def detect(content: bytes) -> str | None:
    """The encoding of a text's beginning, or None where it is uncertain."""
    scores = {encoding: _score(content, encoding) for encoding in _common()}
    best, *others = sorted(scores, key=lambda encoding: -scores[encoding])
    next_best = scores[others[0]]
    sure = scores[best] >= _ENOUGH and scores[best] >= _AHEAD * next_best
    return best if sure else None


def _score(content: bytes, encoding: str) -> float:
    """The share of common letters among those that are not ASCII; 0 where it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(content) - 4:  # else a letter cut in two at the end
            return 0.0
        text = content[: error.start].decode(encoding)
    letters = [sign for sign in text if ord(sign) > 0x7F and sign.isalpha()]
    if len(letters) < _FEWEST:
        return 0.0
    common = _common()[encoding]
    return sum(sign in common for sign in letters) / len(letters)


@cache
def _common() -> Mapping[str, frozenset[str]]:
    """The common letters of what each encoding was made for."""
    spoken = "".join(
        [
            *(alias for column in columns().values() for alias in column.aliases),
            *(name for names in words.LANGUAGES.values() for name in names),
            *words.KINDS,
            *words.STONES,
            *words.ALLOY_WORDS,
            *words.STONE_ORIGINS,
            *words.TREATMENTS,
            traditional(),
        ]
    )
    trade = frozenset(_HAN.findall(spoken))
    chinese = trade | frozenset(FREQUENCIES["Chinese"])
    japanese = trade | frozenset(FREQUENCIES["Japanese"]) | frozenset(_KANA)
    return {
        "gb18030": chinese,
        "big5hkscs": chinese,
        "cp932": japanese,
        "euc_jp": japanese,
        "cp949": frozenset(FREQUENCIES["Korean"]) | frozenset(_KOREAN),
    }
