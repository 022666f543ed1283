"""The operator says on one page who bears what was refunded at the provider's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.orders.models import OpenMoney, Refund, Transaction
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PLACE = "/admin/orders/openmoney/"


def operator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("olga@example.org", "kapok-blossom-9"))
    return client


def sold_and_refunded() -> tuple[Sold, str]:
    sold = sell_three()
    payment = Transaction.objects.get().provider_id
    amount = Money(Decimal("50.00"), "EUR")
    wiring.payment_desk().record(wiring.sandbox().refund(payment, amount, reference="by hand"))
    return sold, f"{PLACE}{OpenMoney.objects.get().pk}/change/"


def form(**fields: object) -> dict[str, object]:
    parts = ["goods", "shipping", "duty", "tax"]
    return {"key": "k", "source": "unallocated", "parts": parts, "reason": "kind"} | fields


def test_the_list_holds_the_orders_with_open_money_and_the_page_says_how_much() -> None:
    client = operator()
    assert "0 open money" in client.get(PLACE).text
    sold, page = sold_and_refunded()
    assert "unallocated 50.00 EUR" in client.get(PLACE).text
    said = client.get(page).text
    assert "<strong>unallocated</strong> 50.00 EUR" in said
    assert all(line.sku in said for line in sold.order.lines)


def test_a_brands_piece_bears_it_once_however_often_the_form_is_sent() -> None:
    sold, page = sold_and_refunded()
    sent = form(kind="cancellation", amount="50", **{f"pieces_{sold.line('bao')}": 1})
    client = operator()
    for _ in range(2):
        client.post(page, sent)
    refund = Refund.objects.get()
    assert (refund.amount, refund.brand.slug, refund.kind) == (50, "bao", "cancellation")
    assert ledger.open_money() == []


def test_the_shop_bears_it() -> None:
    _, page = sold_and_refunded()
    operator().post(page, form(kind="loss"))
    assert ledger.balances()["EUR"]["loss"] == 50


def test_what_does_not_fit_is_said_and_nothing_is_booked() -> None:
    sold, page = sold_and_refunded()
    client = operator()
    two = {f"pieces_{sold.line(brand)}": 1 for brand in ("bao", "canton")}
    for wrong, says in (
        (form(kind="cancellation", **two), "Name pieces of one brand"),
        (form(kind="loss", **two), "names no pieces"),
        (form(kind="loss", amount="50.01"), "50.00 EUR is open, not 50.01 EUR"),
    ):
        assert says in client.post(page, wrong).text
    assert ledger.open_money()[0].amount == Money(Decimal("50.00"), "EUR")


def test_nobody_but_an_operator_sees_it() -> None:
    _, page = sold_and_refunded()
    client = Client()
    client.force_login(User.objects.create_user("bob@example.org", "kapok-blossom-9"))
    for place in (PLACE, page):
        assert client.get(place).status_code == 302
    assert client.post(page, form(kind="loss")).status_code == 302
    assert "loss" not in ledger.balances()["EUR"]
