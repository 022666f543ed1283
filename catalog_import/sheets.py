"""Opens a workbook or a delimited text and hands out its sheets as streams of rows.

Nothing here knows a column's meaning. Every read is bounded by `Limits`; a file that is hostile,
damaged or too big raises SheetRefused with a stable code:

    not_a_sheet  old_format  encrypted  damaged_file  unknown_encoding  zip_bomb  xml_entities
    macros  external_links  file_too_big  too_many_rows  too_many_columns
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from catalog_import import delimited
from catalog_import.archive import EXCEL_ROWS, Limits, inspect
from catalog_import.errors import SheetRefused
from catalog_import.formats import number_format
from catalog_import.formats.number_format import NumberFormat
from catalog_import.formats.row import Merge, NoResult, Row, Sheet, address
from catalog_import.numbers import Notation

__all__ = ["Limits", "Merge", "NoResult", "Row", "Sheet", "address", "open_sheets"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, or any encrypted workbook
_ZIP = b"PK\x03\x04"


def open_sheets(path: Path, limits: Limits | None = None) -> Iterator[Sheet]:
    """The visible sheets of a file, which stays open until the iterator is closed or exhausted."""
    bounds = limits or Limits()
    size = path.stat().st_size
    if size > bounds.file_bytes:
        raise SheetRefused(
            f"The file has {size >> 20} MB; at most {bounds.file_bytes >> 20} MB are read",
            code="file_too_big",
            hint="Remove pictures, or split the catalogue",
        )
    with path.open("rb") as stream:
        head = stream.read(8)
    if head == _OLE:
        raise SheetRefused(
            "This is a workbook of before 2007, or one with a password",
            code="old_format",
            hint="Save it as .xlsx without a password",
        )
    if head.startswith(_ZIP):
        yield from _workbook(path, bounds)
    elif head:
        yield _text(path, bounds)
    else:
        raise SheetRefused("The file is empty", code="not_a_sheet", hint="Save the sheet as .xlsx")


def _workbook(path: Path, limits: Limits) -> Iterator[Sheet]:
    # openpyxl parses with defusedxml where that is installed, and it is one of our dependencies.
    if not openpyxl.DEFUSEDXML:
        raise SheetRefused("XML is not defused here", hint="Install defusedxml")
    with path.open("rb") as stream:
        inspect(stream, limits)
        stream.seek(0)
        with _damage(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that we do not use
            book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    rows = _bound(sheet, limits, formats=_has_formats(book))
                    yield Sheet(sheet.title, Notation.UNKNOWN, "", False, rows)
        finally:
            book.close()


def _bound(sheet: Any, limits: Limits, *, formats: bool) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        # The sheet's own claim of its size is not believed: "XFD1048576" would pad every row.
        sheet.reset_dimensions()
        source = sheet.iter_rows(max_col=limits.columns + 1, values_only=not formats)
        make = _formatted if formats else Row
        with _damage(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _limited((make(n, cells) for n, cells in enumerate(source, 1)), limits)

    return rows


def _has_formats(book: Any) -> bool:
    """Whether any cell is shown as money, percent or padded: to read formats costs half again."""
    return any(
        not number_format.read(BUILTIN_FORMATS.get(each.numFmtId, "")).is_plain
        for each in book._cell_styles
    ) or any(not number_format.read(each).is_plain for each in book._number_formats)


def _formatted(number: int, cells: tuple[Any, ...]) -> Row:
    formats: dict[int, NumberFormat] = {}
    values: list[Any] = []
    for index, cell in enumerate(cells):
        value = cell.value
        if type(value) in (int, float):
            shown = number_format.read(cell.number_format or "")
            if shown.zeros and value >= 0 and value == int(value):
                # 12 shown as 00012 is the text 00012: a code loses its zeros else.
                value = f"{shown.before}{int(value):0{shown.zeros}d}"
            elif not shown.is_plain:
                formats[index] = shown
        values.append(value)
    return Row(number, tuple(values), formats)


def _text(path: Path, limits: Limits) -> Sheet:
    dialect = delimited.sniff(path)

    def rows() -> Iterator[Row]:
        records = delimited.rows(path, dialect, limits)
        return _limited((Row(n, tuple(record)) for n, record in records), limits)

    return Sheet(path.name, dialect.notation, dialect.encoding, dialect.guessed, rows)


def _limited(rows: Iterator[Row], limits: Limits) -> Iterator[Row]:
    filled = blank = 0
    for row in rows:
        if row.is_blank:
            blank += 1
            if blank > limits.blank_rows:
                return _only_blank_from_here(rows, limits)
            continue
        blank, filled = 0, filled + 1
        if filled > limits.rows:
            raise SheetRefused(
                f"The sheet has more than {limits.rows:,} rows",
                code="too_many_rows",
                hint="Split it",
            )
        if any(value is not None and value != "" for value in row.values[limits.columns :]):
            raise SheetRefused(
                f"Row {row.number} goes beyond column {get_column_letter(limits.columns)}",
                code="too_many_columns",
                hint="Delete the columns that are not part of the catalogue",
            )
        yield row
    return None


def _only_blank_from_here(rows: Iterator[Row], limits: Limits) -> None:
    """Formatting dragged down to the last row is harmless; a value hidden below it is not."""
    for row in rows:
        if not row.is_blank:
            raise SheetRefused(
                f"After {limits.blank_rows:,} empty rows there is something in row {row.number}",
                code="too_many_rows",
                hint="Delete the empty rows between",
            )
        if row.number > EXCEL_ROWS:
            raise SheetRefused(
                f"The sheet claims more than {EXCEL_ROWS:,} rows",
                code="too_many_rows",
                hint="Split it",
            )


class _damage:  # noqa: N801 - reads as a statement: with _damage():
    """Turns what openpyxl raises on broken files into SheetRefused."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: Any
    ) -> None:
        broken = (
            ParseError,
            InvalidFileException,
            zipfile.BadZipFile,
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            AttributeError,
            OverflowError,
            EOFError,
            SyntaxError,
            OSError,
        )
        if isinstance(error, broken):
            raise SheetRefused(
                f"The workbook is damaged: {' '.join(str(error).split())[:200]}",
                code="damaged_file",
                hint="Open it in your spreadsheet program and save it again as .xlsx",
            ) from error
