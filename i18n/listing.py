"""May this piece be listed in that market, under which name, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from i18n.finding import Finding, Outcome
from i18n.hallmark.resolve import marks
from i18n.law import EVERYTHING, State
from i18n.naming.resolve import naming
from i18n.passport import Passport
from i18n.restriction.resolve import restrictions
from i18n.rulebook.model import Law, Rulebook

__all__ = ["Finding", "Outcome", "Verdict", "may_list"]

_ORDER = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of the findings, with all of them.

    `names` are words of legal meaning that the piece may carry here, `forbidden_names` those it may
    not, `statements` what must be said with the name.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    names: tuple[str, ...] = ()
    forbidden_names: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def may_go_live(self) -> bool:
        """Whether nothing is missing and nothing forbids it."""
        return self.outcome in (Outcome.ALLOWED, Outcome.UNDER_NAME)


def may_list(
    passport: Passport,
    market: str,
    rulebook: Rulebook,
    on: date,
    *,
    accept_disputed: Iterable[str] = (),
) -> Verdict:
    """Judge a piece by a market's rules of restriction, hallmark and naming on a day.

    Never raises for what the piece is: every fault becomes a finding, so that a brand sees all at
    once. Raises UnknownCode for an unknown market.
    """
    law = rulebook.market(market).on(on)
    accepted = frozenset(accept_disputed)
    names = naming(passport, law)
    findings = tuple(
        _trusted(finding, accepted)
        for finding in (
            *_dutiable(passport, law),
            *restrictions(passport, law),
            *marks(passport, law),
            *names.findings,
        )
    )
    return Verdict(
        max((finding.outcome for finding in findings), key=_ORDER.index, default=Outcome.ALLOWED),
        findings,
        names.names,
        names.forbidden,
        names.statements,
    )


def _trusted(finding: Finding, accepted: frozenset[str]) -> Finding:
    """A rule that no sale may rely on holds the listing back, whatever it says."""
    held = finding.state is State.UNKNOWN or (
        finding.state is State.DISPUTED
        and EVERYTHING not in accepted
        and finding.rule not in accepted
    )
    if not held or finding.outcome is Outcome.NOT_ALLOWED:
        return finding
    return replace(
        finding,
        message=f"{finding.message} The rule is {finding.state}.",
        need=finding.need or f"An operator must settle or accept {finding.rule}.",
        outcome=Outcome.NEEDS,
    )


def _dutiable(passport: Passport, law: Law) -> tuple[Finding, ...]:
    """No duty can be calculated without an HS code that a duty rule covers, and an origin."""
    if not law.duties:
        return ()
    found: list[Finding] = []
    first = law.duties[0]
    if not passport.hs_code:
        found.append(
            Finding.by(
                first,
                Outcome.NEEDS,
                "The HS code is missing, so no duty can be calculated.",
                "State the HS code, at least six digits.",
            )
        )
    elif not any(
        not duty.terms.add_on and (not duty.terms.hs or passport.hs_code.startswith(duty.terms.hs))
        for duty in law.duties
    ):
        found.append(
            Finding.by(
                first,
                Outcome.NEEDS,
                f"No duty rule covers HS {passport.hs_code}.",
                "Check the HS code.",
            )
        )
    if not passport.origin:
        found.append(
            Finding.by(
                first,
                Outcome.NEEDS,
                "The country of origin is missing, so no duty can be calculated.",
                "State the country of origin.",
            )
        )
    return tuple(found)
