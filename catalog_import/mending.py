"""The rows of a sheet that have problems, as a grid for a person to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import get_column_letter

from catalog_import import sheets
from catalog_import.confined import IN_A_REQUEST, opened
from catalog_import.corrections import NONE, Corrections, corrected, place
from catalog_import.problems import Problem, shown
from catalog_import.recognition import Recognition

_LONGEST = 500  # characters of a cell that is only looked at


@dataclass(frozen=True, slots=True)
class MendRow:
    """A row: its cells as text by column letter, and the problems of those that have some."""

    number: int
    cells: Mapping[str, str]
    problems: Mapping[str, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class MendSheet:
    """`columns` are headers by letter, in the sheet's order; `more` rows are not shown."""

    name: str
    columns: Mapping[str, str]
    rows: tuple[MendRow, ...]
    more: int


def to_mend(
    path: Path,
    problems: Sequence[Problem],
    recognition: Sequence[Recognition],
    *,
    corrections: Corrections = NONE,
    most: int = 200,
) -> tuple[MendSheet, ...]:
    """The rows with problems in a cell, the first `most` of each sheet.

    Raises SheetRefused, as reading the file does, and ReaderFailed.
    """
    headers = {each.sheet: _headers(each) for each in recognition}
    heads = {each.sheet: _header_row(each) for each in recognition}
    # What is wrong with a header is answered for its column, not mended in its cell.
    below = [p for p in problems if (place(p.cell) or (0, 0))[0] > heads.get(p.sheet, 0)]
    found = _by_row(below)
    with opened(path, bounds=IN_A_REQUEST) as tables:
        return tuple(
            _sheet(sheet, headers[sheet.name], found[sheet.name], corrections, most)
            for sheet in tables.sheets
            if sheet.name in found and sheet.name in headers
        )


def _sheet(
    sheet: sheets.Sheet,
    columns: Mapping[str, str],
    problems: Mapping[int, Mapping[str, list[Problem]]],
    corrections: Corrections,
    most: int,
) -> MendSheet:
    wanted = sorted(problems)[:most]
    rows = tuple(_rows(sheet, columns, problems, frozenset(wanted), corrections))
    return MendSheet(sheet.name, columns, rows, len(problems) - len(wanted))


def _rows(
    sheet: sheets.Sheet,
    columns: Mapping[str, str],
    problems: Mapping[int, Mapping[str, list[Problem]]],
    wanted: frozenset[int],
    corrections: Corrections,
) -> Iterator[MendRow]:
    last = max(wanted, default=0)
    for row in corrected(sheet, corrections.get(sheet.name, {})).rows():
        if row.number > last:
            return
        if row.number in wanted:
            cells = {
                get_column_letter(index + 1): shown(value, _LONGEST)
                for index, value in enumerate(row.values)
            }
            own = problems[row.number]
            yield MendRow(
                row.number,
                {letter: cells.get(letter, "") for letter in columns},
                {letter: tuple(each) for letter, each in own.items()},
            )


def _headers(recognition: Recognition) -> Mapping[str, str]:
    return {
        heading.cell.rstrip("0123456789"): heading.header or heading.column
        for heading in recognition.headings
        if heading.cell
    }


def _header_row(recognition: Recognition) -> int:
    places = [place(heading.cell) for heading in recognition.headings]
    return max((row for row, _ in filter(None, places)), default=0)


def _by_row(problems: Sequence[Problem]) -> Mapping[str, dict[int, dict[str, list[Problem]]]]:
    found: dict[str, dict[int, dict[str, list[Problem]]]] = {}
    for problem in problems:
        where = place(problem.cell)
        if where is not None:
            row = found.setdefault(problem.sheet, {}).setdefault(where[0], {})
            row.setdefault(get_column_letter(where[1]), []).append(problem)
    return found
