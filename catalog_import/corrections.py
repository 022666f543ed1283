"""Cells that a person has mended beside the file: the check reads them in the place of the file's.

The file itself stays as it was handed in; a correction names its sheet and cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from openpyxl.utils import column_index_from_string

from catalog_import.formats.row import Row, Sheet

type Corrections = Mapping[str, Mapping[str, str]]
"""By sheet and cell: {"Rings": {"D7": "12800"}}. An empty text empties the cell."""

NONE: Corrections = MappingProxyType({})
LONGEST = 2_000  # characters of one cell
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def place(cell: str) -> tuple[int, int] | None:
    """Row and column of an address, both from 1; None for anything else."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    return int(found[2]), column_index_from_string(found[1])


def corrected(sheet: Sheet, cells: Mapping[str, str]) -> Sheet:
    """The sheet with these cells in the place of its own. An address that is none is left out."""
    by_row: dict[int, dict[int, str]] = {}
    for cell, text in cells.items():
        where = place(cell)
        if where is not None:
            by_row.setdefault(where[0], {})[where[1] - 1] = text
    return replace(sheet, _stream=_stream(sheet, by_row)) if by_row else sheet


def _stream(sheet: Sheet, by_row: Mapping[int, Mapping[int, str]]) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for row in sheet.rows():
            cells = by_row.get(row.number)
            yield _mended(row, cells) if cells else row

    return rows


def _mended(row: Row, cells: Mapping[int, str]) -> Row:
    values = list(row.values)
    values += [None] * (max(cells) + 1 - len(values))
    for index, text in cells.items():
        values[index] = text or None
    return replace(
        row,
        values=tuple(values),
        formats={index: each for index, each in row.formats.items() if index not in cells},
        formulas=row.formulas - cells.keys(),
        filled=row.filled - cells.keys(),
    )
