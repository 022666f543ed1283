"""Captures, refunds and disputes of orders: the shop's rows follow the provider's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest, ProviderUnavailable
from storefront_backend.commerce.payments import EventKind
from storefront_backend.orders.models import Order, Transaction, TransactionRequest
from tests.builders import make_shop
from tests.storefront_backend.aftersale.paying import order_paid_in_sandbox, payment_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PART = Money(Decimal("100.50"), "EUR")


@pytest.fixture
def _capture_later(settings: Settings, own_sandbox: None) -> None:
    settings.PAYMENT_CAPTURE = "on-fulfilment"


@pytest.mark.usefixtures("_capture_later")
def test_held_money_makes_an_order_and_is_taken_when_asked_for_once() -> None:
    order = order_paid_in_sandbox(make_shop())
    assert payment_of(order).state == Transaction.State.AUTHORIZED
    desk = wiring.payment_desk()
    assert desk.capture(order.number) == desk.capture(order.number) == order.paid
    assert payment_of(order).charged == order.paid.amount
    assert [e.kind for e in wiring.sandbox().look_up(payment_of(order).provider_id)] == [
        EventKind.AUTHORIZED,
        EventKind.CHARGED,
    ]


@pytest.mark.usefixtures("_capture_later")
def test_a_part_of_held_money_is_taken_and_the_order_stays() -> None:
    order = order_paid_in_sandbox(make_shop())
    assert wiring.payment_desk().capture(order.number, PART) == PART
    wiring.payment_desk().recover(older_than=timedelta(0))
    assert (payment_of(order).state, payment_of(order).charged) == ("charged", PART.amount)
    assert Order.objects.get().flag == ""


@pytest.mark.usefixtures("_capture_later")
def test_more_than_is_held_is_not_taken() -> None:
    order = order_paid_in_sandbox(make_shop())
    with pytest.raises(InvalidRequest):
        wiring.payment_desk().capture(order.number, order.paid + PART)
    assert not TransactionRequest.objects.exists()


@pytest.mark.usefixtures("_capture_later")
def test_a_hold_is_taken_by_the_sweep_before_it_runs_out() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.payment_desk().recover(older_than=timedelta(0))
    assert payment_of(order).state == Transaction.State.AUTHORIZED
    Transaction.objects.update(created_at=wiring.now() - timedelta(days=5))
    wiring.payment_desk().recover(older_than=timedelta(0))
    assert payment_of(order).charged == order.paid.amount


@pytest.mark.usefixtures("_capture_later")
def test_an_order_whose_hold_is_gone_is_flagged_as_unpaid() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.sandbox().cancel(payment_of(order).provider_id, reference="the bank")
    wiring.payment_desk().settle(str(payment_of(order).reference))
    assert Order.objects.get().flag == Order.Flag.UNPAID
    with pytest.raises(InvalidRequest):
        wiring.payment_desk().capture(order.number)


@pytest.mark.usefixtures("_capture_later")
def test_held_money_of_a_canceled_order_is_let_go_of() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.payment_desk().refund(order.number, order.paid, reference="canceled")
    assert payment_of(order).state == Transaction.State.CANCELED
    assert wiring.sandbox().details(payment_of(order).provider_id)["state"] == "canceled"


def test_a_capture_of_money_that_is_taken_already_changes_nothing() -> None:
    order = order_paid_in_sandbox(make_shop())
    assert wiring.payment_desk().capture(order.number) == order.paid
    assert not TransactionRequest.objects.exists()


def test_refunds_in_parts_add_up_on_the_order_and_no_further() -> None:
    order = order_paid_in_sandbox(make_shop())
    desk = wiring.payment_desk()
    for reference in ("a", "b", "b"):
        refunded = desk.refund(order.number, PART, reference=reference).refunded
    assert refunded == PART * 2
    with pytest.raises(InvalidRequest):
        desk.refund(order.number, order.paid, reference="c")
    assert Order.objects.get().refunded == Decimal("201.00")


def test_one_reference_does_not_refund_two_amounts() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.payment_desk().refund(order.number, PART, reference="a")
    with pytest.raises(InvalidRequest):
        wiring.payment_desk().refund(order.number, PART * 2, reference="a")
    assert payment_of(order).refunded == PART.amount


def test_a_refund_without_an_answer_is_asked_again_by_the_sweep_and_made_once() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.sandbox().fail_next("refund", after=True)
    with pytest.raises(ProviderUnavailable):
        wiring.payment_desk().refund(order.number, PART, reference="a", reason="scratched")
    assert Order.objects.get().refunded == 0
    wiring.payment_desk().recover(older_than=timedelta(0))
    assert Order.objects.get().refunded == PART.amount
    assert TransactionRequest.objects.get().state == TransactionRequest.State.DONE


def test_a_refund_made_at_the_providers_shows_on_the_order() -> None:
    order = order_paid_in_sandbox(make_shop())
    event = wiring.sandbox().refund(payment_of(order).provider_id, PART, reference="by hand")
    wiring.payment_desk().record(event)
    assert Order.objects.get().refunded == PART.amount


@pytest.mark.parametrize(
    ("end", "dispute", "flag"),
    [
        (EventKind.DISPUTE_WON, "won", ""),
        (EventKind.DISPUTE_LOST, "lost", Order.Flag.DISPUTED),
    ],
)
def test_a_dispute_flags_the_order_until_it_is_won(end: EventKind, dispute: str, flag: str) -> None:
    order = order_paid_in_sandbox(make_shop())
    payment, desk = payment_of(order), wiring.payment_desk()
    opened = wiring.sandbox().dispute(payment.provider_id)
    desk.record(opened)
    assert Order.objects.get().flag == Order.Flag.DISPUTED
    desk.record(wiring.sandbox().dispute(payment.provider_id, end))
    desk.record(opened)  # late, and again
    assert (payment_of(order).dispute, Order.objects.get().flag) == (dispute, flag)
