"""A shop on a Saleor that fails in every way that it can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils.translation import override

from storefront_backend import wiring
from storefront_backend.commerce.checkout import Checkout, LineRequest, OpenCheckout
from storefront_backend.commerce.errors import InvalidRequest, OutOfStock, ProviderUnavailable
from storefront_backend.commerce.orders import OrderState
from storefront_backend.saleor.checkout import TotalsDiffer
from storefront_backend.saleor_rows.models import SaleorSale
from storefront_backend.saleor_rows.queries import working
from storefront_backend.saleor_sync.sales import CheckoutUnavailable
from tests.builders import make_address, make_shop
from tests.fakes.saleor_sales import SellingSaleor
from tests.storefront_backend.saleor.selling import work_off

pytestmark = pytest.mark.django_db


def opened() -> Checkout:
    """A checkout for a ring in Germany, with an address."""
    checkouts = wiring.checkouts()
    token = checkouts.open(OpenCheckout("de", "en", (LineRequest(make_shop().sku, 1),))).token
    return delivered(token)


def delivered(token: str) -> Checkout:
    """The same with its address set once more, as a page does that asks again."""
    return wiring.checkouts().set_delivery(
        token, email="alice@example.com", shipping=make_address(), billing=None, option=""
    )


def complete(checkout: Checkout) -> SaleorSale:
    """Paid; the sale once the queue is empty."""
    wiring.checkouts().complete(
        checkout.token, paid=checkout.quote.total, payment_reference="psp-1"
    )
    work_off()
    return SaleorSale.objects.get(token=checkout.token)


def slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("down", request=request)


FAULTS: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "slow": slow,
    "down": down,
    "broken": lambda request: httpx.Response(500, text="Internal Server Error"),
    "malformed": lambda request: httpx.Response(200, text="<html>"),
    "half": lambda request: httpx.Response(200, json={"data": None}),
    "busy": lambda request: httpx.Response(429),
}


def test_saleor_comes_to_the_same_total_with_duty_as_a_line(saleor: SellingSaleor) -> None:
    checkout = opened()
    sale = complete(checkout)
    order = saleor.sold[sale.order_id]
    assert order["total"]["gross"]["amount"] == float(checkout.quote.total.amount)
    assert [line["productSku"] for line in order["lines"]] == [
        checkout.lines[0].sku,
        "PAVILION-IMPORT-CHARGES",
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_checkout_that_saleor_does_not_confirm_has_no_price(
    saleor: SellingSaleor, fault: str
) -> None:
    checkout = opened()
    saleor.faults = [FAULTS[fault]] * 2
    with pytest.raises(ProviderUnavailable):
        delivered(checkout.token)
    assert wiring.checkouts().get(checkout.token).quote is None
    saleor.faults = []
    assert delivered(checkout.token).quote.total == checkout.quote.total


@pytest.mark.parametrize("said", [None, {}, []])
def test_untaxed_totals_are_never_shown(saleor: SellingSaleor, said: object) -> None:
    checkout = opened()
    saleor.wire.broken["taxes"] = said
    with pytest.raises(TotalsDiffer) as refusal:
        delivered(checkout.token)
    assert refusal.value.retry
    assert not any(sign.isdigit() for sign in refusal.value.message + refusal.value.hint)
    assert wiring.checkouts().get(checkout.token).quote is None
    with pytest.raises(InvalidRequest):
        wiring.checkouts().complete(
            checkout.token, paid=checkout.quote.total, payment_reference="psp-1"
        )
    assert saleor.sold == {}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Die Kasse ist im Moment nicht erreichbar."),
        ("zh-hant", "目前無法連接結帳服務。"),
        ("ar", "لا يمكن الوصول إلى صفحة إتمام الشراء حاليًا."),
    ],
)
def test_the_shopper_is_told_in_their_language(
    saleor: SellingSaleor, language: str, said: str
) -> None:
    checkout = opened()
    saleor.faults = [down] * 2
    with override(language), pytest.raises(CheckoutUnavailable) as refusal:
        delivered(checkout.token)
    assert refusal.value.message == said
    assert "Saleor" not in refusal.value.hint


def test_a_token_that_has_run_out_is_said_and_taken_up(saleor: SellingSaleor) -> None:
    checkout = opened()
    saleor.token = "another"
    with pytest.raises(CheckoutUnavailable):
        delivered(checkout.token)
    saleor.token = "the-app's-token"
    assert delivered(checkout.token).ready


def test_a_paid_order_waits_for_a_saleor_that_is_down(saleor: SellingSaleor) -> None:
    checkout = opened()
    saleor.faults = [down] * 2
    sale = complete(checkout)
    assert (sale.state, saleor.sold) == ("paid", {})
    work_off()
    sale.refresh_from_db()
    assert (sale.state, sale.order_number) == ("sold", "1")


def test_an_answer_that_got_lost_makes_no_second_order(saleor: SellingSaleor) -> None:
    checkout = opened()
    saleor.lose = "CompleteSale"
    assert complete(checkout).state == "paid"
    saleor.lose = ""
    work_off()
    assert [order["number"] for order in saleor.sold.values()] == ["1"]


def test_a_piece_that_saleor_has_sold_elsewhere_is_given_back(saleor: SellingSaleor) -> None:
    checkout = opened()
    saleor.stock[checkout.lines[0].sku] = 0
    sale = complete(checkout)
    assert sale.state == "refused"
    assert wiring.orders().list()[0].state is OrderState.CANCELED


def test_a_piece_that_runs_out_before_paying_is_said(saleor: SellingSaleor) -> None:
    ring = make_shop()
    saleor.stock[ring.sku] = 0
    with pytest.raises(OutOfStock):
        wiring.checkouts().open(OpenCheckout("de", "en", (LineRequest(ring.sku, 1),)))


def test_a_parcel_that_the_dashboard_sent_is_sent_here_too(saleor: SellingSaleor) -> None:
    sale = complete(opened())
    order = saleor.sold[sale.order_id]
    lines = [{"orderLineId": line["id"], "stocks": [{"quantity": 1}]} for line in order["lines"]]
    saleor.orderFulfill(None, sale.order_id, {"lines": lines, "trackingNumber": "DHL-1"})
    for _ in range(2):  # the event comes doubled
        wiring.saleor_orders().synchronise(working(sale.api_url), sale.order_id)
    (parcel,) = wiring.orders().list()[0].fulfillments
    assert (parcel.state, parcel.tracking) == ("fulfilled", "DHL-1")


def test_an_order_that_the_dashboard_cancelled_is_cancelled_here(saleor: SellingSaleor) -> None:
    sale = complete(opened())
    saleor.orderCancel(None, sale.order_id)
    wiring.saleor_orders().synchronise(working(sale.api_url), sale.order_id)
    assert wiring.orders().list()[0].state is OrderState.CANCELED


def test_a_parcel_sent_while_saleor_is_down_is_told_later(saleor: SellingSaleor) -> None:
    sale = complete(opened())
    order = wiring.orders().list()[0]
    saleor.faults = [down] * 2
    wiring.orders().fulfil(order.number, brand=order.lines[0].brand, tracking="SF1")
    work_off()
    sale.refresh_from_db()
    assert sale.problem
    work_off()
    assert [each["trackingNumber"] for each in saleor.sold[sale.order_id]["fulfillments"]] == [
        "SF1"
    ]


def test_a_payment_at_our_desk_makes_the_order_in_saleor(saleor: SellingSaleor) -> None:
    checkout = opened()
    desk = wiring.payment_desk()
    session = desk.begin(checkout.token, return_url="http://shop/", cancel_url="http://shop/")
    wiring.sandbox().pay(session.provider_id)
    order = desk.settle(session.reference)
    work_off()
    sale = SaleorSale.objects.get(token=checkout.token)
    assert (sale.state, saleor.sold[sale.order_id]["_meta"]["pavilion.order"]) == (
        "sold",
        order.number,
    )
    assert desk.refund(order.number, order.paid, reference="f1").refunded == order.paid
    work_off()
    (reported,) = saleor.reports
    assert reported[0] == "REFUND_SUCCESS"


def pay_by_webhook(checkout: Checkout) -> int:
    """Pay at our desk; the status that the provider's webhook gets."""
    session = wiring.payment_desk().begin(
        checkout.token, return_url="http://shop/", cancel_url="http://shop/"
    )
    message = wiring.sandbox().webhook(wiring.sandbox().pay(session.provider_id))
    answer = Client().post(
        "/webhooks/payments/sandbox/",
        data=message.body,
        content_type="application/json",
        headers=dict(message.headers),
    )
    return answer.status_code


