"""Accounts: signing in leads nowhere else, and shows only one's own orders."""

from __future__ import annotations

import pytest
from django.test import Client

from storefront_backend.accounts.models import User
from storefront_backend.orders.models import Order
from tests.builders import make_shop
from tests.storefront_backend.web.test_checkout import open_checkout, pay, send_address

pytestmark = pytest.mark.django_db
SIGN_IN = "/de/en/account/sign-in/"


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org", "kapok-blossom-9")


def sign_in(client: Client, password: str = "kapok-blossom-9", **fields: str) -> object:
    return client.post(SIGN_IN, {"email": "Alice@example.org", "password": password} | fields)


def test_alice_signs_in_and_out(client: Client, alice: User) -> None:
    assert sign_in(client).headers["Location"] == "/de/en/account/"
    assert client.get("/de/en/account/").status_code == 200
    client.post("/de/en/account/sign-out/")
    assert client.get("/de/en/account/").headers["Location"] == SIGN_IN


def test_signing_in_sends_nobody_to_another_site(client: Client, alice: User) -> None:
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(client, next=wanted).headers["Location"] == "/de/en/account/"
    assert sign_in(client, next="/de/en/bag/").headers["Location"] == "/de/en/bag/"


def test_an_account_shows_orders_bought_with_it_not_those_of_its_address(alice: User) -> None:
    guest, member = Client(), Client()
    variant = make_shop()
    path = open_checkout(guest, variant)
    send_address(guest, path, email="alice@example.org")
    pay(guest, path, "pay")
    member.force_login(alice)
    path = open_checkout(member, variant)
    send_address(member, path)
    pay(member, path, "pay")

    shown = [row["order"] for row in member.get("/de/en/account/").context["orders"]]

    assert Order.objects.count() == 2
    assert [order.user for order in shown] == [alice]
