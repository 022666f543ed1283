"""What a sheet was recognised as: each header with its column, or with proposals for a person.

The result is plain and can be stored; a mapping page shows it, and answers with `Answers`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from catalog_import.cells import fold


class State(StrEnum):
    """What happens to a column of the sheet."""

    READ = "read"  # its header means a column
    ANSWERED = "answered"  # a person said which column it is
    IGNORED = "ignored"  # a person said that it is not to be read
    KNOWN = "known"  # understood, and a catalogue has no place for it: pictures, notes
    PROPOSED = "proposed"  # not read; it may be one of these
    UNREAD = "unread"  # not read, and not understood


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column that a header may mean; `score` is of 100, `why` is "name", "values" or both."""

    column: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the sheet. `cell` is where its header is; `samples` are values below it."""

    header: str
    cell: str
    state: State
    column: str = ""
    known_as: str = ""
    proposals: tuple[Proposal, ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """Words of a column that mean nothing, in how many cells, and what they may mean."""

    column: str
    value: str
    count: int
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """A sheet as it was understood. `source` is "sheet", or the export that it is ("shopify" …).

    `signature` is the same for every sheet with these headers: answers are kept under it.
    `lacks` are required columns that no header means; some of them can be answered for the file.
    """

    sheet: str
    source: str
    signature: str
    headings: tuple[Heading, ...]
    lacks: tuple[str, ...] = ()
    values: tuple[UnknownValue, ...] = ()
    variants_by: str = ""  # what a row holds several variants of: "size", "colour"

    def with_values(self, values: Iterable[UnknownValue], lacks: Iterable[str]) -> Recognition:
        """The same, with what the rows have shown."""
        return replace(self, values=tuple(values), lacks=tuple(lacks))

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns an equal recognition."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Recognition:
        """The recognition that `to_json` wrote."""
        headings = (
            Heading(
                each["header"],
                each["cell"],
                State(each["state"]),
                each["column"],
                each["known_as"],
                tuple(Proposal(**proposal) for proposal in each["proposals"]),
                tuple(each["samples"]),
            )
            for each in raw["headings"]
        )
        return cls(
            raw["sheet"],
            raw["source"],
            raw["signature"],
            tuple(headings),
            tuple(raw["lacks"]),
            tuple(UnknownValue(**each) for each in raw["values"]),
            raw["variants_by"],
        )


def signature_of(source: str, headers: Sequence[str]) -> str:
    """Which sheets are alike: of the same source, with the same headers, in any order."""
    text = "\n".join([source, *sorted(filter(None, map(fold, headers)))])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
