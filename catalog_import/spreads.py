"""Columns that hold one size or one colour each: 10 | 11 | 12 with a quantity or a tick below.

Each filled cell is a variant of its own; a whole number in it is the stock of that variant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_import import alloy_words
from catalog_import.cells import says_nothing, says_yes

_FEWEST = 3  # columns of sizes; fewer may be anything
_FEWEST_COLOURS = 2
_SIZE = re.compile(
    r"(?P<before>us|uk|hk|jp|eu|iso|cn|it|ch|港度|港码|港|美码|美|欧码|欧|日码|日|size|号|#)?\s*[#:：.]?\s*"
    r"(?P<size>\d{1,2}(?:[.]5|½|\s1/2)?)\s*(?P<after>#|号|號|码)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Columns of the sheet, by index, each with the size or colour that its header names."""

    by: str  # "size" or "colour"
    labels: Mapping[int, str]


def find(
    lines: Mapping[int, Sequence[str]],
    samples: Mapping[int, Sequence[Any]],
    undecided: Collection[int],
    taken: Collection[str],
) -> tuple[Spread, ...]:
    """The spread columns among those that no header explains; those of one kind at most."""
    if "ring_size" not in taken:
        sizes = {
            i: label
            for i in undecided
            if (label := _size(lines[i])) and _is_kept(samples.get(i, ()))
        }
        if len(sizes) >= _FEWEST and len(set(sizes.values())) == len(sizes):
            return (Spread("size", sizes),)
    if "alloy_colour" not in taken:
        colours = {
            i: lines[i][-1].strip()
            for i in undecided
            if _is_colour(lines[i][-1]) and _is_kept(samples.get(i, ()))
        }
        if len(colours) >= _FEWEST_COLOURS:
            return (Spread("colour", colours),)
    return ()


def _size(lines: Sequence[str]) -> str:
    found = _SIZE.fullmatch(lines[-1].strip())
    if found is None:
        return ""
    group = lines[0] if len(lines) > 1 else ""
    before = found["before"] or ""
    named = re.search(r"港|hk|美|us|欧|eu|日|jp|uk|英", group, re.I) if not before else None
    word = before if before.lower() not in ("size", "号", "#") else ""
    return f"{word or (named[0] if named else '')} {found['size']}".strip()


def _is_colour(text: str) -> bool:
    parts = alloy_words.parts_of(text)
    return parts.known and bool(parts.colour)


def _is_kept(values: Sequence[Any]) -> bool:
    """Whether the cells tick or count: no price, no weight, no text."""
    return all(quantity(value) is not None for value in values)


def quantity(value: Any) -> int | None:
    """What a cell says of its size: pieces in stock, 0 for a tick without a number; else None."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 1000 and value == int(value) else None
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    return 0 if says_yes(text) or not text or says_nothing(text) else None


def is_there(value: Any) -> bool:
    """Whether a cell says that this size or colour is made."""
    if value is None or value == "" or value is False:
        return False
    return (
        not (
            isinstance(value, str)
            and (not value.strip() or says_nothing(value) or value.strip() == "0")
        )
        and value != 0
    )
