"""What the rows of a sheet's XML say that a parser of values leaves out, by row and index.

These are searches of bytes, so they hold for XML in the one shape that spreadsheet programs write.
`is_usual` says whether a text has it; another one is read by openpyxl, which is far slower.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from openpyxl.utils import column_index_from_string

from catalog_import.formats.number_format import NumberFormat
from catalog_import.formats.row import Merge, NoResult

# Each is a search of its own: with a constant first byte they are twice as fast as one of all.
_UNUSUAL = (
    re.compile(rb"<[!?]"),
    re.compile(rb"<\w+:"),
    re.compile(rb'<(?:row|c)(?=[\s/>])(?![^>]*?\sr="[A-Z]{0,3}\d{1,10}")'),
    re.compile(rb"</row>\s*[^<\s]"),
)
_SINGLE_QUOTES = re.compile(rb"<(?:row|c)\s[^>]*='")
_ROW = re.compile(rb"<row\s([^>]*)>")
_NUMBER = re.compile(rb'(?:^|\s)r="(\d+)"')
_HIDDEN = re.compile(rb'(?:^|\s)hidden="(?:1|true)"')
_PLACE = re.compile(rb'(?:^|\s)r="([A-Z]{1,3})(\d{1,10})"')
_STYLE = re.compile(rb'(?:^|\s)s="(\d+)"')
_FORMULA = re.compile(
    rb"<c\s([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)\s*(?:<v(?:\s[^>]*)?>([^<]+)</v>)?"
)
_ERROR = re.compile(rb'<c\s([^>]*\bt="e"[^>]*)>.*?<v>([^<]*)</v>', re.S)
_IS_TEXT = re.compile(rb'(?:^|\s)t="str"')
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_RANGE = re.compile(rb'(?:^|\s)(min|max)="(\d{1,5})"')

type Place = tuple[int, int]  # row's number, index of the cell


@dataclass(slots=True)
class Marks:
    """Of some rows of a sheet."""

    formats: defaultdict[int, dict[int, NumberFormat]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    formulas: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    values: defaultdict[int, dict[int, object]] = field(default_factory=lambda: defaultdict(dict))
    hidden: set[int] = field(default_factory=set)


def is_usual(rows: bytes) -> bool:
    """Whether every row and cell names its place, plainly."""
    if b"='" in rows and _SINGLE_QUOTES.search(rows):
        return False
    return not any(pattern.search(rows) for pattern in _UNUSUAL)


def row_numbers(rows: bytes) -> list[int]:
    """The numbers of the rows, in order."""
    return [int(found[1]) for row in _ROW.finditer(rows) if (found := _NUMBER.search(row[1]))]


def marks_of(rows: bytes, formats: Mapping[int, NumberFormat]) -> Marks:
    """Hidden rows, formulas, errors and number formats; `values` are those to put in place."""
    found = Marks()
    for row in _ROW.finditer(rows):
        if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1])):
            found.hidden.add(int(number[1]))
    for cell in _styled(formats).finditer(rows) if formats else ():
        style, (row_number, index) = _STYLE.search(cell[1]), _place(cell[1])
        if style is not None:
            found.formats[row_number][index] = formats[int(style[1])]
    if b"<f" in rows:
        for cell in _FORMULA.finditer(rows):
            row_number, index = _place(cell[1])
            if cell[3] is None and not _IS_TEXT.search(cell[1]):
                text = unescape((cell[2] or b"").decode())[:200]
                found.values[row_number][index] = NoResult(text)
            else:
                found.formulas[row_number].add(index)
    if b't="e"' in rows:
        for cell in _ERROR.finditer(rows):
            row_number, index = _place(cell[1])
            found.values[row_number][index] = unescape(cell[2].decode())
    return found


def merges_of(after_rows: bytes) -> tuple[Merge, ...]:
    """The merged ranges, which stand behind the rows."""
    return tuple(
        Merge(int(found[2]), _index(found[1]) + 1, int(found[4]), _index(found[3]) + 1)
        for found in _MERGED.finditer(after_rows)
    )


def hidden_columns_of(before_rows: bytes) -> frozenset[int]:
    """The indices of hidden columns, which stand before the rows."""
    hidden: set[int] = set()
    for column in _COLUMN.finditer(before_rows):
        if _HIDDEN.search(column[1]):
            ends = {key: int(value) for key, value in _RANGE.findall(column[1])}
            if len(ends) == 2:
                hidden.update(range(ends[b"min"] - 1, min(ends[b"max"], 1024)))
    return frozenset(hidden)


def _styled(formats: Mapping[int, NumberFormat]) -> re.Pattern[bytes]:
    ids = b"|".join(str(index).encode() for index in formats)
    return re.compile(rb'<c\s([^>]*?\bs="(?:' + ids + rb')"[^>]*)>')


def _place(attributes: bytes) -> Place:
    found = _PLACE.search(attributes)
    if found is None:
        raise ValueError("A cell does not name its place")
    return int(found[2]), _index(found[1])


def _index(letters: bytes) -> int:
    return column_index_from_string(letters.decode()) - 1
