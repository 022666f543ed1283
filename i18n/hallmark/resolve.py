"""Which marks and standards a piece fails to meet."""

from __future__ import annotations

from i18n.finding import Finding, Outcome
from i18n.passport import MetalPart, Passport
from i18n.rulebook.model import Law
from i18n.scope import Scope


def marks(passport: Passport, law: Law) -> tuple[Finding, ...]:
    """One finding per mark that is missing and per alloy that is no legal standard."""
    found: list[Finding] = []
    for mark in law.marks:
        terms = mark.terms
        if not terms.accepted or not any(_fits(terms, passport, part) for part in passport.metals):
            continue
        # The assay offices weigh all metal of the piece, not the marked metal alone.
        heavy = terms.from_grams is None or passport.grams >= terms.from_grams
        heavier = terms.over_grams is None or passport.grams > terms.over_grams
        if heavy and heavier and not set(terms.accepted) & set(passport.hallmarks):
            found.append(
                Finding.by(
                    mark,
                    Outcome.NEEDS,
                    f"{mark.title}: {passport.grams} g of metal carries none of "
                    f"{', '.join(terms.accepted)}.",
                    terms.need or f"One of the marks {', '.join(terms.accepted)}.",
                )
            )
    for standard in law.standards:
        least, legal = standard.terms.least, standard.terms.finenesses
        for part in passport.metals:
            fineness = part.kind.fineness
            if not _fits(standard.terms, passport, part):
                continue
            if (least is not None and fineness < least) or (legal and fineness not in legal):
                found.append(
                    Finding.by(
                        standard,
                        Outcome.NOT_ALLOWED,
                        f"{part.alloy} ({fineness}) is no legal standard here: "
                        + (f"at least {least}." if least is not None else f"one of {legal}."),
                    )
                )
    return tuple(found)


def _fits(scope: Scope, passport: Passport, part: MetalPart) -> bool:
    return scope.fits(
        passport.hs_code, passport.origin, "", "", part.kind.metal, part.kind.fineness
    )
