"""What a person has answered about a sheet beside the sheet itself: kept, and applied again.

Nothing here is guessed: `recognition` proposes, a person answers, and the check takes the answer as
if the sheet had said it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_import.cells import fold

IGNORE = "ignore"
# What may be said once for a whole file. A cell of the sheet comes first.
DEFAULTS = (
    "currency", "markets", "kind", "alloy", "fineness", "alloy_colour", "origin", "collection",
    "ring_size_system", "made_to_order_days", "making_kind", "hs_code", "finish", "plating",
    "hallmarks",
)  # fmt: skip
_NUMBERED = re.compile(r"^(stone)_\d+_|^(alloy)_\d+$")


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's answers for one kind of sheet.

    `columns`: a header as it is written → a column's name, or "ignore". `values`: a column →
    a cell's words → words that the column reads; those of alloy hold for alloy_2, and those of
    `stone_kind` for every stone. `defaults`: a column of DEFAULTS → what its cells would say.
    `name_language`: the language of names and descriptions whose header does not say it.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    name_language: str = ""

    def column(self, header: str) -> str:
        """The answer for a header: a column's name, "ignore", or "" where there is none."""
        folded = fold(header)
        if not self.columns or not folded:
            return ""
        return self.columns.get(header) or next(
            (name for said, name in self.columns.items() if fold(said) == folded), ""
        )

    def value(self, column: str, word: str) -> str:
        """What a cell's words stand for in that column, or the words themselves."""
        said = self.values.get(family(column))
        if not said:
            return word
        if word in said:
            return said[word]
        folded = fold(word)
        return next((code for known, code in said.items() if fold(known) == folded), word)

    def with_(self, other: Answers) -> Answers:
        """Both; where they differ, the other's."""
        values = {
            name: {**self.values.get(name, {}), **other.values.get(name, {})}
            for name in (*self.values, *other.values)
        }
        return Answers(
            {**self.columns, **other.columns},
            values,
            {**self.defaults, **other.defaults},
            other.name_language or self.name_language,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns equal answers."""
        return {
            "columns": dict(self.columns),
            "values": {name: dict(said) for name, said in self.values.items()},
            "defaults": dict(self.defaults),
            "name_language": self.name_language,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Answers:
        """The answers that `to_json` wrote; what is not there is not answered."""
        return cls(
            _words(raw.get("columns")),
            {str(name): _words(said) for name, said in (raw.get("values") or {}).items()},
            _words(raw.get("defaults")),
            str(raw.get("name_language") or ""),
        )


def family(column: str) -> str:
    """The name under which a column's words are answered: stone_2_kind as stone_kind."""
    match = _NUMBERED.match(column)
    if match is None:
        return column
    return column.replace(match[0], "stone_", 1) if match[1] else "alloy"


def _words(raw: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (raw or {}).items() if value not in (None, "")}
