"""What a page needs to say a price in full: the landed cost with its lines, and its parts.

A listing holds a price, not the lines behind it: calculating them takes some 20 µs a piece, so they
are made when somebody looks. They add up to the listing's total as long as it was written by the
same rates and rules, and after a change a tick sees to that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from i18n.price_formula import PriceFormula
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.commerce.pricebook import PriceBook, PriceParts


@dataclass(frozen=True, slots=True)
class Till:
    """Calculates for one moment. `book` is called only where somebody sees a formula."""

    costs: LandedCosts
    book: Callable[[], PriceBook]
    now: datetime

    def landed(
        self, market: str, passport: Passport, goods: Money, shipping: Money
    ) -> LandedCost | None:
        """One piece with its delivery; None where the law of this moment refuses it."""
        parcel = Parcel(market, (supply_line("1", passport, goods, 1),), shipping)
        try:
            return self.costs.of(parcel, self.now.date())
        except SaleRefused:
            return None

    def parts(self, market: str, passport: Passport, formula: PriceFormula) -> PriceParts | None:
        """The open formula; None while the rates are too old to say it."""
        try:
            return self.book().price(passport.metals, formula, market, self.now)
        except StaleRates:
            return None

    def stated_before(
        self, market: str, passport: Passport, formula: PriceFormula, shipping: Money
    ) -> Money | None:
        """The landed total at the brand's compare-at price; None where it states none."""
        if formula.compare_at is None:
            return None
        try:
            book = self.book()
            factor = book.factor(formula.currency, market, self.now)
        except StaleRates:
            return None
        goods = book.policies[market].goods(formula.compare_at, factor)
        cost = self.landed(market, passport, goods, shipping)
        return None if cost is None else cost.total
