"""What the markets' own rules make of a variant, as problems of the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from catalog_import.drafts import ProductDraft, VariantDraft
from catalog_import.problems import Problem, Severity
from i18n.errors import UnknownCode
from i18n.listing import Outcome, may_list
from i18n.rulebook.model import Rulebook

# An error holds the product back until the market is taken off its list; a need may be met later.
SEVERITY: Mapping[Outcome, Severity] = {
    Outcome.NEEDS: Severity.WARNING,
    Outcome.NOT_ALLOWED: Severity.ERROR,
}


@dataclass(frozen=True, slots=True)
class MarketRules:
    """A rulebook, the day it is asked for, and the disputed rules an operator has accepted."""

    rulebook: Rulebook
    on: date
    accept_disputed: frozenset[str] = frozenset()


def findings(
    rules: MarketRules,
    market: str,
    product: ProductDraft,
    variant: VariantDraft,
    sheet: str,
    cell: str,
) -> Iterator[Problem]:
    """One `market_rule` problem for each finding that asks for something or forbids the piece."""

    def problem(code: str, message: str, hint: str, severity: Severity) -> Problem:
        return Problem(
            code, message, hint, sheet, cell, "markets", market, severity, product.code, variant.sku
        )

    try:
        verdict = may_list(
            variant.passport,
            market,
            rules.rulebook,
            rules.on,
            accept_disputed=rules.accept_disputed,
        )
    except UnknownCode as error:
        yield problem("market_without_rules", error.message, error.hint, Severity.WARNING)
        return
    for finding in verdict.findings:
        if (severity := SEVERITY.get(finding.outcome)) is not None:
            yield problem(
                "market_rule",
                f"{variant.sku} in {market}: {finding.message} ({finding.rule})",
                finding.need or "Take the market off the list of this product",
                severity,
            )
