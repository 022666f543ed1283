"""The right to withdraw from a sale by the market's consumer law: may the piece go back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from i18n.law import Source
from i18n.rulebook import Rulebook
from storefront_backend.commerce.checkout import Checkout

# The law's exception for what is made to the buyer's own words.
_PERSONALISED = "personalised"


@dataclass(frozen=True, slots=True)
class WithdrawalRight:
    """Days to withdraw from the contract; 0 where the law gives none.

    `engraved_excepted` says that engraved pieces of this bag are left out of the right.
    """

    days: int
    engraved_excepted: bool
    rule: str
    source: Source


def withdrawal_right(rulebook: Rulebook, checkout: Checkout, on: date) -> WithdrawalRight | None:
    """The withdrawal right of a checkout; None where no rule is on file, which is not a no."""
    for period in rulebook.market(checkout.market).on(on).withdrawals:
        return WithdrawalRight(
            days=period.terms.days,
            engraved_excepted=checkout.is_engraved and _PERSONALISED in period.terms.exceptions,
            rule=period.rule,
            source=period.source,
        )
    return None
