"""An order can be recalculated years later: it keeps its rates, its tick and its rulebook."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Rate
from storefront_backend.commerce.rates import Rates
from storefront_backend.orders.models import Checkout, Order
from tests.builders import make_address, make_shop
from tests.storefront_backend.aftersale.paying import order_paid_in_sandbox, ready_checkout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def test_an_order_keeps_the_rates_the_tick_and_the_rulebook_of_its_quote() -> None:
    variant = make_shop()
    order_paid_in_sandbox(variant)
    kept = Order.objects.get().rates
    tick = wiring.rate_desk().in_force()
    assert kept["goods"] == {variant.sku: Listing.objects.get(variant=variant, market="de").rates}
    assert (kept["tick"], kept["rulebook"]) == (tick.version, wiring.rulebook().version)
    assert Rates.from_json(kept["values"]) == tick


def test_a_held_price_keeps_the_tick_that_it_was_listed_by() -> None:
    variant = make_shop()
    checkout = ready_checkout(variant)
    before = Checkout.objects.get().rates["goods"]
    Listing.objects.filter(variant=variant).update(rates="2026-12-01.newer")
    wiring.checkouts().set_delivery(
        checkout.token,
        email="alice@example.com",
        shipping=make_address("de"),
        billing=None,
        option="",
    )
    assert Checkout.objects.get().rates["goods"] == before


def test_later_rates_change_nothing_about_an_order() -> None:
    order_paid_in_sandbox(make_shop())
    kept = Order.objects.get().rates
    Rate.objects.update(value=Decimal("9.9"))
    assert Order.objects.get().rates == kept


def test_the_operator_reads_them(admin_client: Client) -> None:
    order_paid_in_sandbox(make_shop())
    order = Order.objects.get()
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert order.rates["tick"] in page


def test_a_registration_changes_what_is_charged(settings: Settings) -> None:
    make_shop()
    assert wiring.landed_costs().registrations == frozenset()
    settings.SELLER_REGISTRATIONS = frozenset({"ioss", "US-NY"})
    assert wiring.landed_costs().registrations == {"ioss", "US-NY"}
    settings.SELLER_REGISTRATIONS = frozenset({"iosss"})
    with pytest.raises(ImproperlyConfigured, match="iosss"):
        wiring.landed_costs()


@pytest.mark.parametrize(("market", "rounding"), [("jp", "tens"), ("in", "tens"), ("de", "whole")])
def test_a_markets_rounding_is_data_of_the_market(market: str, rounding: str) -> None:
    make_shop()
    assert wiring.price_book().policies[market].rounding == rounding
