"""A sheet's recognition as questions, and a form's answers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from catalog_import import Answers, Recognition
from catalog_import.answers import DEFAULTS, IGNORE
from catalog_import.columns import columns
from catalog_import.recognition import State
from catalog_import.texts import text
from i18n.locales import LANGUAGES

_OPEN = (State.PROPOSED, State.UNREAD)
_MOST = 200  # characters of an answer


def choices(language: str) -> list[dict[str, str]]:
    """Every column with what it is, for a list to choose from."""
    return [
        {"name": name, "note": text(column.note, language)} for name, column in columns().items()
    ]


def questions(sheet: Recognition, answers: Answers) -> dict[str, Any]:
    """What of a sheet is open, and what has been understood; open columns first."""
    headings = [
        {
            "header": each.header,
            "cell": each.cell,
            "state": each.state.value,
            "is_open": each.state in _OPEN,
            "chosen": IGNORE if each.state is State.IGNORED else each.column,
            "proposals": [proposal.column for proposal in each.proposals],
            "samples": each.samples,
            "index": index,
        }
        for index, each in enumerate(sheet.headings)
    ]
    return {
        "name": sheet.sheet,
        "source": sheet.source,
        "headings": sorted(headings, key=lambda each: not each["is_open"]),
        "values": sheet.values,
        "defaults": [
            {
                "name": name,
                "value": answers.defaults.get(name, ""),
                "is_missing": name in sheet.lacks,
                "choices": columns()[name].choices,
            }
            for name in sorted(DEFAULTS, key=lambda name: name not in sheet.lacks)
        ],
    }


def answers_of(form: QueryDict, sheets: list[Recognition]) -> Answers:
    """What was answered; a question left as it was says nothing."""
    known = columns()
    chosen: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for n, sheet in enumerate(sheets):
        for m, heading in enumerate(sheet.headings):
            name = form.get(f"column-{n}-{m}", "")
            before = IGNORE if heading.state is State.IGNORED else heading.column
            if name and name != before and (name == IGNORE or name in known):
                chosen[heading.header] = name
        for m, unknown in enumerate(sheet.values):
            said = form.get(f"value-{n}-{m}", "").strip()[:_MOST]
            if said:
                values.setdefault(unknown.column, {})[unknown.value] = said
    language = form.get("name_language", "")
    return Answers(chosen, values, dict(_defaults(form)), language if language in LANGUAGES else "")


def _defaults(form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in DEFAULTS:
        said = str(form.get(f"default-{name}", "")).strip()[:_MOST]
        if said:
            yield name, said
