"""Money and orders stay in step, whatever comes twice, late, or never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.errors import (
    InvalidRequest,
    OutOfStock,
    ProviderUnavailable,
    QuoteExpired,
)
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import Order, Transaction
from tests.builders import make_shop, make_variant
from tests.storefront_backend.aftersale.paying import begin, ready_checkout, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def test_a_paid_checkout_becomes_an_order_of_the_quoted_total():
    variant = make_shop()
    checkout = ready_checkout(variant)
    session = begin(checkout)
    wiring.sandbox().decide(session.provider_id, EventKind.CHARGED)
    order = wiring.payment_desk().settle(session.reference)
    assert order is not None
    assert order.paid == checkout.quote.total == order.cost.total
    assert stock_of(variant) == (4, 0)


def test_an_event_that_comes_twice_counts_once():
    session = begin(ready_checkout(make_shop()))
    event = wiring.sandbox().decide(session.provider_id, EventKind.CHARGED)
    desk = wiring.payment_desk()
    first, second = desk.record(event), desk.record(event)
    assert first == second
    assert Order.objects.count() == 1
    assert Transaction.objects.get().charged == Transaction.objects.get().amount


def test_beginning_twice_gives_the_same_payment():
    checkout = ready_checkout(make_shop())
    assert begin(checkout).provider_id == begin(checkout).provider_id
    assert Transaction.objects.count() == 1


def test_a_declined_payment_gives_the_piece_back_and_leaves_the_checkout_open():
    variant = make_shop()
    checkout = ready_checkout(variant)
    session = begin(checkout)
    assert stock_of(variant) == (5, 1)
    wiring.sandbox().decide(session.provider_id, EventKind.FAILED, "insufficient funds")
    assert wiring.payment_desk().settle(session.reference) is None
    assert stock_of(variant) == (5, 0)
    assert CheckoutRow.objects.get().state == CheckoutRow.State.OPEN


def test_money_for_a_piece_that_is_gone_is_given_back():
    variant = make_shop(make_variant(stock=1))
    late = begin(ready_checkout(variant))
    CheckoutRow.objects.get().reservations.update(expires_at=wiring.now() - timedelta(hours=1))
    desk = wiring.payment_desk()
    desk.release_expired()
    quick = begin(ready_checkout(variant))
    for session in (quick, late):
        event = wiring.sandbox().decide(session.provider_id, EventKind.CHARGED)
        desk.record(event)
    assert Order.objects.count() == 1
    loser = Transaction.objects.get(provider_id=late.provider_id)
    assert (loser.state, loser.refunded) == (Transaction.State.REFUNDED, loser.amount)
    assert stock_of(variant) == (0, 0)


def test_a_second_payment_of_the_same_checkout_is_given_back():
    checkout = ready_checkout(make_shop())
    first = begin(checkout)
    Transaction.objects.update(amount=1)  # the quote has changed since: a new payment is begun
    second = begin(checkout)
    Transaction.objects.filter(provider_id=first.provider_id).update(amount=second_amount(second))
    desk = wiring.payment_desk()
    for session in (second, first):
        desk.record(wiring.sandbox().decide(session.provider_id, EventKind.CHARGED))
    assert Order.objects.get().payment_reference == second.reference
    assert Transaction.objects.get(provider_id=first.provider_id).state == "refunded"


def second_amount(session):
    return Transaction.objects.get(provider_id=session.provider_id).amount


def test_the_last_piece_is_reserved_for_who_pays_first():
    variant = make_shop(make_variant(stock=1))
    alice, bob = ready_checkout(variant), ready_checkout(variant)
    begin(alice)
    with pytest.raises(OutOfStock):
        begin(bob)
    assert Transaction.objects.count() == 1
    assert stock_of(variant) == (1, 1)


def test_an_expired_quote_is_not_paid(settings):
    settings.QUOTE_VALID_FOR = timedelta(0)
    checkout = ready_checkout(make_shop())
    with pytest.raises(QuoteExpired):
        begin(checkout)
    assert not Transaction.objects.exists()


def test_a_checkout_without_an_address_is_not_paid():
    variant = make_shop()
    opened = wiring.checkouts().open(
        OpenCheckout(market="de", language="en", lines=(LineRequest(variant.sku, 1),))
    )
    with pytest.raises(InvalidRequest) as refusal:
        begin(opened)
    assert refusal.value.field == "email"


def test_recovery_finds_the_money_of_a_lost_webhook():
    session = begin(ready_checkout(make_shop()))
    wiring.sandbox().decide(session.provider_id, EventKind.CHARGED)
    assert wiring.payment_desk().recover(older_than=timedelta(0)) == 1
    assert Order.objects.count() == 1


def test_recovery_lets_go_of_a_payment_whose_shopper_was_never_sent_to_pay():
    variant = make_shop()
    begin(ready_checkout(variant))
    Transaction.objects.update(state=Transaction.State.REQUESTED, provider_id="")
    wiring.payment_desk().recover(older_than=timedelta(0))
    assert Transaction.objects.get().state == Transaction.State.CANCELED
    assert stock_of(variant) == (5, 0)


def test_a_shopper_who_leaves_lets_go_of_the_payment_and_the_piece():
    variant = make_shop()
    session = begin(ready_checkout(variant))
    assert wiring.payment_desk().give_up(session.reference) is None
    assert wiring.sandbox().details(session.provider_id)["state"] == "canceled"
    assert stock_of(variant) == (5, 0)


def test_a_shopper_who_leaves_after_paying_has_an_order_all_the_same():
    session = begin(ready_checkout(make_shop()))
    wiring.sandbox().pay(session.provider_id)
    assert wiring.payment_desk().give_up(session.reference) is not None
    assert Transaction.objects.get().state == Transaction.State.CHARGED


def test_a_payment_that_nobody_finishes_is_let_go_of_at_the_provider():
    session = begin(ready_checkout(make_shop()))
    Transaction.objects.update(created_at=wiring.now() - timedelta(hours=2))
    wiring.payment_desk().recover()
    assert wiring.sandbox().details(session.provider_id)["state"] == "canceled"
    assert Transaction.objects.get().state == Transaction.State.CANCELED


def test_a_start_that_timed_out_after_it_was_made_is_let_go_of_on_both_sides():
    variant = make_shop()
    wiring.sandbox().fail_next("start", after=True)
    with pytest.raises(ProviderUnavailable):
        begin(ready_checkout(variant))
    assert Transaction.objects.get().state == Transaction.State.REQUESTED
    wiring.payment_desk().recover(older_than=timedelta(0))
    payment = Transaction.objects.get()
    assert wiring.sandbox().details(payment.provider_id)["state"] == payment.state == "canceled"
    assert stock_of(variant) == (5, 0)


def test_money_that_cannot_be_given_back_yet_is_given_back_by_the_sweep():
    session = begin(ready_checkout(make_shop()))
    CheckoutRow.objects.update(state=CheckoutRow.State.ABANDONED)
    wiring.sandbox().pay(session.provider_id)
    wiring.sandbox().fail_next("refund", after=True)
    desk = wiring.payment_desk()
    assert desk.settle(session.reference) is None
    assert Transaction.objects.get().state == Transaction.State.CHARGED
    desk.recover(older_than=timedelta(0))
    payment = Transaction.objects.get()
    assert (payment.state, payment.refunded) == (Transaction.State.REFUNDED, payment.amount)
    assert payment.reason.startswith("checkout_closed")
    assert len(wiring.sandbox().look_up(session.provider_id)) == 2


def test_an_attempt_that_is_declined_does_not_end_a_payment_that_may_be_tried_again():
    variant = make_shop()
    session = begin(ready_checkout(variant))
    desk = wiring.payment_desk()
    desk.record(declined(session))
    payment = Transaction.objects.get()
    assert (payment.state, payment.reason) == (Transaction.State.PENDING, "insufficient_funds")
    assert stock_of(variant) == (5, 1)
    wiring.sandbox().pay(session.provider_id)
    assert desk.settle(session.reference) is not None
    assert Transaction.objects.get().reason == ""


def test_the_end_of_an_older_payment_leaves_the_piece_to_the_newer_one():
    variant = make_shop()
    checkout = ready_checkout(variant)
    wiring.sandbox().fail_next("start", after=True)
    with pytest.raises(ProviderUnavailable):
        begin(checkout)
    Transaction.objects.update(created_at=wiring.now() - timedelta(minutes=2))
    newer = begin(checkout)
    wiring.payment_desk().recover()
    assert sorted(Transaction.objects.values_list("state", flat=True)) == ["canceled", "pending"]
    assert stock_of(variant) == (5, 1)
    wiring.sandbox().pay(newer.provider_id)
    assert wiring.payment_desk().settle(newer.reference) is not None


def test_the_payment_page_names_the_pieces_and_not_the_key_of_the_checkout():
    session = begin(ready_checkout(make_shop()))
    shown = wiring.sandbox().details(session.provider_id)["description"]
    assert shown == Transaction.objects.get().checkout.lines.get().variant.product.names["en"]


def declined(session):
    return PaymentEvent(
        id="declined.1",
        kind=EventKind.DECLINED,
        reference=session.reference,
        provider_id=session.provider_id,
        amount=Money(second_amount(session), "EUR"),
        occurred_at=wiring.now(),
        reason="insufficient_funds",
    )
