"""What keeps a piece out of a market, or lets it in only with a paper."""

from __future__ import annotations

from decimal import Decimal

from i18n.finding import Finding, Outcome
from i18n.passport import Passport, Stone
from i18n.restriction.model import Ban, Paper
from i18n.rulebook.model import Law
from i18n.scope import Scope


def restrictions(passport: Passport, law: Law) -> tuple[Finding, ...]:
    """One finding per ban that hits the piece and per paper that it lacks."""
    found = [
        Finding.by(ban, Outcome.NOT_ALLOWED, f"{ban.title}: {ban.terms.because or ban.note}")
        for ban in law.bans
        if _fits(ban.terms, passport) and _hits(ban.terms, passport)
    ]
    for paper in law.papers:
        missing = paper.terms.paper not in passport.certificates
        if missing and _fits(paper.terms, passport) and _hits(paper.terms, passport):
            found.append(
                Finding.by(
                    paper,
                    Outcome.NEEDS,
                    f"{paper.title}: {paper.terms.paper} is missing.",
                    paper.terms.need,
                )
            )
    for limit in law.limits:
        terms = limit.terms
        if (
            terms.substance in passport.substances
            and terms.paper not in passport.certificates
            and _fits(terms, passport)
        ):
            found.append(
                Finding.by(
                    limit,
                    Outcome.NEEDS,
                    f"{limit.title}: at most {terms.most} {terms.unit}, and the piece declares "
                    f"{terms.substance}.",
                    f"A test report ({terms.paper}) that shows at most {terms.most} {terms.unit}.",
                )
            )
    return tuple(found)


def _fits(scope: Scope, passport: Passport) -> bool:
    part = passport.main_metal
    metal, fineness = ("", 0) if part is None else (part.kind.metal, part.kind.fineness)
    return scope.fits(passport.hs_code, passport.origin, "", "", metal, fineness)


def _hits(rule: Ban | Paper, passport: Passport) -> bool:
    """Whether a stone or a substance of the piece is meant; a rule that names none means all."""
    countries = rule.stone_countries if isinstance(rule, Ban) else ()
    if not (rule.stones or rule.substances or countries):
        return True
    if set(rule.substances) & set(passport.substances):
        return True
    return any(_meant(rule, countries, stone) for stone in passport.stones)


def _meant(rule: Ban | Paper, countries: tuple[str, ...], stone: Stone) -> bool:
    if not (rule.stones or countries):
        return False
    one: Decimal = stone.carat / stone.count
    return (
        (not rule.stones or stone.kind in rule.stones)
        and (not countries or stone.country in countries)
        and (rule.carat_from is None or one >= rule.carat_from)
    )
