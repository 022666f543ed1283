"""An export as a table: cells by the format's own headers, and what a preset makes of a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from catalog_import import file_names
from catalog_import.answers import IGNORE, Answers
from catalog_import.cells import Cell, fold
from catalog_import.columns import columns
from catalog_import.expanding import Taken
from catalog_import.headers import meaning, sounds_like_a_price
from catalog_import.layout import Layout
from catalog_import.problems import Problem, Severity, shown
from catalog_import.recognition import Heading, Recognition, State, signature_of
from catalog_import.sheets import Row, Sheet, address
from catalog_import.texts import say


@dataclass(frozen=True, slots=True)
class Record:
    """One variant of an export: the row that it is in, and its cells by our columns.

    A row without a variant may name pictures: those of the product `of`.
    """

    row: Row
    cells: Mapping[str, Taken]
    problems: tuple[Problem, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The export's header. `more` are columns beside the format's own that mean one of ours."""

    sheet: str
    header: Row
    headers: Sequence[str]
    index: Mapping[str, int]  # folded header → index
    answers: Answers = field(default_factory=Answers)
    more: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: str, row: Row, headers: Sequence[str], answers: Answers) -> Table:
        """The table of that header row."""
        index: dict[str, int] = {}
        for n, header in enumerate(headers):
            if header:
                index.setdefault(fold(header), n)
        return cls(sheet, row, headers, index, answers)

    def at(self, row: Row, header: str) -> Taken | None:
        """The row's cell under a header of the format; None where it is empty or not there."""
        place = self.index.get(fold(header))
        if place is None or place >= len(row.values):
            return None
        value = row.values[place]
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return Taken(value, place)

    def text(self, row: Row, header: str) -> str:
        """The same as text, "" where it is empty."""
        taken = self.at(row, header)
        return "" if taken is None else str(taken.value).strip()

    def problem(
        self, row: Row, header: str, code: str, message: str, hint: str, *, warning: bool = True
    ) -> Problem:
        """A problem of a row, at the cell of that header."""
        place = self.index.get(fold(header), 0)
        value = row.values[place] if place < len(row.values) else None
        severity = Severity.WARNING if warning else Severity.ERROR
        cell = address(place + 1, row.number)
        return Problem(code, message, hint, self.sheet, cell, "", shown(value), severity)


class Preset(Protocol):
    """What each module of this package offers.

    `FIELDS` maps the format's headers to our columns, "" for those without one; of these, `USED`
    (folded) are searched for facts. `FOUND_IN` is the header under whose cell a fact is missed
    that the format has no column for.
    """

    NAME: str
    FIELDS: Mapping[str, str]
    USED: frozenset[str]
    FOUND_IN: str

    def recognises(self, headers: Sequence[str]) -> bool:
        """Whether these are the headers of the format."""
        ...

    def rows(self, table: Table, below: Iterable[Row]) -> Iterator[Record]:
        """A record for each variant."""
        ...


_SAMPLES = 5
FOUND = ("alloy", "grams", "kind", "name_en")


def layout_of(
    sheet: Sheet, table: Table, preset: Preset, ignored: Collection[str], below: Sequence[Row]
) -> Layout:
    """The layout of an export: its own headers, and columns of ours that a brand has added."""
    fields = {fold(header): column for header, column in preset.FIELDS.items()}
    skipped = {fold(header) for header in ignored}
    found: dict[int, str] = {}
    problems: list[Problem] = []
    headings: list[Heading] = []
    taken = {column for column in preset.FIELDS.values() if column}
    for index, header in enumerate(table.headers):
        if not header:
            continue
        cell = address(index + 1, table.header.number)
        answer = IGNORE if fold(header) in skipped else table.answers.column(header)
        column = fields.get(fold(header))
        used = bool(column) or fold(header) in preset.USED
        state = State.READ if used else State.KNOWN
        if answer:
            state = State.IGNORED if answer == IGNORE else State.ANSWERED
            column = None if answer == IGNORE else answer
        elif column is None:
            meant = meaning(header)
            if meant is not None and meant.column.name not in taken and not meant.fault:
                column, state = meant.column.name, State.READ
            else:
                state = State.KNOWN
                if sounds_like_a_price(header):
                    problems.append(_price_not_read(table.sheet, cell, header))
        if column and column in columns() and column not in found.values():
            found[index] = column
            taken.add(column)
        samples = tuple(
            dict.fromkeys(
                shown(row.values[index], 40)
                for row in below
                if index < len(row.values) and not _is_empty(row.values[index])
            )
        )[:_SAMPLES]
        headings.append(Heading(shown(header), cell, state, column or "", samples=samples))
    more = {i: name for i, name in found.items() if fields.get(fold(table.headers[i])) is None}
    object.__setattr__(table, "more", more)
    at = table.index.get(fold(preset.FOUND_IN), 0)
    return Layout(
        table.header.number,
        {index: columns()[name] for index, name in found.items()},
        tuple(problems),
        Recognition(
            sheet.name, preset.NAME, signature_of(preset.NAME, table.headers), tuple(headings)
        ),
        places={name: at for name in FOUND if name not in found.values()},
        first=table.header.number,
        headers=dict(enumerate(table.headers)),
    )


def added(table: Table, row: Row) -> dict[str, Taken]:
    """The row's cells of columns that a brand has added to the format."""
    return {
        name: Taken(row.values[index], index)
        for index, name in table.more.items()
        if index < len(row.values) and not _is_empty(row.values[index])
    }


def pictures_in(table: Table, preset: Preset, row: Row) -> tuple[str, ...]:
    """The names and addresses of pictures in the format's own columns for them."""
    taken = (table.at(row, header) for header, name in preset.FIELDS.items() if name == "pictures")
    cells = (file_names.pictures(Cell(each.value)) or () for each in taken if each is not None)
    return tuple(name for cell in cells for name in cell)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _price_not_read(sheet: str, cell: str, header: str) -> Problem:
    return Problem(
        "other_price",
        say("“{header}” looks like a price of the export; it is not read", header=shown(header)),
        say("Nothing is to be done; answer which column it is if it should be read"),
        sheet,
        cell,
        value=shown(header),
        severity=Severity.WARNING,
    )
