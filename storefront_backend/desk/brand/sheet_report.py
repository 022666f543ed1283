"""A run's report (pricing.import_report) in the order and the words of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_import import Problem
from storefront_backend.desk.words import WORDS

# As catalog_import.plan.Difference writes them: "variants[RING-1-52].passport.metals[0].grams".
_OF_VARIANT = re.compile(r"variants\[(.+?)\](?:\.([a-z].*))?")
_CELLS = 6
_BY_LANGUAGE = ("names", "descriptions")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changes; `whole` is "new" or "gone" where it is a variant itself."""

    sku: str
    field: str
    before: str
    after: str
    whole: str = ""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What the check of a sheet found; empty while there is none."""

    counts: Mapping[str, int]
    errors: tuple[Mapping[str, Any], ...]
    warnings: tuple[Mapping[str, Any], ...]
    moves: tuple[Mapping[str, str], ...]
    held: tuple[str, ...]
    truncated: bool
    sheets: tuple[Mapping[str, Any], ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether applying it would write a piece."""
        return any(self.counts[each] for each in ("create", "update", "withdraw"))


def report_of(raw: Mapping[str, Any], language: str = "en") -> SheetReport | None:
    """The report as it was kept, told in a language; None before the first check is through."""
    if "counts" not in raw:
        return None
    problems = [_told(each, language) for each in raw.get("groups") or raw["problems"]]
    return SheetReport(
        counts=raw["counts"],
        errors=tuple(each for each in problems if each["severity"] == "error"),
        warnings=tuple(each for each in problems if each["severity"] != "error"),
        sheets=tuple(_columns(sheet) for sheet in raw.get("recognition", ())),
        moves=tuple(raw["moves"]),
        held=tuple(raw["held"]),
        truncated=raw["truncated"],
    )


def _told(problem: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """A problem, or a group of alike ones, with its message and hint in the language."""
    message, hint = Problem.from_json(problem).text(language)
    cells = problem.get("cells") or [problem["cell"]]
    count = problem.get("count", 1)
    more = count - len(cells[:_CELLS])
    return {**problem, "message": message, "hint": hint, "cells": cells[:_CELLS], "more": more}


def _columns(sheet: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a sheet's headers were taken for: those that are read first."""
    headings = sorted(sheet["headings"], key=lambda each: not each["column"])
    return {"name": sheet["sheet"], "source": sheet["source"], "headings": headings}


def lines_of(differences: Iterable[Sequence[Any]]) -> Iterable[Line]:
    """What changes of a piece, each [field, before, after], in words."""
    for field, before, after in differences:
        found = _OF_VARIANT.fullmatch(field)
        sku, path = found.groups() if found else ("", field)
        if path is None:
            yield Line(sku, "", "", "", "new" if before is None else "gone")
            continue
        yield Line(sku, _field(path), _value(before), _value(after))


def _field(path: str) -> str:
    """A word for the path's last name; without one the path itself."""
    names = re.sub(r"\[\d+\]", "", path).replace("variants order", "order").split(".")
    if names[0] in _BY_LANGUAGE and len(names) == 2:
        return f"{WORDS['field'][names[0]]} ({names[1]})"
    return str(WORDS["field"].get(names[-1], path))


def _value(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
