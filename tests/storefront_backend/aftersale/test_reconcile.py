"""Each way in which two accounts of the same money can differ is found and named."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.reconcile import differences
from storefront_backend.orders.models import Order, Transaction, TransactionEvent
from tests.builders import make_shop
from tests.storefront_backend.aftersale.paying import (
    begin,
    order_paid_in_sandbox,
    payment_of,
    ready_checkout,
)
from tests.storefront_backend.stripe_shop import shop_with_stripe

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PART = Money(Decimal("100.50"), "EUR")


def found() -> list[str]:
    since = wiring.now() - timedelta(days=1)
    return [difference.kind for difference in differences(wiring.sandbox(), since)]


def test_two_accounts_that_agree_have_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.payment_desk().refund(order.number, PART, reference="a")
    call_command("reconcile_payments")
    assert "No differences with sandbox" in capsys.readouterr().out


def test_a_charge_that_we_never_heard_of_is_missing_here_and_can_be_healed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = begin(ready_checkout(make_shop()))
    wiring.sandbox().pay(session.provider_id)
    with pytest.raises(CommandError) as failure:
        call_command("reconcile_payments")
    assert failure.value.returncode == 1
    assert f"missing-here   {session.reference}" in capsys.readouterr().out
    assert not Order.objects.exists()
    call_command("reconcile_payments", heal=True)
    assert Order.objects.get().payment_reference == session.reference
    assert found() == []


def test_a_refund_that_we_never_heard_of_is_missing_here() -> None:
    order = order_paid_in_sandbox(make_shop())
    wiring.sandbox().refund(payment_of(order).provider_id, PART, reference="by hand")
    assert found() == ["missing-here"]


def test_a_payment_that_we_have_no_row_of_is_missing_here() -> None:
    session = begin(ready_checkout(make_shop()))
    wiring.sandbox().pay(session.provider_id)
    Transaction.objects.all().delete()
    assert found() == ["missing-here"]


def test_a_charge_that_the_provider_does_not_know_is_missing_there() -> None:
    order = order_paid_in_sandbox(make_shop())
    TransactionEvent.objects.update(event_id="made up")
    assert found() == ["missing-here", "missing-there"]
    assert payment_of(order).charged == order.paid.amount


def test_another_amount_is_found() -> None:
    order_paid_in_sandbox(make_shop())
    TransactionEvent.objects.update(amount=1)
    assert "amount" in found()


def test_a_row_that_is_not_the_sum_of_its_events_is_found_and_healed() -> None:
    order = order_paid_in_sandbox(make_shop())
    Transaction.objects.update(refunded=5)
    assert found() == ["state"]
    call_command("reconcile_payments", heal=True)
    assert payment_of(order).refunded == 0


def test_an_order_without_money_is_found() -> None:
    order_paid_in_sandbox(make_shop())
    TransactionEvent.objects.all().delete()
    Transaction.objects.update(state=Transaction.State.FAILED, charged=0)
    assert "no-money" in found()


def test_payments_of_before_are_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    session = begin(ready_checkout(make_shop()))
    wiring.sandbox().pay(session.provider_id)
    tomorrow = wiring.now() + timedelta(days=1)
    call_command("reconcile_payments", since=tomorrow)
    assert f"since {tomorrow:%Y-%m-%d}" in capsys.readouterr().out


def test_stripes_account_is_compared_as_well(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with shop_with_stripe(settings) as server:
        session = begin(ready_checkout(make_shop()))
        intent = server.pay(session.provider_id)
        with pytest.raises(CommandError):
            call_command("reconcile_payments")
        assert f"{intent['id']}.charged" in capsys.readouterr().out
        call_command("reconcile_payments", heal=True)
        assert Order.objects.get().payment_reference == session.reference
        refund = f"payment_intent={intent['id']}&amount=10050".encode()
        server.answer("POST", "/v1/refunds", refund, server.headers)  # in the Dashboard
        call_command("reconcile_payments", heal=True)
    assert Order.objects.get().refunded == PART.amount
