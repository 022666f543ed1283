"""A rule that begins on a day takes listings off sale on that day, and binds the checkout at once.

Saudi Arabia asks for its stamp since 2025-10-11 (i18n/rulebook/sa/hallmark.toml).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, ProductVariant, Rate, ShippingMethod
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.errors import NotListed
from storefront_backend.jobs.listing import follow_law
from tests.builders import make_product, make_rates, make_variant

pytestmark = pytest.mark.django_db

THE_DAY_BEFORE = datetime(2025, 10, 10, 12, tzinfo=UTC)
THE_DAY = datetime(2025, 10, 11, 0, 1, tzinfo=UTC)


def move_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for room in (wiring, wiring.pricing):
        monkeypatch.setattr(room, "now", lambda: now)


@pytest.fixture
def variant(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> ProductVariant:
    """On sale in Saudi Arabia on the day before."""
    settings.MARKETS = ["sa"]
    move_clock(monkeypatch, THE_DAY_BEFORE)
    make_rates()
    Rate.objects.create(
        kind="exchange", code="SAR", base="CNY", value=Decimal("0.52"), source="builder",
        as_of=THE_DAY_BEFORE,
    )  # fmt: skip
    ShippingMethod.objects.create(
        market="sa", slug="insured", carrier="SF", currency="SAR", price=20,
        insured_up_to=1_000_000, min_days=3, max_days=5,
    )  # fmt: skip
    made = make_variant(make_product(markets=["sa"]))
    follow_law()
    return made


def test_a_rule_that_begins_today_takes_the_listing_off_sale(
    variant: ProductVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Listing.objects.get().is_live
    move_clock(monkeypatch, THE_DAY)
    assert follow_law() == 1
    listing = Listing.objects.select_related("ruling").get()
    assert not listing.is_live
    assert [each["rule"] for each in listing.verdict["findings"]] == ["sa.hallmark.stamp"]


def test_the_checkout_goes_by_the_rule_before_the_listing_does(
    variant: ProductVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = OpenCheckout("sa", "en", (LineRequest(variant.sku, 1),))
    checkout = wiring.checkouts().open(request)
    move_clock(monkeypatch, THE_DAY)
    for attempt in (
        lambda: wiring.checkouts().open(request),
        lambda: wiring.checkouts().set_lines(checkout.token, request.lines),
    ):
        with pytest.raises(NotListed, match=r"sa\.hallmark\.stamp"):
            attempt()
    assert Listing.objects.get().is_live
