"""Finds which rows of a sheet are its header: one line, or several that are read together.

    款号 | 名称 | 主石       |    | 售价      group over field
         |      | 种类 | 克拉 |    |
    款号      | 货号 | 净金重                 Chinese over English
    Style No. | SKU  | Net wt

Title rows may be above, and a line of notes ("required", 必填) below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog_import.cells import fold
from catalog_import.columns import known_header, weak_columns
from catalog_import.headers import Header, meaning, parts_of
from catalog_import.sheets import Row

SEARCHED_ROWS = 100  # title rows and notes may be above the header
_ENOUGH = 3  # headers that are known; fewer, and it is some other table
_LONGEST = 200
# A group that changes what the fields below it mean: "side stone" over "weight".
_QUALIFIES = re.compile(
    r"stone|gem|diamond|pearl|side|cent(?:er|re)|accent|second|supplier|pack|accessor|box|cost|cert"
    r"|石|钻|鑽|珠|副|配|辅|輔|供应|供應|包装|包裝|成本|证书|證書|采购|採購",
    re.I,
)
_NUMBER = re.compile(r"[\s$¥￥€£]*[-+]?\d[\d.,\s]*%?\s*")
_NOTES = frozenset(
    fold(word)
    for word in [
        "必填",
        "选填",
        "可选",
        "非必填",
        "required",
        "optional",
        "mandatory",
        "recommended",
        "文本",
        "数字",
        "日期",
        "text",
        "number",
        "string",
        "decimal",
        "integer",
        "必须",
        "示例",
        "格式",
        "conditional",
        "条件必填",
        "推荐",
    ]
)
type Answer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """The header: the rows it is written in, and its lines by the index of the column."""

    first: int
    last: int  # the last row that holds no data: notes below the header are part of it
    lines: Mapping[int, tuple[str, ...]]
    rows: Mapping[int, int]  # index → number of the row that its header's last line is in

    def text(self, index: int) -> str:
        """A column's header on one line."""
        return " ".join(dict.fromkeys(self.lines[index]))


def find(rows: Sequence[Row], answer: Answer) -> HeaderRows | None:
    """The header among a sheet's first rows; None when none looks like a catalogue's."""
    best, most = None, 0.0
    for n in range(min(len(rows), SEARCHED_ROWS)):
        score = _score(_block(rows[n : n + 1]), answer)
        if score > most:
            best, most = n, score
    if best is None:
        return None
    start, end = _upward(rows, best, answer), best
    end = _downward(rows, start, best, answer)
    lines = _block(rows[start : end + 1])
    names = _names(lines, answer)
    known = len(names) + ("sku" in names and len(names) > 1)  # two are a stock sheet
    weak = _weakly(lines, answer)
    if known < _ENOUGH and not (known + weak >= _ENOUGH + 1 and (known or weak >= _ENOUGH + 2)):
        return None
    last = end
    while last + 1 < len(rows) and _is_notes(rows[last + 1]):
        last += 1
    return HeaderRows(
        rows[start].number, rows[last].number, lines, _where(rows[start : end + 1], lines)
    )


def meaning_of(lines: Sequence[str]) -> Header | None:
    """What a header of one or several lines means."""
    distinct = tuple(dict.fromkeys(line.strip() for line in lines))
    if len(distinct) == 1:
        return meaning(distinct[0])
    for joined in (" ".join(distinct), "".join(distinct)):
        found = meaning(joined)
        if found is not None:
            return found
    each = [meaning(line) for line in distinct]
    known = [found for found in each if found is not None]
    if not known:
        return None
    if len({found.column.name for found in known}) == 1 and len(known) == len(each):
        return next((found for found in known if found.fault or found.currencies), known[-1])
    upper, last = distinct[:-1], each[-1]
    if last is not None:
        return None if any(_QUALIFIES.search(line) for line in upper) else last
    # The lower line is not known: its other language, a unit, a note; or a field of a group.
    lower = distinct[-1]
    if len(known) == 1 and not weak_columns(lower) and not known_header(lower):
        return known[0] if _other_script(lower, upper[-1]) or fold(lower) in _NOTES else None
    return None


def _other_script(lower: str, upper: str) -> bool:
    return lower.isascii() != upper.isascii()


