"""Papers are served to the holder of the order's token and to the brand, and to no other client."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.documents import PaperKind, Seller, credit_note, parcel_paper
from storefront_backend.commerce.shares import Share
from storefront_backend.orders.models import Order
from tests.storefront_backend.aftersale.three_brands import Sold, sell_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


def member_of(brand: str) -> Client:
    user = User.objects.create_user(f"{brand}@example.com", "a-long-password")
    BrandMembership.objects.create(user=user, brand=Brand.objects.get(slug=brand))
    client = Client()
    client.force_login(user)
    return client


def seller(brand: str) -> Seller:
    return Seller(brand, brand.title(), f"{brand.title()} Ltd.", "1 Road, Shenzhen")


def paper_at(sold: Sold, parcel: int, kind: str = "invoice") -> str:
    return f"/de/de/order/{sold.order.token}/{kind}/{sold.order.number}-{parcel}.pdf"


def test_three_parcels_have_three_invoices_that_add_up_to_what_was_paid():
    sold = sell_three()
    invoices = [
        parcel_paper(PaperKind.INVOICE, sold.order, parcel.number, seller(parcel.brand))
        for parcel in sold.order.fulfillments
    ]
    total = Money.sum((invoice.total.total for invoice in invoices), "EUR")
    assert total == sold.order.paid
    assert [invoice.pieces for invoice in invoices] == [1, 2, 1]


def test_the_shoppers_token_opens_every_paper_of_the_order(client: Client):
    sold = sell_three()
    for parcel in (1, 2, 3):
        for kind in ("invoice", "packing-list"):
            answer = client.get(paper_at(sold, parcel, kind))
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF-")
            assert answer.content.rstrip().endswith(b"%%EOF")


def test_no_paper_without_the_token_nor_of_another_order(client: Client):
    sold = sell_three()
    wrong = paper_at(sold, 1).replace(sold.order.token, "6e9a7a52-2b65-4b44-a6cf-1d4a3c1b3e8f")
    for path in (wrong, paper_at(sold, 4), paper_at(sold, 1, "letter")):
        assert client.get(path).status_code == 404


def test_alice_of_aurelia_reads_her_invoice_and_bob_of_bao_never():
    sold = sell_three()
    path = f"/papers/invoice/{sold.order.number}-1.pdf"
    assert member_of("aurelia").get(path).status_code == 200
    assert member_of("bao").get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_a_credit_note_says_what_was_given_back_and_for_which_invoice(client: Client):
    sold = sell_three()
    wiring.orders().fulfil(sold.order.number, brand="bao", tracking="T1")
    order = wiring.refunds().take_back(
        sold.order.number,
        RefundRequest(key="1", brand="bao", pieces={sold.line("bao"): 1}, reason="too small"),
    )
    note = credit_note(order, f"{order.number}-C1", seller("bao"))
    assert (note.refers_to, note.total.total) == (f"{order.number}-2", order.refunded)
    path = paper_at(sold, 1, "credit-note").replace("-1.pdf", "-C1.pdf")
    assert client.get(path).status_code == 200


def test_a_parcel_in_two_parts_has_two_invoices_with_the_pieces_shared():
    sold = sell_three()
    order = wiring.orders().fulfil(
        sold.order.number, brand="bao", tracking="T1", pieces={sold.line("bao"): 1}
    )
    halves = [
        parcel_paper(PaperKind.INVOICE, order, f"{order.number}-{count}", seller("bao"))
        for count in (2, 4)
    ]
    line = next(line for line in order.lines if line.brand == "bao")
    assert Share.sum((half.total for half in halves), "EUR").goods == line.goods
    assert abs(halves[0].total.total.amount - halves[1].total.total.amount) <= Decimal("0.04")


def test_hong_kong_wants_the_suppliers_name_and_address(client: Client):
    sold = sell_three()
    Order.objects.update(market="hk")
    path = paper_at(sold, 1).replace("/de/de/", "/hk/en/")
    assert client.get(path).status_code == 409
    Brand.objects.filter(slug="aurelia").update(address="1 Luohu Road, Shenzhen")
    assert client.get(path).status_code == 200
