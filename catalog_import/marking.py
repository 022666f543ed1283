"""Writes a sheet with its problems in it: cells coloured and commented, ready to be mended.

It opens the brand's workbook, so it runs in a confined child (`catalog_import.confined`); call it
through `catalog_import.marked`. A small workbook comes back as it is, with its own look. Of a
large one, and of text files, the header and the rows with problems come back: an import leaves
pieces alone that a sheet does not list.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.workbook import Workbook

from catalog_import import bundles, sheets
from catalog_import.archive import Limits
from catalog_import.corrections import Corrections, corrected, place
from catalog_import.formats import xlsx_slow
from catalog_import.problems import Problem

FILLS: Mapping[str, str] = MappingProxyType({"error": "F3C9C4", "warning": "FBEBC2"})
_ERROR = PatternFill("solid", fgColor=FILLS["error"])
_WARNING = PatternFill("solid", fgColor=FILLS["warning"])
_AUTHOR = "Pavilion"
_BYTES = 4 << 20  # of a workbook that comes back whole
_ROWS = 5_000  # with problems, of one that does not
_ABOVE = 30  # rows that may hold the header
_WIDTHS = {"A": 16, "B": 8, "C": 22, "D": 24, "E": 60, "F": 60}

type ByCell = Mapping[str, Mapping[tuple[int, int], list[Problem]]]
"""By sheet, row and column."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written into a workbook: problems and corrections, in a reader's language."""

    problems: Sequence[Problem]
    corrections: Corrections
    language: str
    titles: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns the same."""
        return {
            "problems": [each.to_json() for each in self.problems],
            "corrections": {name: dict(cells) for name, cells in self.corrections.items()},
            "language": self.language,
            "titles": list(self.titles),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Wanted:
        """What `to_json` wrote."""
        problems = [Problem.from_json(each) for each in raw["problems"]]
        return cls(problems, raw["corrections"], raw["language"], raw["titles"])


def write(path: Path, wanted: Wanted, out: IO[bytes]) -> None:
    """Write the marked workbook. Raises SheetRefused, as reading the file does."""
    by_cell = _by_cell(wanted.problems)
    with bundles.opened(path, Limits()) as bundle:
        sheet = bundle.sheet
        if sheet.stat().st_size <= _BYTES and _is_workbook(sheet):
            book = _whole(sheet, wanted.corrections)
        else:
            book = _rows_to_mend(sheet, by_cell, wanted.corrections)
    for name, cells in by_cell.items():
        if name in book.sheetnames:
            _mark(book[name], cells, wanted.language)
    _list(book, wanted.problems, wanted.language, wanted.titles)
    with xlsx_slow.damage():
        book.save(out)


def _by_cell(problems: Sequence[Problem]) -> ByCell:
    found: dict[str, dict[tuple[int, int], list[Problem]]] = {}
    for problem in problems:
        where = place(problem.cell)
        if where is not None:
            found.setdefault(problem.sheet, {}).setdefault(where, []).append(problem)
    return found


def _is_workbook(path: Path) -> bool:
    """Whether openpyxl can load it; by its list of parts, since nothing has bounded it yet."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()  # not an .ods, not an .xlsb
    except zipfile.BadZipFile:
        return False


def _whole(path: Path, corrections: Corrections) -> Workbook:
    for _ in sheets.open_sheets(path):  # every bound on hostile files, before it is loaded whole
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with xlsx_slow.damage():
            book = openpyxl.load_workbook(path, keep_links=False)
    for name, cells in corrections.items():
        for cell, text in cells.items():
            if name in book.sheetnames and place(cell):
                _put(book[name], *(place(cell) or (1, 1)), text)
    return book


def _rows_to_mend(path: Path, by_cell: ByCell, corrections: Corrections) -> Workbook:
    """Header and rows with problems, each in its own row number's place, the others left empty."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets.open_sheets(path):
        cells = by_cell.get(sheet.name, {})
        wanted = frozenset(sorted({row for row, _ in cells})[:_ROWS])
        page = book.create_sheet(sheet.name[:31])
        for row in corrected(sheet, corrections.get(sheet.name, {})).rows():
            if row.number <= _ABOVE or row.number in wanted:
                for index, value in enumerate(row.values):
                    _put(page, row.number, index + 1, value)
    return book


def _put(page: Any, row: int, column: int, value: object) -> None:
    cell = page.cell(row, column)
    if value is None or value == "":
        cell.value = None
    elif isinstance(value, (int, float)):
        cell.value = value
    else:
        cell.value = str(value)
        cell.data_type = "s"  # a text that begins with "=" stays a text


def _mark(page: Any, cells: Mapping[tuple[int, int], list[Problem]], language: str) -> None:
    for (row, column), found in cells.items():
        cell = page.cell(row, column)
        if type(cell).__name__ == "MergedCell":  # inside a merged range: only its first takes one
            continue
        cell.fill = _ERROR if any(each.is_error for each in found) else _WARNING
        cell.comment = Comment("\n\n".join(_lines(found, language)), _AUTHOR, width=360, height=120)


def _lines(found: Sequence[Problem], language: str) -> Iterator[str]:
    for each in found[:5]:
        message, hint = each.text(language)
        guess = f" ({each.guess}?)" if each.guess else ""
        yield f"{message}{guess}\n→ {hint}" if hint else f"{message}{guess}"


def _list(
    book: Workbook, problems: Sequence[Problem], language: str, titles: Sequence[str]
) -> None:
    """All of them on a sheet of their own, which an import does not read."""
    name = next(n for n in ("Pavilion", "Pavilion 2", "Pavilion 3") if n not in book.sheetnames)
    page = book.create_sheet(name)
    page.append(list(titles))
    for letter, width in _WIDTHS.items():
        page.column_dimensions[letter].width = width
        page[f"{letter}1"].font = Font(bold=True)
    for number, each in enumerate(problems, start=2):
        message, hint = each.text(language)
        line = (each.sheet, each.cell, each.column, each.value, message, hint)
        for column, value in enumerate(line, start=1):
            _put(page, number, column, value)
        cell = page.cell(number, 2)
        if each.cell and each.sheet in book.sheetnames:
            cell.hyperlink = f"#'{each.sheet}'!{each.cell}"
        page.cell(number, 5).fill = _ERROR if each.is_error else _WARNING
