"""A sheet's price in the price book's words."""

from __future__ import annotations

from decimal import Decimal

from catalog_import.drafts import METAL_VALUE, PriceDraft
from storefront_backend.commerce.pricebook import Making, PriceFormula


def price_formula(price: PriceDraft) -> PriceFormula:
    """The formula of a sheet's price: percentages become shares."""
    making = Making.NONE if price.making_kind == METAL_VALUE else Making(price.making_kind)
    return PriceFormula(
        currency=price.currency,
        making=making,
        making_amount=price.making,
        stones=price.stones,
        setting=price.setting,
        finish=price.finish,
        loss=price.loss_percent / Decimal(100),
        margin=price.margin_percent / Decimal(100),
        fixed=price.fixed,
        engraving=price.engraving,
        floor=price.floor,
        ceiling=price.ceiling,
        compare_at=price.compare_at,
    )
