"""Orders over all houses: found, read, sent, cancelled, refunded, noted, and written down."""

from __future__ import annotations

import pytest
from django.core import mail
from pytest_django import Settings

from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.jobs.letters import send_again
from storefront_backend.orders.models import Fulfillment, Order, OrderMail, Refund
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three
from tests.storefront_backend.desk.operator.people import DESK, bob, confirmed, olga, otto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PARTS = ["goods", "shipping", "duty", "tax"]


@pytest.fixture
def sold() -> Sold:
    return sell_three()


def place(sold: Sold, act: str = "") -> str:
    return f"{DESK}orders/{sold.order.number}/{act}"


def test_orders_of_all_houses_are_found_by_what_a_person_has_in_hand(sold: Sold) -> None:
    client = olga()
    for fits in (
        {"search": sold.order.number},
        {"search": "ALICE@example.com"},
        {"search": sold.variants["bao"].sku},
        {"brand": "canton", "state": "unfulfilled", "market": "de"},
    ):
        page = client.get(f"{DESK}orders/", fits)
        assert [row.number for row in page.context["page"]] == [sold.order.number], fits
    for misses in ({"search": "bob@"}, {"state": "fulfilled"}, {"flag": "any"}, {"brand": "drake"}):
        assert not client.get(f"{DESK}orders/", misses).context["page"].object_list, misses


def test_the_page_shows_every_house_with_papers_payment_and_ledger(sold: Sold) -> None:
    page = olga().get(place(sold)).content.decode()
    for text in (
        *(v.sku for v in sold.variants.values()),
        "packing-list",
        "sandbox",
        "Order placed",
    ):
        assert text in page


def test_a_parcel_is_sent_once_confirmed_and_the_act_says_from_what_to_what(sold: Sold) -> None:
    client, said = olga(), {"brand": "bao", "tracking": "SF1", "carrier": "SF"}
    client.post(place(sold, "send/"), said)
    assert not Fulfillment.objects.filter(state="fulfilled").exists()
    confirmed(client, place(sold, "send/"), said)
    assert Fulfillment.objects.get(state="fulfilled").tracking == "SF1"
    act = OperatorAct.objects.get()
    assert (act.act, act.subject, act.by_name) == ("send", sold.order.number, "olga@example.org")
    assert (act.before, act.after) == ("unfulfilled", "partially_fulfilled")


def test_some_of_the_pieces_leave_and_the_rest_waits(sold: Sold) -> None:
    said = {"brand": "bao", "tracking": "SF1", f"pieces_{sold.line('bao')}": "1"}
    confirmed(olga(), place(sold, "send/"), said)
    states = Fulfillment.objects.filter(brand__slug="bao").values_list("state", flat=True)
    assert sorted(states) == ["fulfilled", "waiting"]


def test_the_question_says_what_a_refund_comes_to_and_it_is_made_once(sold: Sold) -> None:
    client = olga()
    said = {
        "kind": "cancellation", "parts": PARTS, "reason": "sold out", "amount": "50",
        f"pieces_{sold.line('bao')}": "1",
    }  # fmt: skip
    asked = client.post(place(sold, "refund/"), said).content.decode()
    assert "€50.00" in asked
    assert not Refund.objects.exists()
    again = {**said, "sure": "1", "key": "k1"}
    for _ in range(2):
        assert client.post(place(sold, "refund/"), again).status_code == 302
    refund = Refund.objects.get()
    assert (refund.amount, refund.brand.slug, refund.state) == (50, "bao", "done")
    assert OperatorAct.objects.get().note == f"{refund.number} 50.000 EUR: sold out"


def test_pieces_of_two_houses_are_not_refunded_at_once(sold: Sold) -> None:
    two = {f"pieces_{sold.line(brand)}": "1" for brand in ("bao", "canton")}
    said = {"kind": "cancellation", "parts": PARTS, "reason": "sold out", **two}
    answer = olga().post(place(sold, "refund/"), {**said, "sure": "1", "key": "k1"})
    assert answer.status_code == 422
    assert "one house" in answer.content.decode()
    assert not Refund.objects.exists()


def test_an_order_is_cancelled_whole_with_a_reason(sold: Sold) -> None:
    client = olga()
    assert client.post(place(sold, "cancel/"), {"sure": "1"}).status_code == 422
    confirmed(client, place(sold, "cancel/"), {"reason": "fraud"})
    assert Order.objects.get().state == "canceled"
    assert OperatorAct.objects.get().note == "fraud"


def test_a_note_is_kept_once(sold: Sold) -> None:
    client = olga()
    for _ in range(2):
        client.post(place(sold, "note/"), {"text": "Called the shopper", "key": "n1"})
    assert OperatorAct.objects.get().note == "Called the shopper"
    assert "Called the shopper" in client.get(place(sold)).content.decode()


def test_a_letter_goes_out_again(sold: Sold, settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    confirmed(olga(), place(sold, "letter/"), {"parcel": ""})
    send_again.call(sold.order.number, "")
    send_again.call(sold.order.number, "")
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]] * 2
    assert OrderMail.objects.get().kind == "confirmation"


def test_without_a_mail_server_the_page_says_so(sold: Sold) -> None:
    answer = olga().post(place(sold, "letter/"), {"parcel": ""})
    assert "EMAIL_URL" in answer.content.decode()
    assert not OperatorAct.objects.exists()


def test_who_may_only_look_changes_nothing(sold: Sold) -> None:
    client = otto("orders.view_order")
    assert client.get(place(sold)).status_code == 200
    for act in ("send/", "cancel/", "refund/", "note/", "letter/", "events/"):
        assert client.post(place(sold, act), {"sure": "1"}).status_code == 404, act
    assert bob().get(place(sold)).status_code == 404
    assert not OperatorAct.objects.exists()


def test_who_did_what_is_found_by_person_act_and_day(sold: Sold) -> None:
    client = olga()
    client.post(place(sold, "note/"), {"text": "Called", "key": "n1"})
    day = OperatorAct.objects.get().at.date().isoformat()
    for fits in ({"by": "olga"}, {"act": "note"}, {"subject": sold.order.number}, {"day": day}):
        assert len(client.get(f"{DESK}acts/", fits).context["page"]) == 1, fits
    for misses in ({"by": "otto"}, {"act": "send"}, {"day": "2020-01-01"}, {"day": "x"}):
        assert not client.get(f"{DESK}acts/", misses).context["page"].object_list, misses


def test_the_first_page_counts_what_waits_and_shows_only_what_one_may_open(sold: Sold) -> None:
    Order.objects.update(flag="disputed")
    counts = {c.page + c.query: c.number for c in olga().get(DESK).context["counts"]}
    assert counts["ordersflag=any"] == 1
    assert counts["ordersstate=unfulfilled"] == 1
    assert otto().get(DESK).context["counts"] == []
