"""What a file is read as: sheets of rows, with what a cell says beside its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from openpyxl.utils import get_column_letter

from catalog_import.formats.number_format import NumberFormat
from catalog_import.numbers import Notation

_NO_FORMATS: Mapping[int, NumberFormat] = MappingProxyType({})
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NoResult:
    """The value of a cell whose formula has no stored result: it was never calculated."""

    formula: str = ""

    def __str__(self) -> str:
        return f"={self.formula}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, its cells from column A on.

    Beside the values, by the index of the cell: `formats` are those of numbers that are shown as
    money or percent (all others are absent); `formulas` are cells whose value is a formula's stored
    result; `filled` are cells that are merged with the one above and have its value.
    """

    number: int
    values: tuple[Any, ...]
    formats: Mapping[int, NumberFormat] = _NO_FORMATS
    formulas: frozenset[int] = _NONE
    filled: frozenset[int] = _NONE
    hidden: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether no cell says anything."""
        if self.values.count(None) == len(self.values):  # the usual case, a hundred times as fast
            return True
        return all(
            value is None or (isinstance(value, str) and not value.strip()) for value in self.values
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """A range of cells shown as one, whose value is its first cell's. Rows and columns from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose rows can be streamed, again and again, with nothing stored.

    `hidden_columns` are indices, as in `Row`; `hidden_sheets` are the names of those that are not
    handed out, and are with the first one that is. `pictures` are parts of the workbook by the row
    that they are drawn at, `placed` those in cells by the ids that the cells name.
    """

    name: str
    notation: Notation
    encoding: str
    guessed_encoding: bool
    _stream: Callable[[], Iterator[Row]] = field(repr=False)
    merges: tuple[Merge, ...] = ()
    hidden_columns: frozenset[int] = _NONE
    hidden_sheets: tuple[str, ...] = ()
    pictures: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    placed: Mapping[str, str] = field(default_factory=dict)

    def money_formats(self, header: int, rows: int) -> frozenset[int]:
        """The columns whose cells, in so many rows below the header, are shown as money."""
        found: set[int] = set()
        for row in self.rows():
            if row.number > header + rows:
                break
            if row.number > header:
                found.update(index for index, each in row.formats.items() if each.currency)
        return frozenset(found)

    def rows(self) -> Iterator[Row]:
        """Every row that holds something; SheetRefused when it goes beyond the limits."""
        return self._stream()

    def streaming(self, stream: Callable[[], Iterator[Row]]) -> Sheet:
        """The same sheet with its rows from another source."""
        return replace(self, _stream=stream)


def address(column: int, row: int) -> str:
    """The cell's address: (4, 7) is "D7"."""
    return f"{get_column_letter(column)}{row}"
