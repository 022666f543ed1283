"""Orders on two sides: refunds of the Dashboard in the brands' ledger, and lost webhooks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.ledger import Account
from storefront_backend.orders.models import Order, Refund
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import SaleorSale
from storefront_backend.saleor_rows.queries import working
from storefront_backend.selling.ledger import dues, open_money
from tests.builders import make_address, make_brand, make_product, make_shop, make_variant
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.saleor_wire import TOKEN, URL
from tests.storefront_backend.saleor.selling import work_off

pytestmark = pytest.mark.django_db


def sold(*rings: ProductVariant, quantity: int = 1) -> SaleorSale:
    """Rings bought in Germany and paid at our desk; the sale in Saleor."""
    make_shop(*rings)
    checkouts, desk = wiring.checkouts(), wiring.payment_desk()
    lines = tuple(LineRequest(ring.sku, quantity) for ring in rings)
    token = checkouts.open(OpenCheckout("de", "en", lines)).token
    checkouts.set_delivery(
        token, email="alice@example.com", shipping=make_address(), billing=None, option=""
    )
    session = desk.begin(token, return_url="http://shop/", cancel_url="http://shop/")
    wiring.sandbox().pay(session.provider_id)
    desk.settle(session.reference)
    work_off()
    return SaleorSale.objects.get(token=token)


def a_ring(brand: str = "lanyue") -> ProductVariant:
    return make_variant(make_product(make_brand(brand)))


def order_of(sale: SaleorSale) -> Order:
    return Order.objects.get(checkout__token=sale.token)


def gross(saleor: SellingSaleor, sale: SaleorSale, sku: str) -> float:
    """What the Dashboard shows for a line."""
    lines = saleor.sold[sale.order_id]["lines"]
    return float(next(e["totalPrice"]["gross"]["amount"] for e in lines if e["productSku"] == sku))


def refunded_there(saleor: SellingSaleor, sale: SaleorSale, amount: float, **pieces: int) -> None:
    """Staff refunds in the Dashboard, and Saleor tells of it."""
    transaction = saleor.sold[sale.order_id]["transactions"][0]
    request = len(transaction["events"]) + 1
    said = saleor.wire.ask("payment_requests", _request(transaction, amount, request))
    assert said["result"] == "REFUND_SUCCESS", said
    event = {"id": f"e{request}", "type": "REFUND_SUCCESS", "pspReference": said["pspReference"],
             "amount": {"amount": amount}}  # fmt: skip
    transaction["events"].append(event)
    saleor.sold[sale.order_id]["totalRefunded"]["amount"] += amount
    if pieces:
        saleor.grant(sale.order_id, amount, **pieces)
    for _ in range(2):  # the event comes doubled
        wiring.saleor_orders().synchronise(working(sale.api_url), sale.order_id)


def _request(transaction: dict[str, Any], amount: float, number: int) -> dict[str, Any]:
    from tests.storefront_backend.saleor.test_payment_app import refund

    body = refund(transaction["token"], transaction["pspReference"], amount, number)
    body["transaction"]["id"] = transaction["id"]
    return body


def open_at(order: Order) -> Decimal:
    """Unallocated money."""
    unallocated_amounts = (each.amount.amount for each in open_money(order.number))
    return sum(unallocated_amounts, Decimal(0))


def of_brand(brand: str) -> Decimal:
    """What the brand has to get, due or not."""
    return sum((each.due.amount + each.held.amount for each in dues(brand)), Decimal(0))


def test_a_line_refunded_before_it_left_is_called_off_and_the_ledger_reversed(
    saleor: SellingSaleor,
) -> None:
    ring = a_ring()
    sale = sold(ring)
    owed = of_brand("lanyue")
    refunded_there(saleor, sale, gross(saleor, sale, ring.sku), **{ring.sku: 1})
    order = order_of(sale)
    (refund,) = order.refunds.all()
    assert (refund.kind, refund.source) == ("cancellation", Account.UNALLOCATED)
    assert (open_at(order), of_brand("lanyue") < owed) == (0, True)


def test_a_piece_that_came_back_is_a_return_and_one_kept_an_allowance(
    saleor: SellingSaleor,
) -> None:
    first, second = a_ring(), a_ring("suisui")
    sale = sold(first, second)
    order = order_of(sale)
    for ring in (first, second):
        wiring.orders().fulfil(order.number, brand=ring.brand.slug, tracking=f"DHL-{ring.pk}")
    saleor.take_back(sale.order_id, first.sku)
    refunded_there(saleor, sale, gross(saleor, sale, first.sku), **{first.sku: 1})
    refunded_there(saleor, sale, 20.0, **{second.sku: 1})
    kinds = {each.brand.slug: (each.kind, each.amount) for each in order.refunds.all()}
    assert kinds["lanyue"][0] == "return"
    assert kinds["suisui"] == ("allowance", Decimal(20))
    assert open_at(order) == 0


def test_one_refund_of_two_brands_pieces_is_borne_by_each(saleor: SellingSaleor) -> None:
    first, second = a_ring(), a_ring("suisui")
    sale = sold(first, second)
    both = gross(saleor, sale, first.sku) + gross(saleor, sale, second.sku)
    refunded_there(saleor, sale, both, **{first.sku: 1, second.sku: 1})
    order = order_of(sale)
    amounts = {each.brand.slug: each.amount for each in order.refunds.all()}
    assert {k: float(v) for k, v in amounts.items()} == {
        "lanyue": gross(saleor, sale, first.sku), "suisui": gross(saleor, sale, second.sku)
    }  # fmt: skip
    assert open_at(order) == 0


def test_an_amount_alone_waits_for_the_operator(saleor: SellingSaleor) -> None:
    ring = a_ring()
    sale = sold(ring)
    owed = of_brand("lanyue")
    refunded_there(saleor, sale, 20.0)
    order = order_of(sale)
    assert (open_at(order), of_brand("lanyue"), Refund.objects.exists()) == (20, owed, False)


def test_part_of_an_unsent_piece_waits_for_the_operator(saleor: SellingSaleor) -> None:
    ring = a_ring()
    sale = sold(ring)
    refunded_there(saleor, sale, 20.0, **{ring.sku: 1})
    assert (open_at(order_of(sale)), Refund.objects.exists()) == (20, False)


def test_orders_whose_webhooks_got_lost_are_found_by_the_reconcile(
    saleor: SellingSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Saleor(URL, TOKEN, http=saleor.client())
    monkeypatch.setattr(wiring, "saleor_with_token", lambda url, token: connect)
    sale = sold(a_ring())
    saleor.clock += timedelta(days=1)
    saleor.orderCancel(None, sale.order_id)
    installation = working(sale.api_url)
    assert wiring.saleor_orders().reconcile(installation) == 1
    assert order_of(sale).state == Order.State.CANCELED
    installation.refresh_from_db()
    assert installation.orders_read_at is not None
    saleor.requests.clear()
    assert wiring.saleor_orders().reconcile(installation) == 0
    assert "SoldOrder" not in saleor.requests


def test_what_a_killed_process_did_not_tell_is_told_by_the_reconcile(
    saleor: SellingSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Saleor(URL, TOKEN, http=saleor.client())
    monkeypatch.setattr(wiring, "saleor_with_token", lambda url, token: connect)
    sale = sold(a_ring())
    wiring.saleor_orders().reconcile(working(sale.api_url))
    order = order_of(sale)
    # Ours alone: the process ends before it tells Saleor.
    wiring.our_orders().fulfil(order.number, brand="lanyue", tracking="DHL-1")
    wiring.our_desk().refund(order.number, Money(Decimal(5), "EUR"), reference="r1")
    assert wiring.saleor_orders().reconcile(working(sale.api_url)) == 1
    theirs = saleor.sold[sale.order_id]
    assert [each["trackingNumber"] for each in theirs["fulfillments"]] == ["DHL-1"]
    assert theirs["totalRefunded"]["amount"] == 5
    sale.refresh_from_db()
    assert (sale.problem, sale.money_apart) == ("", "")


def test_money_that_differs_is_noted_where_the_operator_sees_it(
    saleor: SellingSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Saleor(URL, TOKEN, http=saleor.client())
    monkeypatch.setattr(wiring, "saleor_with_token", lambda url, token: connect)
    sale = sold(a_ring())
    saleor.clock += timedelta(days=1)
    saleor.sold[sale.order_id]["totalRefunded"]["amount"] = 7.0
    saleor._touch(saleor.sold[sale.order_id])
    wiring.saleor_orders().reconcile(working(sale.api_url))
    sale.refresh_from_db()
    assert sale.money_apart == "refunded 0.00 EUR here, 7.00 EUR there"
