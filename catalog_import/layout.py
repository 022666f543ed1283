"""The position of each column in a sheet, and what is recognised in its header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from catalog_import import evidence, header_rows, proposals, spreads
from catalog_import.answers import IGNORE, Answers
from catalog_import.cells import fold
from catalog_import.columns import Column, columns, known_header
from catalog_import.header_rows import SEARCHED_ROWS, HeaderRows, meaning_of
from catalog_import.headers import Header, is_money, sounds_like_a_price
from catalog_import.problems import Fault, Problem, Severity, shown
from catalog_import.recognition import Heading, Proposal, Recognition, State, signature_of
from catalog_import.sheets import Row, Sheet, address
from catalog_import.spreads import Spread
from catalog_import.texts import say

_LOOKED_AT = 50  # rows below the header, for what the cells of a column look like
_SAMPLES = 5
_NOT_WORTH_A_WORD = ("row",)  # a number of the row is read nowhere


@dataclass(frozen=True, slots=True)
class Layout:
    """The header's last row, the column at each index, and what is wrong with the header.

    `currencies` are those that a column's header names, by the column's name. `spreads` are columns
    that hold one size or colour each. `more_pictures` are the second and further columns of them.
    """

    header: int
    columns: Mapping[int, Column]
    problems: tuple[Problem, ...]
    recognition: Recognition
    currencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spreads: tuple[Spread, ...] = ()
    first: int = 0  # the header's first row
    headers: Mapping[int, str] = field(default_factory=dict)
    # Where a fact is missed that has no column of its own, by our column's name.
    places: Mapping[str, int] = field(default_factory=dict)
    more_pictures: tuple[int, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the rows mean what they say; else they are checked, and all are held."""
        return not any(problem.is_error for problem in self.problems)


def head(sheet: Sheet) -> list[Row]:
    """The sheet's first rows, with enough below any header to see what the cells look like."""
    return list(islice(sheet.rows(), SEARCHED_ROWS + _LOOKED_AT + 5))


def find(
    sheet: Sheet,
    ignored: Collection[str] = (),
    answers: Answers | None = None,
    rows: list[Row] | None = None,
) -> Layout | None:
    """The sheet's layout, or None when none of its first rows looks like a catalogue's header.

    `ignored` are headers that are not to be read, whatever they seem to be.
    """
    said = answers or Answers()
    skipped = frozenset(map(fold, ignored))

    def answer(header: str) -> str:
        return IGNORE if fold(header) in skipped else said.column(header)

    top = head(sheet) if rows is None else rows
    found = header_rows.find(top, answer)
    if found is None:
        return None
    below = [row for row in top if row.number > found.last][:_LOOKED_AT]
    return _Finder(sheet, found, below, answer, said).layout()