def _upward(rows: Sequence[Row], best: int, answer: Answer) -> int:
    """The first row of the header: the row above is part of it where it changes a meaning."""
    if (
        best == 0
        or not _may_be_header(rows[best - 1])
        or len(set(_texts(rows[best - 1]).values())) < 2
    ):
        return best
    alone, both = _block(rows[best : best + 1]), _block(rows[best - 1 : best + 1])
    if _score(both, answer) < _score(alone, answer):
        return best
    before, after = _by_index(alone, answer), _by_index(both, answer)
    return best - 1 if before != after else best


def _downward(rows: Sequence[Row], start: int, best: int, answer: Answer) -> int:
    """The last row of the header: the row below is part of it where it is the same in another
    language, or names the fields of groups."""
    if best + 1 >= len(rows) or not _may_be_header(rows[best + 1]):
        return best
    above, below = _texts(rows[best]), _texts(rows[best + 1])
    same = 0
    for index, text in below.items():
        over, under = meaning(above.get(index, "")), meaning(text)
        same += bool(over and under and over.column is under.column and above[index] != text)
    if same >= 2:
        return best + 1
    alone, both = _block(rows[start : best + 1]), _block(rows[start : best + 2])
    gained = len(_names(both, answer)) - len(_names(alone, answer))
    fields = [index for index in below if index not in above or above[index] != below[index]]
    blank = sum(index not in above for index in below)
    return (
        best + 1 if gained >= 1 and len(fields) == len(below) and (blank or gained >= 2) else best
    )


def _texts(row: Row) -> dict[int, str]:
    return {
        index: value.strip()
        for index, value in enumerate(row.values)
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST
    }


def _may_be_header(row: Row) -> bool:
    texts = _texts(row)
    filled = [value for value in row.values if value is not None and value != ""]
    return (
        bool(texts)
        and len(texts) == len(filled)
        and not any(map(_NUMBER.fullmatch, texts.values()))
    )


def _is_notes(row: Row) -> bool:
    texts = [fold(text) for text in _texts(row).values()]
    return len(texts) > 1 and sum(text in _NOTES for text in texts) * 10 >= len(texts) * 6


def _block(rows: Sequence[Row]) -> dict[int, tuple[str, ...]]:
    """The lines of each column. A group reaches over the blank cells on its right."""
    lines: dict[int, tuple[str, ...]] = {}
    table = [_texts(row) for row in rows]
    width = max((max(texts, default=-1) for texts in table), default=-1) + 1
    for n, texts in enumerate(table):
        below = table[n + 1 :]
        group = ""
        for index in range(width):
            text = texts.get(index, "")
            if text:
                group = text
            elif not any(index in other for other in below):
                continue
            if text or (group and not any(index in other for other in table[:n])):
                lines[index] = (*lines.get(index, ()), text or group)
    return {index: said for index, said in lines.items() if said}


def _by_index(lines: Mapping[int, tuple[str, ...]], answer: Answer) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, said in lines.items():
        answered = answer(" ".join(dict.fromkeys(said)))
        header = None if answered else meaning_of(said)
        found[index] = answered or (header.column.name if header else "")
    return found


def _names(lines: Mapping[int, tuple[str, ...]], answer: Answer) -> set[str]:
    return set(_by_index(lines, answer).values()) - {"", "ignore"}


def _weakly(lines: Mapping[int, tuple[str, ...]], answer: Answer) -> int:
    named = _by_index(lines, answer)
    return sum(
        not named[index] and any(weak_columns(part) or known_header(part) for part in said)
        for index, said in lines.items()
    )


def _score(lines: Mapping[int, tuple[str, ...]], answer: Answer) -> float:
    if not lines:
        return 0.0
    names = _names(lines, answer)
    known = len(names) + ("sku" in names and len(names) > 1)
    return known + _weakly(lines, answer) / 2


def _where(rows: Sequence[Row], lines: Mapping[int, tuple[str, ...]]) -> dict[int, int]:
    where: dict[int, int] = {}
    for row in rows:
        where |= {index: row.number for index in _texts(row) if index in lines}
    return where


__all__ = ["HeaderRows", "find", "meaning_of", "parts_of"]
