"""Unpaid checkouts expire and release their reservations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from storefront_backend import wiring
from storefront_backend.catalog.models import Stock
from storefront_backend.commerce.errors import CheckoutClosed, LimitReached
from storefront_backend.commerce.payments import EventKind
from storefront_backend.orders.models import Checkout, Reservation, Transaction
from storefront_backend.selling.abandoned import purge_abandoned_checkouts
from tests.builders import make_shop, make_variant
from tests.storefront_backend.api.asking import ask
from tests.storefront_backend.api.test_orders import CREATE, ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
LATER = timedelta(days=31)


def purge(after: timedelta = LATER) -> int:
    return purge_abandoned_checkouts(wiring.now() + after)


def begin(token: str) -> Transaction:
    shop = settings.PUBLIC_URL
    session = wiring.payment_desk().begin(token, return_url=shop, cancel_url=shop)
    return Transaction.objects.get(reference=session.reference)


def begin_and_leave(token: str) -> None:
    """A payment that holds the pieces, and comes to nothing."""
    wiring.payment_desk().give_up(str(begin(token).reference))


def test_a_checkout_that_was_left_is_deleted_after_its_time() -> None:
    ready(make_shop().sku)
    assert purge(timedelta(days=29)) == 0
    assert purge() == 1
    assert not Checkout.objects.exists()


def test_a_checkout_with_a_failed_payment_is_closed_and_names_nobody() -> None:
    token = ready(make_shop().sku)
    begin_and_leave(token)
    assert purge() == 1
    left = Checkout.objects.get()
    assert (left.state, left.email, left.shipping_address) == ("abandoned", "", None)
    assert "alice" not in str(Transaction.objects.get().request)
    with pytest.raises(CheckoutClosed):
        begin(token)
    assert purge() == 0


def test_a_checkout_with_money_or_an_order_is_left_alone() -> None:
    variant = make_shop()
    under_way, paid = ready(variant.sku), ready(variant.sku)
    begin(under_way)
    wiring.sandbox().decide(begin(paid).provider_id, EventKind.CHARGED)
    wiring.payment_desk().settle(str(Transaction.objects.filter(checkout__token=paid)[0].reference))
    Checkout.objects.filter(token=under_way).update(state=Checkout.State.OPEN)
    Reservation.objects.all().delete()
    assert purge() == 0
    assert Checkout.objects.count() == 2


def test_a_checkout_holds_its_pieces_a_few_times_a_day(settings) -> None:
    settings.HOLDS_A_CHECKOUT = 2
    token = ready(make_shop(make_variant(stock=1)).sku)
    for _ in range(2):
        begin_and_leave(token)
    with pytest.raises(LimitReached):
        begin(token)
    assert Stock.objects.get().reserved == 0
    Transaction.objects.update(created_at=wiring.now() - timedelta(hours=25))
    assert begin(token)


def test_new_checkouts_of_a_client_hold_the_same_pieces_no_longer(settings) -> None:
    settings.HOLDS_A_CLIENT = 2
    variant, other = make_variant(), make_variant()
    make_shop(variant, other)
    for _ in range(2):
        begin_and_leave(ready(variant.sku))
    with pytest.raises(LimitReached):
        begin(ready(variant.sku))
    assert begin(ready(other.sku))


def test_a_client_opens_so_many_checkouts_an_hour(settings) -> None:
    settings.CHECKOUTS_A_CLIENT = 2
    sku = make_shop().sku
    opened = [ask(CREATE, lines=[{"sku": sku}]) for _ in range(3)]
    assert [each["errors"] for each in opened[:2]] == [[], []]
    assert opened[2]["errors"][0]["code"] == "limit_reached"
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert ask(CREATE, elsewhere, lines=[{"sku": sku}])["errors"] == []


def test_a_row_keeps_no_address_of_its_client() -> None:
    ask(CREATE, lines=[{"sku": make_shop().sku}])
    assert len(Checkout.objects.get().client) == 32
    assert "127.0.0.1" not in Checkout.objects.get().client
