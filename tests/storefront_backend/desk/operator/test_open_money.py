"""The operator says on one page who bears what was refunded at the provider's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.orders.models import Refund, Transaction
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PLACE = f"{DESK}money/"


def sold_and_refunded() -> tuple[Sold, str]:
    sold = sell_three()
    payment = Transaction.objects.get().provider_id
    amount = Money(Decimal("50.00"), "EUR")
    wiring.payment_desk().record(wiring.sandbox().refund(payment, amount, reference="by hand"))
    return sold, f"{PLACE}{sold.order.number}/"


def form(**fields: object) -> dict[str, object]:
    parts = ["goods", "shipping", "duty", "tax"]
    return {"source": "unallocated", "parts": parts, "reason": "kind"} | fields


def test_the_list_holds_the_orders_with_open_money_and_the_page_says_how_much() -> None:
    client = olga()
    assert "No money is open." in client.get(PLACE).text
    sold, page = sold_and_refunded()
    assert "Not allocated €50.00" in client.get(PLACE).text
    said = client.get(page).text
    assert "Not allocated: €50.00" in said
    assert all(line.sku in said for line in sold.order.lines)


def test_a_brands_piece_bears_it_once_however_often_the_form_is_sent() -> None:
    sold, page = sold_and_refunded()
    piece = {f"pieces_{sold.line('bao')}": 1}
    sent = form(kind="cancellation", amount="50", sure="1", key="k1", **piece)
    client = olga()
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    refund = Refund.objects.get()
    assert (refund.amount, refund.brand.slug, refund.kind) == (50, "bao", "cancellation")
    assert ledger.open_money() == []
    assert OperatorAct.objects.get().act == "allocate"


def test_the_shop_bears_it_once_it_is_confirmed() -> None:
    _, page = sold_and_refunded()
    client = olga()
    client.post(page, form(kind="loss"))
    assert "loss" not in ledger.balances()["EUR"]
    confirmed(client, page, form(kind="loss"))
    assert ledger.balances()["EUR"]["loss"] == 50


def test_what_does_not_fit_is_said_and_nothing_is_booked() -> None:
    sold, page = sold_and_refunded()
    client = olga()
    two = {f"pieces_{sold.line(brand)}": 1 for brand in ("bao", "canton")}
    for wrong, says in (
        (form(kind="cancellation", **two), "one house"),
        (form(kind="loss", **two), "names no pieces"),
        (form(kind="loss", amount="50.01", sure="1"), "50.00 EUR is open, not 50.01 EUR"),
    ):
        assert says in client.post(page, wrong).text
    assert ledger.open_money()[0].amount == Money(Decimal("50.00"), "EUR")


def test_nobody_but_an_operator_with_the_right_sees_it() -> None:
    _, page = sold_and_refunded()
    for client in (bob(), otto("orders.view_order")):
        for place in (PLACE, page):
            assert client.get(place).status_code == 404
        assert client.post(page, form(kind="loss", sure="1")).status_code == 404
    assert "loss" not in ledger.balances()["EUR"]
