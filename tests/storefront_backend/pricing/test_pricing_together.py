"""A tick among others: readers see the old market until it commits, workers share the markets."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Rate, RateTick, Repricing
from storefront_backend.pricing.repricing import ask
from tests.builders import MARKETS, make_marked_variant, make_shop
from tests.patience import stretched

pytestmark = pytest.mark.django_db(transaction=True)


def tick() -> RateTick:
    make_shop(make_marked_variant())
    Rate.objects.create(
        kind="metal", code="gold", base="CNY", value=Decimal(918), source="test", as_of=wiring.now()
    )
    made = wiring.rate_desk().meet()
    ask(made, MARKETS, "test", wiring.now())
    return made


def elsewhere[Answer](work: Callable[[], Answer]) -> Answer:
    """What another process would see or do: a connection of its own."""

    def alone() -> Answer:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result(timeout=stretched(30))


def prices() -> dict[str, Decimal | None]:
    return dict(Listing.objects.values_list("market", "total"))


def killed_in_the_middle(made: RateTick) -> None:
    with transaction.atomic():
        wiring.repricer(made).work_one()
        raise KeyboardInterrupt


def test_a_reader_sees_the_old_market_until_the_tick_commits() -> None:
    repricer = wiring.repricer(tick())
    before = prices()
    with transaction.atomic():
        market = repricer.work_one().market
        assert elsewhere(prices) == before
    after = elsewhere(prices)
    assert {m for m in MARKETS if after[m] != before[m]} == {market}


def test_two_workers_take_different_markets() -> None:
    made = tick()
    with transaction.atomic():
        mine = wiring.repricer(made).work_one().market
        others = elsewhere(lambda: [work.market for work in wiring.repricer(made).work()])
    assert sorted([mine, *others]) == sorted(MARKETS)


def test_a_market_that_a_killed_worker_held_is_taken_again() -> None:
    made = tick()
    before = prices()
    with pytest.raises(KeyboardInterrupt):
        killed_in_the_middle(made)
    assert prices() == before
    assert len(wiring.repricer(made).work()) == len(MARKETS)
    assert not Repricing.objects.filter(done_at=None).exists()
