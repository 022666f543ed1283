"""Words that a column does not know, each once: what a mapping page asks a person about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from catalog_import.answers import family
from catalog_import.problems import Problem
from catalog_import.recognition import UnknownValue

_MOST = 200  # more than a person answers


def collect(problems: Iterable[Problem]) -> tuple[UnknownValue, ...]:
    """The unknown words of the problems, the commonest first."""
    counts: Counter[tuple[str, str]] = Counter()
    guesses: dict[tuple[str, str], str] = {}
    for problem in problems:
        if problem.code.startswith("unknown_") and problem.value and problem.sku + problem.product:
            key = (family(problem.column), problem.value)
            counts[key] += 1
            guesses.setdefault(key, problem.guess)
    return tuple(
        UnknownValue(column, value, count, guesses[column, value])
        for (column, value), count in counts.most_common(_MOST)
    )
