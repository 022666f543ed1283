"""A market whose currency has no rate yet is not listed, and holds up no other."""

from __future__ import annotations

import pytest

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Repricing
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.pricing.repricing import ask
from tests.builders import MARKETS, make_marked_variant, make_product, make_shop

pytestmark = pytest.mark.django_db

WITHOUT_RATE = "kr"  # the builders' rates hold no won


def test_listing_leaves_it_out_and_lists_the_others() -> None:
    variant = make_shop(make_marked_variant(make_product(markets=[*MARKETS, WITHOUT_RATE])))
    Listing.objects.all().delete()
    assert wiring.lister().relist([variant], [*MARKETS, WITHOUT_RATE]) == len(MARKETS)
    assert set(variant.listings.values_list("market", flat=True)) == set(MARKETS)


def test_listing_there_alone_says_which_rate_is_missing() -> None:
    variant = make_shop(make_marked_variant())
    with pytest.raises(StaleRates, match=WITHOUT_RATE):
        wiring.lister().relist([variant], [WITHOUT_RATE])


def test_a_tick_of_the_rates_passes_it_by_and_reaches_the_others() -> None:
    make_shop(make_marked_variant())
    tick = wiring.rate_desk().last_accepted()
    assert tick is not None
    Repricing.objects.all().delete()
    ask(tick, [WITHOUT_RATE, *MARKETS], "test", wiring.now())
    done = {work.market: work.looked_at for work in wiring.repricer(tick).work()}
    assert set(done) == {WITHOUT_RATE, *MARKETS}
    assert not done[WITHOUT_RATE]
    assert all(done[market] for market in MARKETS)
