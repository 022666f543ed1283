"""A ring's size in the shopper's own system, with its neighbours."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from i18n.rulebook import load_rulebook
from storefront_backend.web.finger import sizes, system_of
from tests.builders import make_passport

BOOK = load_rulebook()


def a_ring(around: str | None = "54.4") -> SimpleNamespace:
    from decimal import Decimal

    mm = None if around is None else Decimal(around)
    return SimpleNamespace(
        passport=make_passport(ring_size_mm=mm), ring_size_label="7", ring_size_system="us"
    )


@pytest.mark.parametrize(
    ("market", "said"),
    [
        ("us", "US 7 · EU 54 · JP 14"),
        ("de", "EU 54 · US 7 · JP 14"),
        ("jp", "JP 14 · US 7 · EU 54"),
        ("gb", "UK N½ · US 7 · EU 54 · JP 14"),
        ("hk", "HK 15 · US 7 · EU 54 · JP 14"),
        ("it", "IT 14 · US 7 · EU 54 · JP 14"),
    ],
)
def test_the_markets_own_system_comes_first(market: str, said: str) -> None:
    assert sizes(a_ring(), BOOK.market(market).market) == said


def test_a_ring_without_a_measure_keeps_the_houses_label() -> None:
    assert sizes(a_ring(None), BOOK.market("de").market) == "US 7"


@pytest.mark.parametrize("market", [each.code for each in BOOK.markets])
def test_every_market_has_a_system(market: str) -> None:
    assert system_of(BOOK.market(market).market)
