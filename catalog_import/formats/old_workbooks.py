"""Workbooks that calamine reads whole: .xls of Excel before 2007, .xlsb, and .ods."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from catalog_import.archive import Limits
from catalog_import.errors import SheetRefused
from catalog_import.formats import native
from catalog_import.formats.merged import Filler
from catalog_import.formats.row import Merge, Row, Sheet
from catalog_import.numbers import Notation
from catalog_import.texts import say

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
_VBA_OLE = "_VBA_PROJECT".encode("utf-16-le")
_REPEATED_CELL = re.compile(rb'<table:table-cell\s[^>]*?number-columns-repeated="(\d+)"[^>]*[^/]>')
_REPEATED_ROW = re.compile(
    rb'<table:table-row\s[^>]*?number-rows-repeated="(\d+)"[^>]*>(.*?)</table:table-row>', re.S
)
_MOST_REPEATED_ROWS = 5_000


def is_ods(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is an OpenDocument spreadsheet."""
    return "mimetype" in archive.namelist() and archive.read("mimetype").strip().startswith(_ODS)


def ods(path: Path, archive: zipfile.ZipFile, limits: Limits) -> Iterator[Sheet]:
    """The sheets of an OpenDocument spreadsheet."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise SheetRefused(
            say("The workbook has a password"), code="encrypted", hint=say("Remove the password")
        )
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
        raise _macros()
    _refuse_repetition(archive.read("content.xml"), limits)
    yield from _sheets(path)


def xls(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook of Excel 97 to 2003."""
    content = path.read_bytes()
    if _ENCRYPTED_OLE in content:
        raise SheetRefused(
            say("The workbook has a password"), code="encrypted", hint=say("Remove the password")
        )
    if _VBA_OLE in content:
        raise _macros()
    yield from _sheets(path)


def xlsb(path: Path) -> Iterator[Sheet]:
    """The sheets of a binary workbook."""
    yield from _sheets(path)


def _sheets(path: Path) -> Iterator[Sheet]:
    with native.opened(path) as book:
        tabs = [tab for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        hidden = tuple(tab.name for tab in tabs if tab.visible != SheetVisibleEnum.Visible)
        for index, tab in enumerate(book.sheets_metadata):
            if tab in tabs and tab.visible == SheetVisibleEnum.Visible:
                yield _sheet(book, index, tab.name, hidden)
                hidden = ()


def _sheet(book: CalamineWorkbook, index: int, name: str, hidden: tuple[str, ...]) -> Sheet:
    parsed = native.sheet_at(book, index)
    merges = tuple(
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in parsed.merged_cell_ranges or ()
    )

    def rows() -> Iterator[Row]:
        filler = Filler(merges)
        for number, values in native.rows_of(parsed):
            yield filler.filled(Row(number, tuple(values)))

    stream: Callable[[], Iterator[Row]] = rows
    return Sheet(name, Notation.UNKNOWN, "", False, stream, merges, hidden_sheets=hidden)


def _refuse_repetition(content: bytes, limits: Limits) -> None:
    """A few bytes may stand for a million filled cells, and calamine writes them all out."""
    wide = any(int(found[1]) > limits.columns for found in _REPEATED_CELL.finditer(content))
    tall = any(
        int(found[1]) > _MOST_REPEATED_ROWS and b"<text:p" in found[2]
        for found in _REPEATED_ROW.finditer(content)
    )
    if wide or tall:
        raise SheetRefused(
            "The workbook repeats a filled cell or row thousands of times",
            code="zip_bomb",
            hint="Copy the catalogue into a fresh workbook",
        )


def _macros() -> SheetRefused:
    return SheetRefused(
        say("The workbook carries macros or embedded programs"),
        code="macros",
        hint=say("Save it as .xlsx without macros, embedded objects and form controls"),
    )
