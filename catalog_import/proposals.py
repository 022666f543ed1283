"""Proposes columns for a header that means none: by spelling, and by what the cells look like.

Never applied: a person confirms (`answers`). A price is never proposed by its name alone, since
"wholesale price" and "retail price" are spelt alike and are not worth the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from catalog_import import headers
from catalog_import.cells import Cell, Found, fold, says_nothing
from catalog_import.columns import columns, weak_columns
from catalog_import.problems import Fault
from catalog_import.recognition import Proposal

_MOST = 4
_ALIKE = 72  # of 100: below, spellings are alike by chance
_WORDS = (  # columns whose cells are words of a list: what they read is telling
    "alloy", "kind", "currency", "markets", "origin", "making_kind", "stone_1_kind",
    "stone_1_origin", "fineness", "alloy_colour",
)  # fmt: skip
_URL = re.compile(r"https?://", re.I)
_SIZE = re.compile(r"(?:us|uk|hk|jp|eu|iso|港|美|#)?\s*\d{1,2}(?:[.,]\d)?\s*(?:#|号|½)?", re.I)


def propose(header: str, values: Sequence[Any], taken: Iterable[str]) -> tuple[Proposal, ...]:
    """The columns that the header may mean, best first, without those that are `taken`."""
    free = set(columns()) - set(taken)
    scores: dict[str, tuple[int, set[str]]] = {}

    def add(name: str, score: int, why: str) -> None:
        if name in free:
            before, reasons = scores.get(name, (0, set()))
            scores[name] = (max(before, score) + (8 if reasons - {why} else 0), reasons | {why})

    for column in weak_columns(header):
        add(column.name, 85, "name")
    for name, score in _by_name(header):
        add(name, score, "name")
    for name, score in _by_values(values):
        add(name, score, "values")
    best = sorted(scores.items(), key=lambda each: (-each[1][0], each[0]))[:_MOST]
    return tuple(
        Proposal(name, min(100, score), " ".join(sorted(reasons)))
        for name, (score, reasons) in best
        if score >= _ALIKE
    )


def _by_name(header: str) -> Iterable[tuple[str, int]]:
    parts = headers.parts_of(header) or (header,)
    for part in {header, *parts}:
        folded = fold(part)
        if len(folded) < 2 or len(folded) > 60:
            continue
        close = process.extract(
            folded, _spellings(), scorer=fuzz.WRatio, limit=8, score_cutoff=_ALIKE
        )
        for spelling, score, key in close:
            # WRatio finds a word inside a longer one: 重 is in every weight.
            if len(spelling) * 3 < len(folded) or len(folded) * 3 < len(spelling):
                continue
            yield key.partition("\0")[0], int(score)


@cache
def _spellings() -> dict[str, str]:
    """Each header of each column under a key that names the column: rapidfuzz returns the key."""
    return {
        f"{column.name}\0{header}": header
        for column in columns().values()
        for header in column.headers
    }


def _by_values(values: Sequence[Any]) -> Iterable[tuple[str, int]]:
    said = [value for value in values if value is not None and not _blank(value)]
    if not said:
        return
    for name in _WORDS:
        share = readable(name, said)
        if share >= 0.6:
            yield name, int(60 + 30 * share)
    texts = [value for value in said if isinstance(value, str)]
    if texts and sum(headers.is_money(text) for text in texts) * 2 > len(said):
        yield "fixed_price", 80
    if texts and sum(bool(_SIZE.fullmatch(text.strip())) for text in texts) * 2 > len(said):
        yield "ring_size", 74


def _blank(value: Any) -> bool:
    return isinstance(value, str) and (not value.strip() or says_nothing(value))


def readable(name: str, values: Sequence[Any]) -> float:
    """The share, 0 to 1, of the values that the column reads."""
    column = columns()[name]
    good = 0
    for value in values:
        found = column.parse(Cell(value, terse=True))
        good += (
            not isinstance(found, Fault)
            and (found.value if isinstance(found, Found) else found) is not None
        )
    return good / len(values) if values else 0.0
