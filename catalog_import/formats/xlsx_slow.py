"""Reads a worksheet by openpyxl: any XML that the standard allows, twenty times as slow."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from catalog_import.errors import SheetRefused
from catalog_import.formats import number_format
from catalog_import.formats.number_format import NumberFormat
from catalog_import.formats.row import NoResult, Row
from catalog_import.texts import say

_BROKEN = (
    ParseError, InvalidFileException, zipfile.BadZipFile, ValueError, KeyError, TypeError,
    IndexError, AttributeError, OverflowError, EOFError, SyntaxError, OSError,
)  # fmt: skip


@contextmanager
def damage() -> Iterator[None]:
    """Turns what parsers raise on broken files into SheetRefused."""
    try:
        yield
    except _BROKEN as error:
        raise SheetRefused(
            say("The workbook is damaged: {error}", error=" ".join(str(error).split())[:200]),
            code="damaged_file",
            hint=say("Open it in your spreadsheet program and save it again as .xlsx"),
        ) from error


def rows(path: Any, sheet: str, columns: int, after: int = 0) -> Iterator[Row]:
    """The sheet's rows below row `after`; formulas have no stored result here."""
    # openpyxl parses with defusedxml where that is installed, and it is one of our dependencies.
    if not openpyxl.DEFUSEDXML:
        raise SheetRefused("XML is not defused here", hint="Install defusedxml")
    with damage(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that we do not use
        values = openpyxl.load_workbook(path, read_only=True, keep_links=False, data_only=True)
        formulas = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        try:
            for book in (values, formulas):
                # The sheet's own claim of its size is not believed: "XFD1048576" pads every row.
                book[sheet].reset_dimensions()
            both = zip(
                values[sheet].iter_rows(min_row=after + 1, max_col=columns + 1),
                formulas[sheet].iter_rows(min_row=after + 1, max_col=columns + 1),
                strict=False,
            )
            for number, (cells, written) in enumerate(both, after + 1):
                yield _row(number, cells, written)
        finally:
            values.close()
            formulas.close()


def _row(number: int, cells: tuple[Any, ...], written: tuple[Any, ...]) -> Row:
    formats: dict[int, NumberFormat] = {}
    formulas: set[int] = set()
    values: list[Any] = []
    for index, (cell, source) in enumerate(zip(cells, written, strict=False)):
        value = cell.value
        if source.data_type == "f":
            if value is None:
                value = NoResult(str(getattr(source.value, "text", source.value))[1:200])
            else:
                formulas.add(index)
        if type(value) in (int, float):
            shown = number_format.read(cell.number_format or "")
            if shown.zeros and value >= 0 and value == int(value):
                value = f"{shown.before}{int(value):0{shown.zeros}d}"
            elif shown.percent or shown.currency:
                formats[index] = shown
        values.append(value)
    return Row(number, tuple(values), formats, frozenset(formulas))
