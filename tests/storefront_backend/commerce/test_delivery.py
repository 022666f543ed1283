"""Which delivery a price holds: one rule for lists, pages and checkouts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from storefront_backend.commerce.delivery import insuring, region_in


@dataclass(frozen=True)
class Way:
    slug: str
    price: Decimal
    insured_up_to: Decimal


def way(slug: str, price: str, cover: str) -> Way:
    return Way(slug, Decimal(price), Decimal(cover))


def test_the_cheapest_that_insures_comes_first_and_the_slug_decides_a_tie() -> None:
    ways = [way("slow", "20", "5000"), way("bare", "5", "100"), way("air", "20", "5000")]
    assert [w.slug for w in insuring(ways, Decimal(1000))] == ["air", "slow"]
    assert [w.slug for w in insuring(reversed(ways), Decimal(100))] == ["bare", "air", "slow"]


def test_nothing_is_offered_above_every_cover() -> None:
    assert insuring([way("air", "20", "5000")], Decimal("5000.01")) == []


@pytest.mark.parametrize(
    ("country", "area", "region"), [("US", "NY", "US-NY"), ("JP", "東京都", ""), ("DE", "", "")]
)
def test_a_region_is_a_code_of_the_country(country: str, area: str, region: str) -> None:
    assert region_in(country, area) == region
