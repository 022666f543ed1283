"""The desk over HTTP: a brand sends, calls off and takes back its own pieces, sees no other's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, Stock
from storefront_backend.orders.models import Fulfillment, Order, Refund, TransactionEvent
from storefront_backend.selling import ledger
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def signed_in(name: str, brand: str = "", role: str = "member") -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    if brand:
        BrandMembership.objects.create(user=user, brand=Brand.objects.get(slug=brand), role=role)
    client = Client()
    client.force_login(user)
    return client


def place(sold: Sold, brand: str = "bao", rest: str = "") -> str:
    return f"/api/desk/brands/{brand}/orders/{sold.order.number}/{rest}"


def post(client: Client, where: str, **said: object) -> tuple[int, Any]:
    response = client.post(where, said, content_type="application/json")
    return response.status_code, response.json()


def sent(client: Client, sold: Sold, brand: str = "bao", **said: object) -> tuple[int, Any]:
    return post(client, place(sold, brand, "parcels/"), **{"tracking": "T1"} | said)


def refunded(client: Client, sold: Sold, brand: str = "bao", **said: object) -> tuple[int, Any]:
    whole = {"key": "r1", "reason": "too small", "pieces": {sold.line(brand): 1}} | said
    return post(client, place(sold, brand, "refunds/"), **whole)


def every_place(sold: Sold, brand: str) -> list[tuple[str, str, dict[str, object]]]:
    refund = {"key": "x", "kind": "cancellation", "reason": "-", "pieces": {sold.line(brand): 1}}
    return [
        ("GET", f"/api/desk/brands/{brand}/orders/", {}),
        ("GET", place(sold, brand), {}),
        ("POST", place(sold, brand, "parcels/"), {"tracking": "T9"}),
        ("POST", place(sold, brand, "refunds/"), refund),
    ]


def untouched() -> bool:
    return not Refund.objects.exists() and not Fulfillment.objects.exclude(state="waiting").exists()


def test_a_brand_sees_its_own_lines_and_what_a_parcel_needs() -> None:
    sold = sell_three()
    said = signed_in("bob", "bao", "reader").get(place(sold)).json()
    assert [(line["sku"], line["pieces"]["waiting"]) for line in said["lines"]] == [
        (sold.variants["bao"].sku, 2)
    ]
    assert said["shipTo"]["lines"][0] == "Alice Schmidt"
    assert [parcel["number"] for parcel in said["parcels"]] == [f"{sold.order.number}-2"]
    assert (said["state"], said["onHold"], said["refunds"]) == ("unfulfilled", False, [])


def test_nothing_of_another_brand_nor_of_the_shoppers_account_is_told() -> None:
    sold = sell_three()
    text = signed_in("bob", "bao").get("/api/desk/brands/bao/orders/").text
    for secret in (
        "alice@example.com",
        sold.order.token,
        sold.variants["canton"].sku,
        "canton",
        str(sold.order.paid.amount),
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("name", "brand", "role", "reads", "writes"),
    [
        ("charlie", "canton", "owner", 404, 404),
        ("dora", "", "", 404, 404),
        ("eve", "bao", "reader", 200, 403),
    ],
)
def test_outsiders_find_nothing_and_readers_change_nothing(
    name: str, brand: str, role: str, reads: int, writes: int
) -> None:
    sold = sell_three()
    client = signed_in(name, brand, role)
    for method, where, said in every_place(sold, "bao"):
        response = client.generic(method, where, str(said).replace("'", '"'), "application/json")
        assert response.status_code == (reads if method == "GET" else writes), where
        assert response.json().get("code") in (None, "not_found", "forbidden")
    assert untouched()


def test_a_brand_finds_no_order_in_which_it_has_nothing_nor_anothers_lines() -> None:
    sold = sell_three()
    Fulfillment.objects.filter(brand__slug="canton").delete()
    charlie = signed_in("charlie", "canton", "owner")
    for method, where, said in every_place(sold, "canton")[1:]:
        response = charlie.generic(method, where, str(said).replace("'", '"'), "application/json")
        assert response.status_code == 404
    bob = signed_in("bob", "bao")
    line = {"pieces": {sold.line("canton"): 1}}
    assert sent(bob, sold, **line)[1]["code"] == "no_such_pieces"
    assert refunded(bob, sold, kind="cancellation", **line)[1]["code"] == "no_such_pieces"
    assert untouched()


def test_nobody_gets_in_without_signing_in_or_without_the_pages_token() -> None:
    sold = sell_three()
    for method, where, _ in every_place(sold, "bao"):
        assert Client().generic(method, where).status_code == 401
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.create_superuser("olga@example.org", "kapok-blossom-9"))
    assert careful.post(place(sold, rest="parcels/"), {}).status_code == 403
    assert untouched()


def test_papers_open_for_the_brand_and_the_operator_and_for_nobody_else() -> None:
    sold = sell_three()
    bob, charlie = signed_in("bob", "bao", "reader"), signed_in("charlie", "canton")
    papers = bob.get(place(sold)).json()["parcels"][0]["papers"]
    olga = Client()
    olga.force_login(User.objects.create_superuser("olga@example.org", "kapok-blossom-9"))
    for paper in papers.values():
        assert charlie.get(paper).status_code == 404
        for client in (bob, olga):
            assert client.get(paper)["Content-Type"] == "application/pdf"


def test_a_parcel_is_sent_in_part_with_its_carrier_and_the_rest_waits() -> None:
    sold = sell_three()
    bob = signed_in("bob", "bao")
    status, said = sent(bob, sold, carrier="Brink's", pieces={sold.line("bao"): 1})
    assert (status, said["state"]) == (200, "partially_fulfilled")
    gone, rest = said["parcels"]
    assert (gone["carrier"], gone["tracking"], gone["state"]) == ("Brink's", "T1", "fulfilled")
    assert (rest["state"], rest["pieces"]) == ("waiting", {sold.line("bao"): 1})
    assert sent(bob, sold)[1] == said  # the same tracking again
    assert sent(bob, sold, tracking="T2")[1]["state"] == "fulfilled"
    assert sent(bob, sold, tracking="T3") == (
        409,
        {
            "code": "no_such_pieces",
            "message": f"Parcel {rest['number']} is fulfilled",
            "field": "pieces",
            "hint": "",
        },
    )


def test_an_order_on_hold_is_not_sent() -> None:
    sold = sell_three()
    Order.objects.update(flag="disputed")
    bob = signed_in("bob", "bao")
    assert bob.get(place(sold)).json()["onHold"] is True
    assert sent(bob, sold)[1]["code"] == "order_on_hold"
    assert untouched()


def test_pieces_are_called_off_and_go_back_to_stock() -> None:
    sold = sell_three()
    status, said = refunded(signed_in("bob", "bao"), sold, kind="cancellation", reason="no stock")
    assert (status, said["creditNote"]) == (200, f"{sold.order.number}-C1")
    assert said["lines"][0]["pieces"] == {"waiting": 1, "sent": 0, "canceled": 1, "returned": 0}
    assert Stock.objects.get(variant=sold.variants["bao"]).quantity == 4
    assert wiring.orders().get(sold.order.number).refunded.amount == Refund.objects.get().amount


def test_a_return_is_refunded_once_with_its_note_on_duty_and_has_a_credit_note() -> None:
    sold = sell_three()
    bob = signed_in("bob", "bao")
    sent(bob, sold)
    note = "Claim the duty back within a year"
    first, again = (
        refunded(bob, sold, kind="return", parts=["goods", "tax"], dutyNote=note) for _ in range(2)
    )
    assert first == again
    (refund,) = first[1]["refunds"]
    assert (refund["kind"], refund["dutyNote"], refund["reason"]) == ("return", note, "too small")
    assert refund["lines"][0]["shipping"] == {"amount": "0.00", "currency": "EUR"}
    assert TransactionEvent.objects.filter(kind="refunded").count() == 1
    assert bob.get(refund["papers"]["credit-note"]).status_code == 200


def test_an_allowance_gives_back_what_is_named_and_the_piece_stays() -> None:
    sold = sell_three()
    bob = signed_in("bob", "bao")
    sent(bob, sold)
    amount = {"amount": "40.00", "currency": "EUR"}
    _, said = refunded(bob, sold, kind="allowance", amount=amount, reason="scratched")
    assert (said["refunds"][0]["amount"], said["state"]) == (amount, "fulfilled")
    assert wiring.orders().get(sold.order.number).refunded == Money(Decimal("40.00"), "EUR")
    assert all(sum(accounts.values()) == 0 for accounts in ledger.balances().values())


def test_a_key_is_for_one_refund_of_one_brand() -> None:
    sold = sell_three()
    bob, charlie = signed_in("bob", "bao"), signed_in("charlie", "canton")
    refunded(bob, sold, kind="cancellation")
    status, said = refunded(bob, sold, kind="cancellation", pieces={sold.line("bao"): 2})
    assert (status, said["code"]) == (409, "key_reused")
    assert refunded(charlie, sold, "canton", kind="cancellation")[0] == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"key": ""}, "key"),
        ({"key": "k" * 61}, "key"),
        ({"reason": "two\nlines"}, "reason"),
        ({"reason": None}, "reason"),
        ({"pieces": {}}, "pieces"),
        ({"pieces": {"1": "1"}}, "pieces"),
        ({"pieces": [1]}, "pieces"),
        ({"parts": ["everything"]}, "parts"),
        ({"parts": "goods"}, "parts"),
        ({"amount": {"amount": "NaN", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "1.005", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "5", "currency": "JPY"}}, "amount"),
        ({"amount": {"amount": "99999", "currency": "EUR"}}, "amount"),
        ({"amount": "5"}, "amount"),
    ],
)
def test_what_is_wrong_in_a_request_is_named(wrong: dict[str, object], field: str) -> None:
    sold = sell_three()
    status, said = refunded(signed_in("bob", "bao"), sold, **{"kind": "cancellation"} | wrong)
    assert (status, said["code"], said["field"]) == (422, "invalid", field)
    assert untouched()


def test_a_provider_that_does_not_answer_is_asked_again_by_the_sweep() -> None:
    sold = sell_three()
    wiring.sandbox().fail_next("refund")
    status, said = refunded(signed_in("bob", "bao"), sold, kind="cancellation")
    assert (status, said["code"]) == (503, "provider_unavailable")
    assert wiring.refunds().finish() == 1
    assert Refund.objects.get().state == "done"


def test_an_operator_acts_for_any_brand_if_their_rights_say_so() -> None:
    sold = sell_three()
    oscar = signed_in("oscar")
    User.objects.filter(email="oscar@example.org").update(is_staff=True)
    assert oscar.get(place(sold)).status_code == 404
    operator = User.objects.get(email="oscar@example.org")
    operator.user_permissions.add(Permission.objects.get(codename="view_order"))
    assert oscar.get(place(sold)).status_code == 200
    assert sent(oscar, sold)[0] == 404
    operator.user_permissions.add(Permission.objects.get(codename="change_order"))
    assert sent(oscar, sold)[0] == 200


def test_the_list_is_paged_and_says_what_is_still_to_send() -> None:
    sold = sell_three()
    bob = signed_in("bob", "bao")
    where = "/api/desk/brands/bao/orders/"
    bob.get(where)  # a session's first page writes it into the list of sessions
    with CaptureQueriesContext(connection) as requested:
        said = bob.get(f"{where}?waiting=1&first=1").json()
    assert ([each["number"] for each in said["orders"]], said["next"]) == (
        [sold.order.number], None,
    )  # fmt: skip
    assert len(requested) <= 16  # one of them looks for a second factor
    assert bob.get(f"{where}?after={sold.order.number}").json()["orders"] == []
    sent(bob, sold)
    assert bob.get(f"{where}?waiting=1").json()["orders"] == []
    assert bob.get(f"{where}?first=0").json()["field"] == "first"
