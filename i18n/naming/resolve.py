"""What a piece may be called in a market and what must be said with the name."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.finding import Finding, Outcome
from i18n.naming.model import Statement
from i18n.passport import Passport, Stone
from i18n.rulebook.model import Law

_UNTREATED = ("", "none")


@dataclass(frozen=True, slots=True)
class Names:
    """Words that the piece may carry, words it may not, and statements it must."""

    names: tuple[str, ...]
    forbidden: tuple[str, ...]
    statements: tuple[str, ...]
    findings: tuple[Finding, ...]


def naming(passport: Passport, law: Law) -> Names:
    """The names of a piece by its main metal, plating and stones."""
    part = passport.main_metal
    metal, fineness = ("", 0) if part is None else (part.kind.metal, part.kind.fineness)
    names: list[str] = []
    forbidden: list[str] = []
    said: list[str] = []
    found: list[Finding] = []
    for term in law.terms:
        terms = term.terms
        if terms.metals and metal not in terms.metals:
            continue
        if terms.fits(passport.hs_code, passport.origin, "", "", metal, fineness) and (
            not terms.plating or passport.plating in terms.plating
        ):
            names.append(terms.term)
            found.append(Finding.by(term, Outcome.ALLOWED, f"May be called {terms.term}."))
        else:
            forbidden.append(terms.term)
            found.append(
                Finding.by(
                    term,
                    Outcome.UNDER_NAME,
                    f"May not be called {terms.term} here: {term.title}.",
                )
            )
    for statement in law.statements:
        terms_ = statement.terms
        if terms_.fits(
            passport.hs_code, passport.origin, "", "", metal, fineness
        ) and _must_be_said(terms_, passport):
            said.append(terms_.say)
            found.append(Finding.by(statement, Outcome.UNDER_NAME, f"Must say: {terms_.say}"))
    return Names(tuple(names), tuple(forbidden), tuple(said), tuple(found))


def _must_be_said(statement: Statement, passport: Passport) -> bool:
    if statement.plating and passport.plating not in statement.plating:
        return False
    if not (statement.stones or statement.stone_origin or statement.treatments):
        return True
    return any(_concerns(statement, stone) for stone in passport.stones)


def _concerns(statement: Statement, stone: Stone) -> bool:
    treated = stone.treatment not in _UNTREATED
    return (
        (not statement.stones or stone.kind in statement.stones)
        and (not statement.stone_origin or stone.origin.value in statement.stone_origin)
        and (
            not statement.treatments
            or stone.treatment in statement.treatments
            or ("*" in statement.treatments and treated)
        )
    )