def test_a_payment_webhook_is_answered_before_saleor_is_asked(saleor: SellingSaleor) -> None:
    checkout = opened()
    saleor.requests.clear()
    assert pay_by_webhook(checkout) == 204
    assert (saleor.requests, saleor.sold) == (["StandingSale"], {})  # queried only before paying
    work_off()
    assert SaleorSale.objects.get(token=checkout.token).state == "sold"


def test_what_a_killed_process_did_not_queue_the_sweep_does(saleor: SellingSaleor) -> None:
    checkout = opened()
    pay_by_webhook(checkout)
    wiring.sales().sweep(wiring.now() + timedelta(minutes=2))
    sale = SaleorSale.objects.get(token=checkout.token)
    assert sale.state == "sold"
    order = wiring.orders().list()[0]
    wiring.payment_desk().refund(order.number, order.paid, reference="r")
    assert saleor.reports == []
    wiring.sales().sweep(wiring.now() + timedelta(minutes=4))
    assert [kind for kind, _ in saleor.reports] == ["REFUND_SUCCESS"]


def test_a_sale_that_another_process_is_making_is_left_to_it(saleor: SellingSaleor) -> None:
    checkout = opened()
    pay_by_webhook(checkout)
    sales = SaleorSale.objects.filter(token=checkout.token)
    sales.update(leased_until=wiring.now() + timedelta(minutes=1))
    saleor.requests.clear()
    work_off()
    assert saleor.requests == []
    sales.update(leased_until=wiring.now() - timedelta(minutes=1))  # it was killed
    work_off()
    assert sales.get().state == "sold"
