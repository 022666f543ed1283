"""What each market says to a piece of a sheet, before anything of it is written.

Pure: the law, the day and what the operator accepts are arguments.

    {"us": {"outcome": "allowed", "reasons": [], "wanted": true},
     "gb": {"outcome": "needs", "reasons": [{"rule", "message", "need", "source", "url"}], …}}

`wanted` says that the piece is meant for the market.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from catalog_import import ProductDraft
from i18n.listing import Finding, Outcome, Verdict, may_list
from i18n.passport import Passport
from i18n.rulebook import Rulebook

_ORDER = tuple(Outcome)
_STOPPING = (Outcome.NEEDS, Outcome.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class DraftVerdicts:
    """Judges pieces in these markets; variants that differ by their size alone are judged once."""

    rulebook: Rulebook
    on: date
    accept_disputed: Collection[str]
    markets: Sequence[str]
    _known: dict[str, Mapping[str, Verdict]] = field(default_factory=dict, repr=False)

    def of(self, product: ProductDraft) -> dict[str, dict[str, Any]]:
        """By market the worst verdict of the piece's variants, and every reason that stops one."""
        judged = [self._of_passport(variant.passport) for variant in product.variants]
        return {
            market: {
                **_together([verdicts[market] for verdicts in judged]),
                "wanted": market in product.markets,
            }
            for market in self.markets
        }

    def _of_passport(self, passport: Passport) -> Mapping[str, Verdict]:
        # No rule asks for the size or the measures; a rule that did would read `passport` here.
        judged = replace(passport, ring_size_mm=None, dimensions_mm={})
        key = repr(judged)
        if key not in self._known:
            self._known[key] = {
                market: may_list(
                    judged,
                    market,
                    self.rulebook,
                    self.on,
                    accept_disputed=self.accept_disputed,
                )
                for market in self.markets
            }
        return self._known[key]


def stops(verdicts: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a market that the piece is meant for stops it."""
    return any(each["wanted"] and each["outcome"] in _STOPPING for each in verdicts.values())


def _together(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    worst = max((each.outcome for each in verdicts), key=_ORDER.index, default=Outcome.ALLOWED)
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            if finding.outcome in _STOPPING:
                reasons.setdefault((finding.rule, finding.message), _reason(finding))
    return {"outcome": worst.value, "reasons": list(reasons.values())}


def _reason(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "message": finding.message,
        "need": finding.need,
        "source": finding.source.title,
        "url": finding.source.url,
    }
