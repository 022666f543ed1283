"""calamine, the parser in Rust: values of .xlsx, .xls, .xlsb and .ods."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from catalog_import.errors import SheetRefused
from catalog_import.texts import say

_LARGEST = 10**18


def rows(workbook: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a workbook's first sheet with their numbers; blank ones are left out."""
    with _damage(), CalamineWorkbook.from_filelike(workbook) as book:
        sheet = book.get_sheet_by_index(0)
    yield from rows_of(sheet)


def rows_of(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """A sheet's rows with their numbers; blank ones are left out. Cells begin in column A."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    # iter_rows begins in row 1 and to_python at the first value; both begin at its column.
    cells_of = sheet.to_python() if first_row else sheet.iter_rows()
    missing = [None] * first_column
    for number, cells in enumerate(cells_of, first_row + 1):
        values = [
            None
            if value == ""
            else int(value)
            if type(value) is float and -_LARGEST < value < _LARGEST and value == int(value)
            else value
            for value in cells
        ]
        if values.count(None) < len(values):
            yield number, missing + values


def opened(path: Path) -> CalamineWorkbook:
    """A workbook of any kind that calamine reads."""
    with _damage():
        return CalamineWorkbook.from_path(path)


def sheet_at(book: CalamineWorkbook, index: int) -> CalamineSheet:
    """A sheet, parsed whole."""
    with _damage():
        return book.get_sheet_by_index(index)


@contextmanager
def _damage() -> Iterator[None]:
    """Turns what calamine raises into SheetRefused: a panic of Rust's as well."""
    try:
        yield
    except PasswordError as error:
        raise SheetRefused(
            say("The workbook has a password"), code="encrypted", hint=say("Remove the password")
        ) from error
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise _damaged(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(error) from error


def _damaged(error: BaseException) -> SheetRefused:
    return SheetRefused(
        say("The workbook is damaged: {error}", error=" ".join(str(error).split())[:200]),
        code="damaged_file",
        hint=say("Open it in your spreadsheet program and save it again as .xlsx"),
    )
