"""What a brand's goods prices would be at other metal prices. Nothing is written.

The query is that of a real tick (pricing.repricing_sql), so a preview and the tick that follows
reach the same cent: formula, floor and ceiling, mark-up, exchange and rounding are the tick's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection

from i18n.money import Money
from storefront_backend.commerce.pricebook import PriceBook
from storefront_backend.pricing.repricing import home_rates
from storefront_backend.pricing.repricing_sql import moves_statement

_OF_THE_BRAND = """
    AND l.variant_id IN (SELECT id FROM catalog_productvariant WHERE brand_id = %s AND is_active)
"""
_SUMMARY = """
    SELECT count(*), min(goods / old_goods - 1), max(goods / old_goods - 1),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY goods / old_goods - 1),
           count(*) FILTER (WHERE bound = 'floor'), count(*) FILTER (WHERE bound = 'ceiling')
    FROM ({moves}) AS moves
"""


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A live goods price now and at the other rates; `bound` is floor, ceiling or empty."""

    old: Money
    new: Money
    bound: str

    @property
    def share(self) -> Decimal:
        """0.1 for +10 %."""
        return self.new.amount / self.old.amount - 1


@dataclass(frozen=True, slots=True)
class MarketMove:
    """The moves of all live prices of a brand in a market, as shares: 0.1 for +10 %.

    `at_floor` and `at_ceiling` count the prices that the brand's own bounds hold.
    """

    market: str
    listings: int
    lowest: Decimal
    middle: Decimal
    highest: Decimal
    at_floor: int
    at_ceiling: int


def at_other_metals(book: PriceBook, percents: Mapping[str, Decimal]) -> PriceBook:
    """The book with each named metal dearer by so many per cent, cheaper below zero."""
    metals = {
        metal: replace(rate, value=rate.value * (1 + percents.get(metal, Decimal(0)) / 100))
        for metal, rate in book.rates.metals.items()
    }
    return replace(book, rates=replace(book.rates, metals=metals))


@dataclass(frozen=True, slots=True)
class MetalPreview:
    """One brand's prices by a price book that need not be in force."""

    brand_id: int
    book: PriceBook
    now: datetime

    def market(self, market: str) -> MarketMove | None:
        """All live prices of a market; None where none is live. Raises StaleRates."""
        moves, parameters = self._moves(market)
        if not moves:
            return None
        with connection.cursor() as cursor:
            cursor.execute(_SUMMARY.format(moves=moves), parameters)
            count, lowest, highest, middle, floors, ceilings = cursor.fetchone()
        if not count:
            return None
        return MarketMove(market, count, lowest, middle, highest, floors, ceilings)

    def pieces(self, market: str, variant_ids: Sequence[int]) -> dict[int, PriceMove]:
        """The moves of these variants, where they are live in the market. Raises StaleRates."""
        moves, parameters = self._moves(market)
        if not moves:
            return {}
        currency = self.book.policies[market].currency
        with connection.cursor() as cursor:
            cursor.execute(f"{moves} AND l.variant_id = ANY(%s)", [*parameters, list(variant_ids)])
            return {
                variant: PriceMove(Money(old, currency), Money(goods, currency), bound)
                for variant, old, bound, goods in cursor.fetchall()
            }

    def _moves(self, market: str) -> tuple[str, list[str | Decimal | int]]:
        """The query and its parameters; empty where nothing has a price or the market no rate."""
        if not self.book.has_rate(market):
            return "", []
        rates = home_rates(self.book, market, self.now)
        if not rates:
            return "", []
        statement, parameters = moves_statement(self.book.policies[market], rates, market)
        return statement + _OF_THE_BRAND, [*parameters, self.brand_id]
