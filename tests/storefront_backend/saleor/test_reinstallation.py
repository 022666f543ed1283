"""The app is removed from a Saleor and installed again: what was before goes on."""

from __future__ import annotations

import pytest

from storefront_backend import wiring
from storefront_backend.jobs.saleor_events import handle_event
from storefront_backend.orders.models import Order
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import SaleorEvent, SaleorSale
from storefront_backend.saleor_rows.queries import confirm, propose
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.saleor_wire import URL
from tests.saleor_builders import APP, event_body
from tests.storefront_backend.saleor.selling import work_off
from tests.storefront_backend.saleor.test_agreement import a_ring, order_of, sold

pytestmark = pytest.mark.django_db
NEW_TOKEN = "the-token-of-the-second-installation"


@pytest.fixture(autouse=True)
def _connected(saleor: SellingSaleor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs reach the Saleor in memory, each with the token that it asks with."""
    http = saleor.client()
    monkeypatch.setattr(wiring, "saleor_with_token", lambda url, t: Saleor(url, t, http=http))


def install_again(saleor: SellingSaleor) -> None:
    """appDelete, then install: the earlier token opens nothing any more."""
    saleor.token = NEW_TOKEN
    row = propose(URL, NEW_TOKEN)
    row.keys = saleor.wire.keys.jwks()
    confirm(row, app_id=APP, version="3.23.28", permissions=[])


def fulfil_there(saleor: SellingSaleor, sale: SaleorSale, tracking: str) -> None:
    """Staff sends all pieces in the Dashboard, and Saleor tells of it."""
    order = saleor.sold[sale.order_id]
    lines = [{"orderLineId": line["id"], "stocks": [{"quantity": 1}]} for line in order["lines"]]
    saleor.orderFulfill(None, sale.order_id, {"lines": lines, "trackingNumber": tracking})
    saleor.wire.post_raw("orders", event_body(order={"id": sale.order_id}))
    assert handle_event.func(SaleorEvent.objects.latest("pk").pk) == SaleorEvent.State.DONE


def test_an_earlier_order_sent_in_the_dashboard_is_sent_here(saleor: SellingSaleor) -> None:
    sale = sold(a_ring())
    install_again(saleor)
    fulfil_there(saleor, sale, "DHL-1")
    assert order_of(sale).state == Order.State.FULFILLED


def test_an_earlier_order_refunded_here_is_refunded_in_saleor(saleor: SellingSaleor) -> None:
    sale = sold(a_ring())
    install_again(saleor)
    order = order_of(sale)
    wiring.payment_desk().refund(
        order.number, wiring.orders().get(order.number).paid, reference="r"
    )
    work_off()
    assert saleor.sold[sale.order_id]["totalRefunded"]["amount"] == float(order.paid)


def test_an_earlier_order_sent_here_is_sent_in_saleor(saleor: SellingSaleor) -> None:
    sale = sold(a_ring())
    install_again(saleor)
    order = order_of(sale)
    wiring.orders().fulfil(order.number, brand="lanyue", tracking="SF1")
    work_off()
    assert [e["trackingNumber"] for e in saleor.sold[sale.order_id]["fulfillments"]] == ["SF1"]
