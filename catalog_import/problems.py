"""A problem of a sheet: what is wrong, in which cell, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from catalog_import import texts

_LINES = ("message", "hint")


class Severity(StrEnum):
    """Whether a problem holds its product back."""

    ERROR = "error"  # the product is not planned until this is cured
    WARNING = "warning"  # likely a slip; the product goes ahead


@dataclass(frozen=True, slots=True)
class Fault:
    """What a cell's parser found wrong; it does not know where the cell is.

    `guess` is what the cell may have meant, as a cell that would be read; a person confirms it.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault with its place.

    `cell` is the spreadsheet's own address ("D7") and empty where the whole sheet or file is
    meant; `column` is our canonical column name; `value` is the cell's content, shortened;
    `product` and `sku` are empty where the row does not say. `message` and `hint` are English,
    and can be said in other languages (`text`). `guess` is what the cell may have meant.
    """

    code: str
    message: str
    hint: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    product: str = ""
    sku: str = ""
    guess: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it holds its product back."""
        return self.severity is Severity.ERROR

    def text(self, language: str) -> tuple[str, str]:
        """Message and hint in a language of `texts`; else in English."""
        return texts.text(self.message, language), texts.text(self.hint, language)

    def to_json(self) -> dict[str, Any]:
        """Plain values, every key always there; `said` holds what translates message and hint."""
        said = {name: texts.to_json(getattr(self, name)) for name in _LINES}
        return {**asdict(self), "message": str(self.message), "hint": str(self.hint), "said": said}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Problem:
        """The problem that `to_json` wrote, now or before it could be said in other languages."""
        said = raw.get("said") or raw
        lines = {name: texts.from_json(said.get(name, "")) for name in _LINES}
        rest = {
            name: str(raw.get(name, ""))
            for name in ("sheet", "cell", "column", "value", "product", "sku", "guess")
        }
        return cls(raw["code"], **lines, severity=Severity(raw["severity"]), **rest)


@dataclass(frozen=True, slots=True)
class Group:
    """Problems that one answer cures: the same fault of the same value in the same column."""

    first: Problem
    cells: tuple[str, ...]  # the first few
    count: int


_CELLS = 20


def grouped(problems: Iterable[Problem]) -> tuple[Group, ...]:
    """The problems by code, column, severity, value and message, in the order of their first cells.

    One without a value is about its row, and stays alone.
    """
    found: dict[tuple[str, ...], list[Problem]] = {}
    counts: dict[tuple[str, ...], int] = {}
    for n, problem in enumerate(problems):
        key: tuple[str, ...] = (
            problem.code, problem.column, problem.severity, problem.value, problem.sheet,
            problem.message,  # one market's rules may find several faults in one cell
        )  # fmt: skip
        if not problem.value or not problem.cell:
            key = (*key, str(n))
        alike = found.setdefault(key, [])
        counts[key] = counts.get(key, 0) + 1
        if len(alike) < _CELLS:
            alike.append(problem)
    return tuple(
        Group(alike[0], tuple(each.cell for each in alike), counts[key])
        for key, alike in found.items()
    )


def shown(value: object, limit: int = 80) -> str:
    """A cell's value on one short line, for a report."""
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
