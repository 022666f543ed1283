"""Opens a file of any format that we read and hands out its sheets as streams of rows.

Nothing here knows a column's meaning. Every read is bounded by `Limits`; a file that is hostile,
damaged or too big raises SheetRefused with a stable code:

    not_a_sheet  old_format  encrypted  damaged_file  unknown_encoding  zip_bomb  xml_entities
    macros  external_links  file_too_big  too_many_rows  too_many_columns

It parses what a brand handed in, so it runs in a confined child: `catalog_import.confined.opened`
is how everybody else reads a file, and adds too_slow  too_much_memory  row_too_long.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl.utils import get_column_letter

from catalog_import import delimited
from catalog_import.archive import EXCEL_ROWS, Limits, inspect, weight
from catalog_import.errors import SheetRefused
from catalog_import.formats import json_rows, old_workbooks, web_tables, xlsx, xlsx_slow
from catalog_import.formats.merged import Filler
from catalog_import.formats.row import Merge, NoResult, Row, Sheet, address
from catalog_import.formats.xlsx_book import Book, Tab, open_book
from catalog_import.numbers import Notation
from catalog_import.texts import say

__all__ = ["Limits", "Merge", "NoResult", "Row", "Sheet", "address", "open_sheets"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, or any encrypted workbook
_ZIP = b"PK\x03\x04"


def open_sheets(path: Path, limits: Limits | None = None, *, encoding: str = "") -> Iterator[Sheet]:
    """The visible sheets of a file, which stays open until the iterator is closed or exhausted.

    `encoding` is that of a text whose sender named it; else it is detected.
    """
    bounds = limits or Limits()
    with path.open("rb") as stream:
        head = stream.read(512)
    size = weight(path) if head.startswith(_ZIP) else path.stat().st_size
    if size > bounds.file_bytes:
        raise SheetRefused(
            say(
                "The file has {size} MB; at most {most} MB are read",
                size=size >> 20,
                most=bounds.file_bytes >> 20,
            ),
            code="file_too_big",
            hint=say("Split the catalogue"),
        )
    if head.startswith(_OLE):
        yield from _within(old_workbooks.xls(path), bounds)
    elif head.startswith(_ZIP):
        yield from _workbook(path, bounds)
    elif not head.strip():
        raise SheetRefused(
            say("The file is empty"), code="not_a_sheet", hint=say("Save the sheet as .xlsx")
        )
    elif web_tables.is_one(path):
        yield from _within(web_tables.sheets(path, encoding), bounds)
    elif json_rows.is_one(path):
        yield from _within(json_rows.sheets(path, bounds), bounds)
    else:
        yield _text(path, bounds, encoding)


def _workbook(path: Path, limits: Limits) -> Iterator[Sheet]:
    with path.open("rb") as stream:
        inspect(stream, limits)
    with xlsx_slow.damage():
        archive = zipfile.ZipFile(path)
    with archive:
        if old_workbooks.is_ods(archive):
            yield from _within(old_workbooks.ods(path, archive, limits), limits)
            return
        if "xl/workbook.bin" in archive.namelist():
            yield from _within(old_workbooks.xlsb(path), limits)
            return
        with xlsx_slow.damage():
            book = open_book(archive)
        hidden = tuple(tab.name for tab in book.tabs if not tab.visible)
        for tab in book.tabs:
            if tab.visible:
                yield _worksheet(path, book, tab, hidden, limits)
                hidden = ()


def _worksheet(path: Path, book: Book, tab: Tab, hidden: tuple[str, ...], limits: Limits) -> Sheet:
    usual = True
    try:
        with xlsx_slow.damage():
            around = xlsx.surroundings(book, tab)
    except xlsx.Unusual:
        usual, around = False, xlsx.Surroundings((), frozenset())

    def rows() -> Iterator[Row]:
        last = 0
        try:
            if not usual:
                raise xlsx.Unusual
            with xlsx_slow.damage():
                for row in xlsx.rows(book, tab, around):
                    last = row.number
                    yield row
        except xlsx.Unusual:
            filler = Filler(around.merges)
            yield from map(filler.filled, xlsx_slow.rows(path, tab.name, limits.columns, last))

    return Sheet(
        tab.name,
        Notation.UNKNOWN,
        "",
        False,
        lambda: _limited(rows(), limits),
        around.merges,
        around.hidden_columns,
        hidden,
    )


def _text(path: Path, limits: Limits, encoding: str) -> Sheet:
    dialect = delimited.sniff(path, encoding)

    def rows() -> Iterator[Row]:
        records = delimited.rows(path, dialect, limits)
        return _limited((Row(n, tuple(record)) for n, record in records), limits)

    return Sheet(path.name, dialect.notation, dialect.encoding, dialect.guessed, rows)


def _within(sheets: Iterator[Sheet], limits: Limits) -> Iterator[Sheet]:
    """The sheets, with their rows bounded."""
    for sheet in sheets:
        yield sheet.streaming(_bounded(sheet.rows, limits))


def _bounded(rows: Callable[[], Iterator[Row]], limits: Limits) -> Callable[[], Iterator[Row]]:
    return lambda: _limited(rows(), limits)


def _limited(rows: Iterator[Row], limits: Limits) -> Iterator[Row]:
    filled = last = 0
    for row in rows:
        if row.number > EXCEL_ROWS:
            raise SheetRefused(
                f"The sheet claims more than {EXCEL_ROWS:,} rows",
                code="too_many_rows",
                hint=say("Split it"),
            )
        if row.is_blank:  # formatting dragged down to the last row is harmless
            continue
        if row.number - last > limits.blank_rows + 1:
            raise SheetRefused(
                f"After {row.number - last - 1:,} empty rows there is something in row"
                f" {row.number}",
                code="too_many_rows",
                hint="Delete the empty rows between",
            )
        last, filled = row.number, filled + 1
        if filled > limits.rows:
            raise SheetRefused(
                say("The sheet has more than {rows} rows", rows=f"{limits.rows:,}"),
                code="too_many_rows",
                hint=say("Split it"),
            )
        if any(value is not None and value != "" for value in row.values[limits.columns :]):
            raise SheetRefused(
                f"Row {row.number} goes beyond column {get_column_letter(limits.columns)}",
                code="too_many_columns",
                hint="Delete the columns that are not part of the catalogue",
            )
        yield row
