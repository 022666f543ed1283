"""Reads a workbook's sheets in pieces, so that memory does not grow with the rows.

calamine parses a whole sheet into memory. A sheet's XML is therefore cut between two rows, every
few megabytes, and each piece is handed to it as a workbook of its own, with the styles and texts
that all share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog_import.archive import EXCEL_ROWS
from catalog_import.errors import SheetRefused
from catalog_import.formats import native
from catalog_import.formats.merged import Filler
from catalog_import.formats.row import Merge, Row
from catalog_import.formats.xlsx_book import Book, Tab
from catalog_import.formats.xlsx_marks import (
    Marks,
    hidden_columns_of,
    is_usual,
    marks_of,
    merges_of,
    row_numbers,
)

_CHUNK = 1 << 20
_PIECE = 6 << 20  # bytes of XML: some four thousand rows of thirty cells
_FIRST = 1 << 18  # the header is looked for in the first rows, before all others are read
_HEAD = 1 << 20
_WIDEST_SPAN = 20_000  # rows: calamine keeps a place for each row between the first and the last
_START = re.compile(rb"<sheetData\s*(/?)>")
_END = b"</sheetData>"
_LAST = b"</worksheet>"
_ROW_END = b"</row>"
_FAR = re.compile(rb'r="(?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])\d')
_TOO_FAR = re.compile(rb'<c\s[^>]*?\br="(?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])\d+"[^>]*[^/]><(?:v|is|f)\b')


class Unusual(Exception):
    """The sheet's XML is not in the shape that is read fast."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sheet's XML holds before and behind its rows."""

    merges: tuple[Merge, ...]
    hidden_columns: frozenset[int]


def surroundings(book: Book, tab: Tab) -> Surroundings:
    """Read past the rows once. Raises Unusual."""
    head, tail = b"", b""
    with book.archive.open(tab.path) as stream:
        while chunk := stream.read(_CHUNK):
            if len(head) < _HEAD:
                head += chunk
            at = (tail[-len(_END) :] + chunk).find(_END)
            if at >= 0:
                tail = (tail[-len(_END) :] + chunk)[at:] + stream.read()
                break
            tail = chunk[-len(_END) :]
    start = _START.search(head)
    if start is None or not tail.rstrip().endswith(_LAST):
        raise Unusual  # perhaps cut off
    return Surroundings(
        merges_of(tail) if tail.startswith(_END) else (),
        hidden_columns_of(head[: start.start()]),
    )


def rows(book: Book, tab: Tab, around: Surroundings) -> Iterator[Row]:
    """Every row of a sheet. Raises Unusual, with the rows before it handed out."""
    filler = Filler(around.merges)
    for piece in _pieces(book, tab):
        if not is_usual(piece):
            raise Unusual
        if _FAR.search(piece) and _TOO_FAR.search(piece):
            raise SheetRefused(
                "The sheet goes beyond column IV",
                code="too_many_columns",
                hint="Delete the columns that are not part of the catalogue",
            )
        marks = marks_of(piece, book.formats)
        for number, values in native.rows(book.around(piece)):
            yield filler.filled(_row(number, values, marks))


def _row(number: int, values: list[Any], marks: Marks) -> Row:
    hidden = number in marks.hidden
    put = marks.values.get(number)
    formulas = marks.formulas.get(number)
    formats = marks.formats.get(number)
    if not (put or formulas or formats):
        return Row(number, tuple(values), hidden=hidden)
    for index, value in (put or {}).items():
        values.extend([None] * (index + 1 - len(values)))
        values[index] = value
    numbers = {}
    for index, shown in (formats or {}).items():
        value = values[index] if index < len(values) else None
        if type(value) not in (int, float):
            continue
        if not shown.zeros:
            numbers[index] = shown
        elif type(value) is int and value >= 0:  # 12 shown as 00012 is the text 00012
            values[index] = f"{shown.before}{value:0{shown.zeros}d}"
    return Row(number, tuple(values), numbers, frozenset(formulas or ()), hidden=hidden)


def _pieces(book: Book, tab: Tab) -> Iterator[bytes]:
    """The XML of some whole rows at a time."""
    most = max(_PIECE, 2 * len(book.strings))  # the texts are parsed again with each piece
    with book.archive.open(tab.path) as stream:
        waiting = b""
        while (start := _START.search(waiting)) is None:
            chunk = stream.read(_CHUNK)
            if not chunk or len(waiting) > _HEAD:
                raise Unusual
            waiting += chunk
        if start[1]:
            return
        waiting, ended, wanted = waiting[start.end() :], False, min(_FIRST, most)
        while not ended:
            parts, size = [waiting], len(waiting)
            while size < wanted and (chunk := stream.read(min(_CHUNK, wanted))):
                parts.append(chunk)
                size += len(chunk)
            waiting = b"".join(parts)
            end = waiting.find(_END)
            ended = end >= 0
            cut = end if ended else waiting.rfind(_ROW_END) + len(_ROW_END)
            if not ended and (size < wanted or cut < len(_ROW_END)):
                raise Unusual  # no end, or one row longer than a piece
            yield from _within_span(waiting[:cut])
            waiting, wanted = waiting[cut:], most


def _within_span(piece: bytes) -> Iterator[bytes]:
    """A piece whose rows are far apart, as several."""
    numbers = row_numbers(piece)
    if numbers and max(numbers) > EXCEL_ROWS:
        raise SheetRefused(
            f"The sheet claims more than {EXCEL_ROWS:,} rows", code="too_many_rows", hint="Split it"
        )
    if not numbers or max(numbers) - min(numbers) <= _WIDEST_SPAN:
        if piece.strip():
            yield piece
        return
    start, first = 0, None
    for found in re.finditer(rb'<row\s[^>]*?\br="(\d+)"', piece):
        number = int(found[1])
        first = number if first is None else first
        if abs(number - first) > _WIDEST_SPAN:
            yield piece[start : found.start()]
            start, first = found.start(), number
    yield piece[start:]
