"""A shopper's way from the bag to the order, over plain forms."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from django.test import Client

from i18n.landed_cost import LandedCost
from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.orders.models import Checkout, Order, Transaction
from tests.builders import make_address, make_marked_variant, make_shop

pytestmark = pytest.mark.django_db


def open_checkout(client: Client, variant: ProductVariant, place: str = "de/en") -> str:
    """The path of a fresh checkout with one piece of the variant."""
    client.post(f"/{place}/bag/add/", {"sku": variant.sku})
    response = client.post(f"/{place}/bag/checkout/")
    assert response.status_code == 303
    return str(response.headers["Location"])


def send_address(client: Client, path: str, market: str = "de", **changes: str) -> object:
    """Fill in the first page."""
    phones = {"us": "+12125550123", "de": "+4930123456", "jp": "+81312345678", "ae": "+97143001234"}
    address = dataclasses.asdict(make_address(market))
    if market == "ae":
        address["country_area"] = "إمارة دبيّ"  # as the list of emirates writes it
    fields = address | {"email": "alice@example.org", "phone": phones[market]} | changes
    return client.post(path, fields)


def pay(client: Client, path: str, answer: str) -> str:
    """Press the button of the review, answer on the payment page, come back; where one lands."""
    payment = client.post(f"{path}review/")
    assert payment.status_code == 303
    back = client.post(payment.headers["Location"], {"answer": answer})
    return str(client.get(back.headers["Location"]).headers["Location"])


@pytest.mark.parametrize("market", ["us", "de", "jp", "ae"])
def test_a_paid_checkout_becomes_an_order_with_the_lines_that_were_shown(
    client: Client, market: str
) -> None:
    path = open_checkout(client, make_shop(make_marked_variant()), f"{market}/en")
    assert send_address(client, path, market).headers["Location"] == f"{path}delivery/"
    assert client.post(f"{path}delivery/", {"option": "insured"}).status_code == 303
    quoted = wiring.checkouts().get(path.split("/")[4]).quote

    order_page = client.get(pay(client, path, "pay"))

    order = Order.objects.get()
    sold = LandedCost.from_json(order.landed)
    assert [line._replace(parts=()) for line in sold.lines] == [
        line._replace(parts=()) for line in quoted.cost.lines
    ]
    assert order.total == quoted.total.amount
    assert order_page.context["order"].number == order.number
    assert client.cookies["bag_count"].value == "0"


def test_a_declined_payment_takes_nothing_and_can_be_tried_again(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path)

    assert pay(client, path, "decline") == f"{path}review/"
    assert Order.objects.count() == 0
    assert Transaction.objects.get().state == "failed"

    assert "/order/" in pay(client, path, "pay")
    assert Order.objects.count() == 1


def test_a_cancelled_payment_gives_the_piece_back(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path)
    assert pay(client, path, "cancel") == f"{path}review/"
    assert Stock.objects.get().reserved == 0
    assert Checkout.objects.get().state == "open"


def test_an_address_the_country_does_not_know_is_shown_at_its_field(client: Client) -> None:
    path = open_checkout(client, make_shop())
    response = send_address(client, path, postal_code="ABC")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["postal_code"]
    assert b'href="#id_postal_code"' in response.content
    assert Checkout.objects.get().shipping_address is None


def test_a_telephone_number_is_kept_in_one_spelling(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path, phone="030 123456")
    assert Checkout.objects.get().shipping_address["phone"] == "+4930123456"


def test_a_checkout_of_one_market_is_not_found_in_another(client: Client) -> None:
    path = open_checkout(client, make_shop())
    assert client.get(path.replace("/de/", "/gb/")).status_code == 404


def test_a_price_that_has_run_out_is_reckoned_anew_before_anyone_pays(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path)
    Checkout.objects.update(quote_expires_at="2026-01-01T00:00:00Z")

    response = client.post(f"{path}review/")

    assert response.status_code == 422
    assert Transaction.objects.count() == 0
    assert Checkout.objects.get().quote_expires_at > wiring.now()


def test_a_piece_sold_meanwhile_is_refused_and_nothing_is_taken(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path)
    Stock.objects.update(quantity=0)
    response = client.post(f"{path}review/")
    assert response.status_code == 422
    assert Transaction.objects.count() == 0
    assert b"just been sold" in response.content


def test_the_order_page_opens_with_its_token_alone(client: Client) -> None:
    path = open_checkout(client, make_shop())
    send_address(client, path)
    order_path = pay(client, path, "pay")
    page = Client().get(order_path)
    assert page.status_code == 200
    assert page.context["order"].paid.amount > Decimal(0)
    assert "no-store" in page.headers["Cache-Control"]
