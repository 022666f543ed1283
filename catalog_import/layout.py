"""Finds the header row of a sheet and which column stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog_import.columns import Column, column_of, columns, nearest_header
from catalog_import.problems import Problem, Severity, shown
from catalog_import.sheets import Row, Sheet, address

_SEARCHED_ROWS = 20  # a title and some notes may stand above the header
_ENOUGH = 3  # headers we know; fewer, and it is some other table


@dataclass(frozen=True, slots=True)
class Layout:
    """The header row's number, the column at each index, and what is wrong with the header."""

    header: int
    columns: Mapping[int, Column]
    problems: tuple[Problem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether rows can be read at all."""
        return not any(problem.is_error for problem in self.problems)


def find(sheet: Sheet) -> Layout | None:
    """The sheet's layout, or None when none of its first rows looks like a catalogue's header."""
    best: Row | None = None
    most = 0
    rows = sheet.rows()
    for row, _ in zip(rows, range(_SEARCHED_ROWS), strict=False):
        known = len({column.name for _, column in _headers(row) if column})
        if known > most:
            best, most = row, known
    return _layout(sheet.name, best) if best and most >= _ENOUGH else None


def _headers(row: Row) -> Iterator[tuple[int, Column | None]]:
    for index, value in enumerate(row.values):
        if isinstance(value, str) and value.strip() and len(value) <= 200:
            yield index, column_of(value)


def _layout(sheet: str, row: Row) -> Layout:
    found: dict[int, Column] = {}
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for index, column in _headers(row):
        cell, value = address(index + 1, row.number), shown(row.values[index])
        if column is None:
            problems.append(
                Problem(
                    "unknown_column",
                    f"No column is called “{value}”; it is not read",
                    nearest_header(value) or "See the template for the columns there are",
                    sheet,
                    cell,
                    "",
                    value,
                    Severity.WARNING,
                )
            )
        elif column.name in first:
            other = address(first[column.name] + 1, row.number)
            problems.append(
                Problem(
                    "duplicate_column",
                    f"{other} and {cell} both mean {column.name}",
                    "Rename or delete one of them",
                    sheet,
                    cell,
                    column.name,
                    value,
                )
            )
        else:
            found[index], first[column.name] = column, index
    problems += [
        Problem(
            "missing_column",
            f"There is no column {column.name}",
            f"Add it. {column.note}",
            sheet,
            address(1, row.number),
            column.name,
        )
        for column in columns().values()
        if column.required and column.name not in first
    ]
    return Layout(row.number, found, tuple(problems))
