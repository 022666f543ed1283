"""The market policies that the operator sets in the admin."""

from __future__ import annotations

from collections.abc import Mapping

from storefront_backend.catalog.models import MarketPrices
from storefront_backend.commerce.pricebook import MarketPolicy
from storefront_backend.commerce.rounding import Rounding


def over(defaults: Mapping[str, MarketPolicy]) -> Mapping[str, MarketPolicy]:
    """The defaults, and the operator's own where a market has some."""
    own = {
        row.market: MarketPolicy(
            currency=defaults[row.market].currency,
            markup=row.markup,
            rounding=Rounding(row.rounding),
            cash_step=row.cash_step,
            floor=row.floor,
            ceiling=row.ceiling,
        )
        for row in MarketPrices.objects.filter(market__in=defaults)
    }
    return {**defaults, **own}
