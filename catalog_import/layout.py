"""Finds the header row of a sheet and the position of each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from catalog_import.cells import fold
from catalog_import.columns import Column, nearest_header
from catalog_import.headers import Header, is_money, meaning, sounds_like_a_price
from catalog_import.problems import Problem, Severity, shown
from catalog_import.sheets import Row, Sheet, address

_SEARCHED_ROWS = 20  # a title and some notes may be above the header
_ENOUGH = 3  # headers we know; fewer, and it is some other table
_LOOKED_AT = 50  # rows below the header, for amounts under headers that mean no column


@dataclass(frozen=True, slots=True)
class Layout:
    """The header row's number, the column at each index, and what is wrong with the header.

    `currencies` are those that a column's header names, by the column's name.
    """

    header: int
    columns: Mapping[int, Column]
    problems: tuple[Problem, ...]
    currencies: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether the rows mean what they say; else they are checked, and all are held."""
        return not any(problem.is_error for problem in self.problems)


def find(sheet: Sheet, ignored: Collection[str] = ()) -> Layout | None:
    """The sheet's layout, or None when none of its first rows looks like a catalogue's header.

    `ignored` are headers that are not to be read, whatever they seem to be.
    """
    skipped = frozenset(map(fold, ignored))
    best: Row | None = None
    most = 0
    rows = sheet.rows()
    for row, _ in zip(rows, range(_SEARCHED_ROWS), strict=False):
        names = {each.column.name for _, each in _headers(row, skipped) if each}
        known = len(names) + ("sku" in names and len(names) > 1)  # two are a stock sheet
        if known > most:
            best, most = row, known
    return _layout(sheet, best, skipped) if best and most >= _ENOUGH else None


def _headers(row: Row, skipped: frozenset[str]) -> Iterator[tuple[int, Header | None]]:
    for index, value in enumerate(row.values):
        if not isinstance(value, str) or not value.strip() or len(value) > 200:
            continue
        if fold(value) not in skipped:
            yield index, meaning(value)


def _layout(sheet: Sheet, row: Row, skipped: frozenset[str]) -> Layout:
    found: dict[int, Column] = {}
    first: dict[str, int] = {}
    currencies: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    unread: list[int] = []
    for index, header in _headers(row, skipped):
        cell, value = address(index + 1, row.number), shown(row.values[index])
        if header is None:
            unread.append(index)
            continue
        column = header.column
        if column.name in first:
            other = address(first[column.name] + 1, row.number)
            problems.append(
                Problem(
                    "duplicate_column",
                    f"{other} and {cell} both mean {column.name}",
                    "Rename or delete one of them, or have it ignored",
                    sheet.name,
                    cell,
                    column.name,
                    value,
                )
            )
            continue
        found[index], first[column.name] = column, index
        if header.currencies:
            currencies[column.name] = header.currencies
        if header.fault:
            fault = header.fault
            problems.append(
                Problem(fault.code, fault.message, fault.hint, sheet.name, cell, column.name, value)
            )
    problems += _unread(sheet, row, unread, set(found), skipped)
    problems.sort(key=lambda problem: _index_of(problem.cell))
    return Layout(row.number, found, tuple(problems), currencies)


def _index_of(cell: str) -> tuple[int, str]:
    letters = cell.rstrip("0123456789")
    return len(letters), letters


def _unread(
    sheet: Sheet, header: Row, unread: list[int], read: set[int], skipped: frozenset[str]
) -> Iterator[Problem]:
    """A problem for each column that is not read: an error for one that holds prices."""
    amounts = _amounts(sheet, header, read, skipped)
    for index in sorted({*unread, *amounts}):
        raw = header.values[index] if index < len(header.values) else None
        cell, value = address(index + 1, header.number), shown(raw)
        if index in amounts or sounds_like_a_price(value):
            yield Problem(
                "price_not_read",
                f"“{value}” looks like a price, and no column is called that",
                "Write the column's own name above it (fixed_price, making, compare_at_price …),"
                " delete it, or have it ignored",
                sheet.name,
                cell,
                "",
                value,
            )
        else:
            yield Problem(
                "unknown_column",
                f"No column is called “{value}”; it is not read",
                nearest_header(value) or "See the template for the columns there are",
                sheet.name,
                cell,
                "",
                value,
                Severity.WARNING,
            )


def _amounts(sheet: Sheet, header: Row, read: set[int], skipped: frozenset[str]) -> set[int]:
    """The columns, among those not read, whose cells are amounts of money for the most part."""
    filled: Counter[int] = Counter()
    money: Counter[int] = Counter()
    formatted = sheet.money_formats(header.number, _LOOKED_AT)
    below = (row for row in sheet.rows() if row.number > header.number)
    for row, _ in zip(below, range(_LOOKED_AT), strict=False):
        for index, value in enumerate(row.values):
            if index in read or value is None or value == "":
                continue
            filled[index] += 1
            money[index] += is_money(value) or (
                isinstance(value, int | float) and index in formatted
            )
    named = {
        index
        for index, value in enumerate(header.values)
        if isinstance(value, str) and fold(value) in skipped
    }
    return {index for index, count in filled.items() if money[index] * 2 > count} - named
