"""The terms of a sale by the market's consumer law: may the shopper return the piece?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from i18n.law import Source
from i18n.rulebook import Rulebook
from storefront_backend.commerce.checkout import Checkout

# The law's exception for what is made to the buyer's own words.
_PERSONALISED = "personalised"


@dataclass(frozen=True, slots=True)
class Terms:
    """Days to withdraw from the contract; 0 where the law gives none.

    `engraved_excepted` says that engraved pieces of this bag are left out of the right.
    """

    days: int
    engraved_excepted: bool
    rule: str
    source: Source


def terms_of(rulebook: Rulebook, checkout: Checkout, on: date) -> Terms | None:
    """The withdrawal right of a checkout; None where no rule is on file, which is not a no."""
    for period in rulebook.market(checkout.market).on(on).withdrawals:
        return Terms(
            days=period.terms.days,
            engraved_excepted=checkout.is_engraved and _PERSONALISED in period.terms.exceptions,
            rule=period.rule,
            source=period.source,
        )
    return None
