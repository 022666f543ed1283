"""Decides by the cells below what a header means that may mean several things.

A weak header counts only where no better header has the column, and where the cells are of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from catalog_import import alloy_words
from catalog_import.cells import Cell, Found, fold, says_nothing
from catalog_import.columns import Column, columns, weak_columns
from catalog_import.han import script_of
from catalog_import.headers import parts_of
from catalog_import.problems import Fault

_ENOUGH = 0.6  # of the cells must be of the column
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-zÀ-ɏ\u0400-\u04ff\u0e00-\u0e7f\u0600-\u06ff]")
_SIZE = re.compile(
    r"(?:us|uk|hk|jp|eu|iso|cn|it|港度?|美码?|欧码?|日码?|内地|#|no\.?)?\s*[#:：]?\s*\d{1,2}(?:[.,]\d+|\s?[¼½¾]|\s1/[24])?"
    r"\s*(?:#|号|號|码|圈)?(?:\s*[-~～—–至到/,，、]\s*.{1,60})?|[A-Z]½?|[\d.]+\s*(?:mm|cm|inch|in|寸|\")",
    re.I,
)
# A header that says its language, in any spelling.
_LANGUAGE = re.compile(
    r"english|chinese|英文|英语|中文|简体|簡體|繁体|繁體|\ben\b|\bcn\b|\bzh\b|_en\b|_zh|simplified"
    r"|traditional",
    re.I,
)
_SPOKEN = ("name", "description")
_DIRECT = re.compile(r"(?:name|description)_[a-z_]+")


def decide(
    undecided: Mapping[int, Sequence[str]],
    samples: Mapping[int, Sequence[Any]],
    taken: Collection[str],
) -> dict[int, Column]:
    """The column of each weak header whose cells agree; one index a column, the best first."""
    offers: list[tuple[float, int, Column]] = []
    for index, lines in undecided.items():
        for column in _candidates(lines):
            if column.name not in taken:
                strength = fits(column, samples.get(index, ()))
                if strength >= _ENOUGH:
                    offers.append((strength, index, column))
    found: dict[int, Column] = {}
    for _, index, column in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        if index not in found and column not in found.values():
            found[index] = column
    return found


def _candidates(lines: Sequence[str]) -> list[Column]:
    # A field below a group is not the field alone: 主石 over 重量 is no weight of metal.
    texts = ["".join(lines), " ".join(lines)] if len(lines) > 1 else list(lines)
    found: dict[str, Column] = {}
    for text in texts:
        for part in (text, *(parts_of(text) if len(lines) == 1 else ())):
            found |= {column.name: column for column in weak_columns(part)}
    return list(found.values())


def fits(column: Column, values: Sequence[Any]) -> float:
    """How well the cells fit the column, 0 to 1; a column without cells fits half-heartedly."""
    said = [v for v in values if not (isinstance(v, str) and (not v.strip() or says_nothing(v)))]
    if not said:
        return _ENOUGH if column.name in ("product_code", "sku", "stock") else 0.0
    good = sum(_fits(column, value) for value in said) / len(said)
    if column.name == "sku":
        distinct = len({str(value).casefold() for value in said}) / len(said)
        return good * distinct if distinct > 0.9 else 0.0
    if column.name == "product_code" and _are_row_numbers(said):
        return 0.0
    return good


def _are_row_numbers(values: Sequence[Any]) -> bool:
    return [str(value) for value in values] == [str(n) for n in range(1, len(values) + 1)]


def _fits(column: Column, value: Any) -> bool:
    parsed = column.parse(Cell(value, terse=True))
    read = parsed.value if isinstance(parsed, Found) else parsed
    if column.name == "alloy_colour":
        several = re.split(r"[,，、/;；|]", value) if isinstance(value, str) else ()
        return bool(several) and all(alloy_words.parts_of(each).colour for each in several)
    if column.name == "ring_size":
        return bool(_SIZE.fullmatch(str(value).strip()))
    if column.name == "alloy" and isinstance(parsed, Fault):  # "18K金" asks for its colour only
        return isinstance(value, str) and alloy_words.is_part(value)
    if read is None or isinstance(parsed, Fault):
        return False
    if column.name == "grams":
        return bool(Decimal("0.05") <= read <= 2000)
    if column.name in ("name_en", "description_en"):
        return isinstance(value, str) and bool(_LETTER.search(value) or _HAN.search(value))
    if column.name in ("product_code", "sku"):
        return not (isinstance(value, str) and _HAN.search(value))
    return True


def speaks_no_language(column: str, lines: Sequence[str]) -> bool:
    """Whether a name or a description has a header that does not say its language."""
    if column.partition("_")[0] not in _SPOKEN:
        return False
    text = " ".join(lines)
    return not _LANGUAGE.search(text) and not _DIRECT.fullmatch(text.strip().lower())


def in_language(
    column: Column, values: Sequence[Any], language: str, explicit: Collection[str]
) -> Column:
    """The same text in the language that its cells are in: 名称 over English names is English."""
    texts = [value for value in values if isinstance(value, str)]
    kind = column.name.partition("_")[0]
    han = sum(bool(_HAN.search(text)) for text in texts)
    if language and (han * 2 > len(texts)) == (language.startswith("zh") or language == "ja"):
        suffix = fold(language).replace("zhhan", "zh_han")
    elif texts and han * 2 > len(texts):
        suffix = script_of(texts).lower().replace("-", "_")
    elif texts and han * 10 < len(texts):
        suffix = "en"
    else:
        return column
    other = columns().get(f"{kind}_{suffix}", column)
    return column if other.name in explicit and other is not column else other