class _Finder:
    """Decides column by column: answers, headers, then weak headers by the cells below."""

    def __init__(
        self,
        sheet: Sheet,
        header: HeaderRows,
        below: Sequence[Row],
        answer: header_rows.Answer,
        answers: Answers,
    ) -> None:
        self.sheet, self.header, self.answers = sheet, header, answers
        self.samples: dict[int, list[Any]] = {index: [] for index in header.lines}
        for row in below:
            for index, value in enumerate(row.values):
                if value is not None and value != "":
                    self.samples.setdefault(index, []).append(value)
        self.answered = {
            index: name
            for index in header.lines
            if (name := answer(header.text(index))) and (name == IGNORE or name in columns())
        }
        self.below = below
        self.columns: dict[int, Column] = {}
        self.currencies: dict[str, frozenset[str]] = {}
        self.more_pictures: list[int] = []
        self.problems: list[Problem] = []

    def layout(self) -> Layout:
        meant = {
            index: Header(columns()[self.answered[index]])
            if index in self.answered
            else meaning_of(lines)
            for index, lines in self.header.lines.items()
            if self.answered.get(index) != IGNORE
        }
        self._take({index: header for index, header in meant.items() if header is not None})
        undecided = [index for index, header in meant.items() if header is None]
        taken = {column.name for column in self.columns.values()}
        weak = evidence.decide(
            {index: self.header.lines[index] for index in undecided}, self.samples, taken
        )
        self.columns |= weak
        undecided = [index for index in undecided if index not in weak]
        taken = {column.name for column in self.columns.values()}
        spread = spreads.find(self.header.lines, self.samples, undecided, taken)
        for each in spread:
            undecided = [index for index in undecided if index not in each.labels]
        proposed = {
            index: proposals.propose(self.header.text(index), self.samples[index][:30], taken)
            for index in undecided
        }
        self._unread(undecided, proposed, spread)
        self.problems.sort(key=lambda problem: _index_of(problem.cell))
        return Layout(
            self.header.last,
            dict(sorted(self.columns.items())),
            tuple(self.problems),
            self._recognition(proposed, spread),
            self.currencies,
            spread,
            self.header.first,
            {index: self.header.text(index) for index in self.header.lines},
            more_pictures=tuple(self.more_pictures),
        )

    def _take(self, meant: Mapping[int, Header]) -> None:
        first: dict[str, int] = {}
        explicit = {h.column.name for i, h in meant.items() if not self._speaks_no_language(i, h)}
        for index, header in meant.items():
            column = header.column
            if index not in self.answered and self._speaks_no_language(index, header):
                column = evidence.in_language(
                    column, self.samples[index], self.answers.name_language, explicit
                )
            if column.name in first and column.name == "pictures":
                self.more_pictures.append(index)
                continue
            if column.name in first:
                other = address(first[column.name] + 1, self._row(first[column.name]))
                self._report(
                    index,
                    Fault(
                        "duplicate_column",
                        say(
                            "{other} and {cell} both mean {column}",
                            other=other,
                            cell=self._cell(index),
                            column=column.name,
                        ),
                        say("Rename or delete one of them, or have it ignored"),
                    ),
                    column.name,
                )
                continue
            self.columns[index], first[column.name] = column, index
            if header.currencies:
                self.currencies[column.name] = header.currencies
            if header.fault:
                self._report(index, header.fault, column.name)

    def _speaks_no_language(self, index: int, header: Header) -> bool:
        return evidence.speaks_no_language(header.column.name, self.header.lines[index])

    def _unread(
        self,
        undecided: Sequence[int],
        proposed: Mapping[int, tuple[Proposal, ...]],
        spread: Sequence[Spread],
    ) -> None:
        """A problem for each column that is not read: an error for one that holds prices."""
        mine = {index for each in spread for index in each.labels} | set(self.columns)
        mine |= {*self.answered, *self.more_pictures}
        amounts = self._amounts(mine)
        for index in sorted({*undecided, *amounts}):
            header = self.header.text(index) if index in self.header.lines else ""
            known = known_header(header)
            if index in amounts or (sounds_like_a_price(header) and not known):
                self._report(index, _price_not_read(header), "")
            elif known in _NOT_WORTH_A_WORD:
                continue
            elif known:
                self._report(index, _not_kept(header), "", Severity.WARNING)
            else:
                fault = _unknown(header, proposed.get(index, ()))
                self._report(index, fault, "", Severity.WARNING)

    def _amounts(self, read: Collection[int]) -> set[int]:
        """The columns, among those not read, whose cells are amounts of money for the most part."""
        filled: Counter[int] = Counter()
        money: Counter[int] = Counter()
        formatted = self.sheet.money_formats(self.header.last, _LOOKED_AT)
        for row in self.below:
            for index, value in enumerate(row.values):
                if index in read or value is None or value == "":
                    continue
                filled[index] += 1
                money[index] += is_money(value) or (
                    isinstance(value, int | float) and index in formatted
                )
        return {index for index, count in filled.items() if money[index] * 2 > count}

    def _recognition(
        self, proposed: Mapping[int, tuple[Proposal, ...]], spread: Sequence[Spread]
    ) -> Recognition:
        texts = {index: self.header.text(index) for index in sorted(self.header.lines)}
        by = {index: each.by for each in spread for index in each.labels}
        headings = tuple(
            self._heading(index, text, proposed.get(index, ()), by.get(index, ""))
            for index, text in texts.items()
        )
        return Recognition(
            self.sheet.name,
            "sheet",
            signature_of("sheet", tuple(texts.values())),
            headings,
            variants_by=spread[0].by if spread else "",
        )

    def _heading(
        self, index: int, text: str, proposed: tuple[Proposal, ...], spread: str
    ) -> Heading:
        samples = tuple(
            dict.fromkeys(shown(value, 40) for value in self.samples.get(index, ())[:30])
        )[:_SAMPLES]
        known = known_header(text)
        column = columns()["pictures"] if index in self.more_pictures else self.columns.get(index)
        if spread:
            state, name = State.READ, "ring_size" if spread == "size" else "alloy_colour"
        elif self.answered.get(index) == IGNORE:
            state, name = State.IGNORED, ""
        elif column is not None:
            state = State.ANSWERED if index in self.answered else State.READ
            name = column.name
        elif known:
            state, name = State.KNOWN, ""
        else:
            state, name = (State.PROPOSED if proposed else State.UNREAD), ""
        return Heading(
            shown(text),
            self._cell(index),
            state,
            name,
            known if not name else "",
            proposed,
            samples,
        )

    def _row(self, index: int) -> int:
        return self.header.rows.get(index, self.header.last)

    def _cell(self, index: int) -> str:
        return address(index + 1, self._row(index))

    def _report(
        self, index: int, fault: Fault, column: str, severity: Severity = Severity.ERROR
    ) -> None:
        text = self.header.text(index) if index in self.header.lines else ""
        self.problems.append(
            Problem(
                fault.code,
                fault.message,
                fault.hint,
                self.sheet.name,
                self._cell(index),
                column,
                shown(text),
                severity,
            )
        )


def _price_not_read(header: str) -> Fault:
    return Fault(
        "price_not_read",
        say("“{header}” looks like a price, and no column is called that", header=shown(header)),
        say(
            "Write the column's own name above it (fixed_price, making, compare_at_price …),"
            " delete it, or have it ignored"
        ),
    )


def _unknown(header: str, proposed: Sequence[Proposal]) -> Fault:
    names = ", ".join(each.column for each in proposed)
    return Fault(
        "unknown_column",
        say("No column is called “{header}”; it is not read", header=shown(header)),
        say("It may be one of these, once you confirm it: {columns}", columns=names)
        if names
        else say("See the template for the columns there are"),
    )


def _not_kept(header: str) -> Fault:
    return Fault(
        "not_kept",
        say("“{header}” is understood, and a catalogue has no place for it", header=shown(header)),
        say("Nothing is to be done; the column is not read"),
    )


def _index_of(cell: str) -> tuple[int, str]:
    letters = cell.rstrip("0123456789")
    return len(letters), letters
