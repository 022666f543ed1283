"""Words in a text about a piece that the piece may not carry in a market.

A term is found as a whole word, whatever its case; in scripts without spaces, anywhere. What the
piece may be called hides the shorter terms inside it: "18K Gold" is not "Gold".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from i18n.law import Period
from i18n.naming.model import Term
from i18n.naming.resolve import naming
from i18n.passport import Passport
from i18n.rulebook.model import Law


@dataclass(frozen=True, slots=True)
class ForbiddenWords:
    """A term as the text writes it, the rule against it, and names that the piece may carry."""

    words: str
    rule: Period[Term]
    instead: tuple[str, ...]


def forbidden_words(
    text: str, language: str, passport: Passport, law: Law
) -> tuple[ForbiddenWords, ...]:
    """What the text may not say of the piece, in the order of the law."""
    names = naming(passport, law)
    instead = tuple(
        rule.terms.term
        for rule in law.terms
        if rule.terms.term in names.names and _speaks(rule.terms, language)
    )
    left = text
    for name in sorted(instead, key=len, reverse=True):
        left = _pattern(name).sub(" ", left)
    left = _FINENESS.sub(" ", left)
    found = []
    for rule in law.terms:
        if rule.terms.term in names.forbidden and _speaks(rule.terms, language):
            hit = _pattern(rule.terms.term).search(left)
            if hit:
                found.append(ForbiddenWords(hit.group(), rule, instead))
    return tuple(found)


# A fineness before the metal's name says how much of it there is.
_FINENESS = re.compile(
    r"\b\d{1,2}[\s-]?(?:kt?|ct|[ck]arat)[\s-]+(?:(?:white|yellow|rose|pink|green)\s+)?\w+",
    re.IGNORECASE,
)


def _speaks(term: Term, language: str) -> bool:
    return not term.languages or language in term.languages


def _pattern(term: str) -> re.Pattern[str]:
    escaped = re.escape(term)
    if term.isascii():
        escaped = rf"\b{escaped}\b"
    return re.compile(escaped, re.IGNORECASE)
