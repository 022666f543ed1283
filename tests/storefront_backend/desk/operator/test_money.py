"""Payouts and their statement; checkouts that wait for a person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.orders.models import LedgerMovement, Order, Transaction
from storefront_backend.selling.ledger import dues
from storefront_backend.selling.statements import statement
from tests.builders import make_address, make_shop
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def sent() -> Sold:
    sold = sell_three()
    wiring.orders().fulfil(sold.order.number, brand="bao", tracking="SF1")
    return sold


def due() -> Money:
    return next(each.due for each in dues("bao"))


def begun() -> Transaction:
    variant = make_shop()
    engine = wiring.checkouts()
    opened = engine.open(OpenCheckout("de", "de", (LineRequest(variant.sku, 1),)))
    engine.set_delivery(
        opened.token, email="alice@example.com", shipping=make_address("de"), billing=None,
        option="",
    )  # fmt: skip
    wiring.payment_desk().begin(opened.token, return_url="http://s/", cancel_url="http://s/")
    Transaction.objects.update(created_at=wiring.now() - timedelta(hours=1))
    return Transaction.objects.get()


def test_a_payout_is_booked_once_and_stands_in_the_statement() -> None:
    sent()
    amount = due()
    said = {"amount": str(amount.amount), "currency": "EUR", "reference": "SEPA 7"}
    client = olga()
    for _ in range(2):
        confirmed(client, f"{DESK}payouts/bao/pay/", said)
    assert due().amount == 0
    assert LedgerMovement.objects.filter(kind="payout").count() == 1
    assert OperatorAct.objects.get().after == str(amount)
    page = client.get(f"{DESK}payouts/bao/").content.decode()
    assert "SEPA 7" in page


def test_a_statement_adds_up_to_what_is_due() -> None:
    sent()
    lines = statement(Brand.objects.get(slug="bao").pk)
    found = next(each for each in dues("bao"))
    assert sum((line.due.amount for line in lines), Decimal(0)) == found.due.amount
    assert sum((line.held.amount for line in lines), Decimal(0)) == found.held.amount
    assert {line.kind for line in lines} == {"sale", "fulfilment"}


def test_more_than_is_due_is_not_paid() -> None:
    sent()
    said = {"amount": "99999", "currency": "EUR", "reference": "SEPA 8", "sure": "1"}
    answer = olga().post(f"{DESK}payouts/bao/pay/", said)
    assert (answer.status_code, "is owed" in answer.content.decode()) == (422, True)
    assert not LedgerMovement.objects.filter(kind="payout").exists()


def test_who_may_only_read_payouts_books_none() -> None:
    sent()
    client = otto("orders.view_ledgermovement")
    assert "bao" in client.get(f"{DESK}payouts/").content.decode()
    said = {"amount": "1", "currency": "EUR", "reference": "X", "sure": "1"}
    assert client.post(f"{DESK}payouts/bao/pay/", said).status_code == 404
    assert bob().get(f"{DESK}payouts/bao/").status_code == 404
    assert not LedgerMovement.objects.filter(kind="payout").exists()


def test_a_paid_checkout_whose_webhook_was_lost_is_sold_at_a_click() -> None:
    payment = begun()
    wiring.sandbox().pay(payment.provider_id)
    client = olga()
    assert "Begun and not ended" in client.get(f"{DESK}checkouts/").content.decode()
    confirmed(client, f"{DESK}checkouts/{payment.reference}/settle/", {})
    assert Order.objects.get().payment_reference == str(payment.reference)
    act = OperatorAct.objects.get()
    assert (act.act, act.before, act.after) == ("settle", "pending", "charged")
    assert "No payment waits" in client.get(f"{DESK}checkouts/").content.decode()


def test_a_payment_that_nobody_ends_is_released() -> None:
    payment = begun()
    confirmed(olga(), f"{DESK}checkouts/{payment.reference}/give-up/", {})
    payment.refresh_from_db()
    assert payment.state == "canceled"
    assert not Order.objects.exists()
