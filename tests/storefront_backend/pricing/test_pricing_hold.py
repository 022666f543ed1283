"""A checkout holds its price while the gold moves, until its quote runs out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Rate
from storefront_backend.commerce.checkout import Checkout, LineRequest, OpenCheckout
from storefront_backend.commerce.errors import NotListed
from storefront_backend.selling.checkout import EmbeddedCheckouts
from tests.builders import MARKETS, make_address, make_marked_variant, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_markets(settings: object) -> None:
    settings.MARKETS = list(MARKETS)  # type: ignore[attr-defined]  # pytest-django's


def engine(later: timedelta = timedelta(0)) -> EmbeddedCheckouts:
    """The shop's checkouts, as they behave so much later."""
    now: Callable[[], datetime] = lambda: wiring.now() + later  # noqa: E731
    return replace(wiring._our_checkouts(), now=now)


def opened(sku: str) -> Checkout:
    return engine().open(
        OpenCheckout(market="de", language="en", lines=(LineRequest(sku, quantity=1),))
    )


def addressed(of: EmbeddedCheckouts, checkout: Checkout) -> Checkout:
    return of.set_delivery(
        checkout.token, email="alice@example.com", shipping=make_address("de"), billing=None,
        option="",
    )  # fmt: skip


def gold_rises(share: str = "0.02") -> None:
    last = Rate.objects.filter(code="gold").latest("as_of")
    Rate.objects.create(
        kind="metal", code="gold", base="CNY", source="test", as_of=wiring.now(),
        value=last.value * (1 + Decimal(share)),
    )  # fmt: skip
    call_command("reprice", verbosity=0)


def test_an_open_checkout_keeps_its_price_when_gold_rises() -> None:
    checkout = opened(make_shop(make_marked_variant()).sku)
    gold_rises()
    assert Listing.objects.get(market="de").goods > checkout.lines[0].unit_price.amount
    after = addressed(engine(timedelta(minutes=20)), checkout)
    assert after.lines[0].unit_price == checkout.lines[0].unit_price
    assert after.quote.expires_at == checkout.quote.expires_at


def test_a_change_of_lines_keeps_the_price_of_what_stays() -> None:
    ring, bangle = make_marked_variant(), make_marked_variant()
    checkout = opened(make_shop(ring, bangle).sku)
    gold_rises()
    changed = engine().set_lines(
        checkout.token, (LineRequest(ring.sku, 2), LineRequest(bangle.sku, 1))
    )
    stayed, came = changed.lines
    assert stayed.unit_price == checkout.lines[0].unit_price
    assert came.unit_price > stayed.unit_price


def test_after_its_expiry_a_checkout_costs_what_is_listed() -> None:
    checkout = opened(make_shop(make_marked_variant()).sku)
    gold_rises()
    later = engine(timedelta(minutes=31))
    after = addressed(later, checkout)
    assert after.lines[0].unit_price.amount == Listing.objects.get(market="de").goods
    assert after.quote.expires_at > later.now()
    assert after.quote.total > checkout.quote.total


def test_a_piece_that_went_off_sale_meanwhile_is_named() -> None:
    variant = make_shop(make_marked_variant())
    checkout = opened(variant.sku)
    Listing.objects.update(is_live=False)
    with pytest.raises(NotListed, match=f"{variant.sku} is no longer for sale"):
        addressed(engine(timedelta(minutes=31)), checkout)
    assert engine().get(checkout.token).lines == checkout.lines
