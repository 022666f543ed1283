"""Killed at every step of a payment, then recovered: the shop and the provider agree.

The provider's file is read directly: what it says was charged and refunded is the truth that
orders are held against.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.reconcile import differences
from storefront_backend.commerce.checkout import Checkout
from storefront_backend.commerce.payments import EventKind, PaymentState
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import Order, Transaction
from tests.builders import make_shop, make_variant
from tests.storefront_backend.aftersale.fuse import deaths
from tests.storefront_backend.aftersale.paying import (
    begin,
    ready_checkout,
    stock_of,
)

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_sandbox"),
]
PART = Money(Decimal(100), "EUR")


@pytest.fixture(autouse=True)
def _shop(own_sandbox: None) -> None:
    make_shop()


def a_checkout() -> Checkout:
    """Of the last piece."""
    variant = make_variant(stock=1)
    wiring.lister().relist([variant], ["de"])
    return ready_checkout(variant)


def a_begun_payment() -> Checkout:
    checkout = a_checkout()
    begin(checkout)
    return checkout


def a_paid_payment() -> Checkout:
    checkout = a_begun_payment()
    wiring.sandbox().pay(payment_of(checkout).provider_id)
    return checkout


def a_payment_that_can_become_no_order() -> Checkout:
    checkout = a_paid_payment()
    CheckoutRow.objects.filter(token=checkout.token).update(quote=None)
    return checkout


def an_order() -> Checkout:
    checkout = a_paid_payment()
    settle(checkout)
    return checkout


def payment_of(checkout: Checkout) -> Transaction:
    return Transaction.objects.get(checkout__token=checkout.token)


def number_of(checkout: Checkout) -> str:
    return Order.objects.get(checkout__token=checkout.token).number


def begin_and_pay(checkout: Checkout) -> None:
    session = begin(checkout)
    wiring.sandbox().pay(session.provider_id)
    wiring.payment_desk().settle(session.reference)


def settle(checkout: Checkout) -> None:
    wiring.payment_desk().settle(str(payment_of(checkout).reference))


def hear_of_it_twice(checkout: Checkout) -> None:
    for webhook in wiring.sandbox().deliveries(payment_of(checkout).provider_id, copies=2):
        wiring.payment_desk().read_webhook(webhook)


def be_declined(checkout: Checkout) -> None:
    wiring.sandbox().decide(payment_of(checkout).provider_id, EventKind.FAILED, "declined")
    settle(checkout)


def leave(checkout: Checkout) -> None:
    wiring.payment_desk().give_up(str(payment_of(checkout).reference))


def capture(checkout: Checkout) -> None:
    wiring.payment_desk().capture(number_of(checkout))


def refund(checkout: Checkout) -> None:
    wiring.payment_desk().refund(number_of(checkout), PART, reference="a", reason="scratched")


def recover() -> None:
    """The sweep, twice: the second round finds nothing to mend that the first has left."""
    for _ in range(2):
        wiring.payment_desk().recover(older_than=timedelta(0))


def assert_both_sides_agree(checkout: Checkout) -> None:
    row = CheckoutRow.objects.get(token=checkout.token)
    order = Order.objects.filter(checkout=row).first()
    sandbox, net, held = wiring.sandbox(), Decimal(0), False
    for payment in row.transactions.all():
        theirs = sandbox.look_up(payment.provider_id)
        assert {event.id for event in theirs} == set(
            payment.events.values_list("event_id", flat=True)
        )
        state = sandbox.details(payment.provider_id)["state"]
        held = held or state == PaymentState.AUTHORIZED
        assert payment.state in (state, "refunded" if state == "charged" else state)
        assert not payment.requests.filter(state="asked").exists()
        for event in theirs:
            sign = {EventKind.CHARGED: 1, EventKind.REFUNDED: -1}.get(event.kind, 0)
            net += sign * event.amount.amount
    assert (order is not None) == (net > 0 or held)
    if order is not None:
        assert held or order.paid - order.refunded == net
    sold = order is not None
    promised = 1 if row.state == CheckoutRow.State.PAYING else 0
    variant = row.lines.get().variant
    assert stock_of(variant) == ((0, 0) if sold else (1, promised))


@pytest.mark.parametrize(
    ("prepare", "run", "least"),
    [
        (a_checkout, begin_and_pay, 10),
        (a_paid_payment, hear_of_it_twice, 3),
        (a_payment_that_can_become_no_order, settle, 7),
        (a_begun_payment, be_declined, 4),
        (a_begun_payment, leave, 4),
    ],
    ids=lambda given: getattr(given, "__name__", str(given)),
)
def test_a_payment_killed_at_any_step_is_an_order_with_its_money_or_neither(
    prepare: Callable[[], Checkout], run: Callable[[Checkout], None], least: int
) -> None:
    count = 0
    for checkout in deaths(run, prepare):
        recover()
        assert_both_sides_agree(checkout)
        count += 1
    assert count >= least
    assert list(differences(wiring.sandbox(), wiring.now() - timedelta(days=1))) == []


def test_a_capture_killed_at_any_step_leaves_the_money_held_or_taken_on_both_sides(
    settings: Settings,
) -> None:
    settings.PAYMENT_CAPTURE = "on-fulfilment"
    wiring.sandbox.cache_clear()
    states = []
    for checkout in deaths(capture, an_order):
        recover()
        assert_both_sides_agree(checkout)
        states.append(payment_of(checkout).state)
    assert set(states) == {"authorized", "charged"}
    assert states == sorted(states)


def test_a_refund_killed_at_any_step_is_made_once_on_both_sides_or_not_at_all() -> None:
    refunded = []
    for checkout in deaths(refund, an_order):
        recover()
        assert_both_sides_agree(checkout)
        refunded.append(Order.objects.get(checkout__token=checkout.token).refunded)
    assert set(refunded) == {Decimal(0), PART.amount}
    assert refunded == sorted(refunded)
