"""Accounts: signing in is limited, leads nowhere else, and shows only one's own orders."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from storefront_backend.accounts.models import User
from storefront_backend.orders.models import Order
from tests.builders import make_shop
from tests.storefront_backend.web.test_checkout import open_checkout, pay, send_address

pytestmark = pytest.mark.django_db
SIGN_IN = "/de/en/account/sign-in/"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


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


def test_a_sixth_wrong_password_waits_and_even_the_right_one_does(
    client: Client, alice: User
) -> None:
    answers = [sign_in(client, "wrong").status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session


def test_an_address_that_tries_many_accounts_waits(client: Client) -> None:
    answers = [sign_in(client, email=f"a{n}@example.org").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_signing_in_sends_nobody_to_another_site(client: Client, alice: User) -> None:
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(client, next=wanted).headers["Location"] == "/de/en/account/"
    assert sign_in(client, next="/de/en/bag/").headers["Location"] == "/de/en/bag/"


def test_registering_makes_an_account_and_signs_in(client: Client) -> None:
    bob = {"email": "Bob@Example.org", "password": "lion-dance-drum-7"}
    assert client.post("/ae/ar/account/register/", bob).status_code == 303
    user = User.objects.get()
    assert (user.email, user.market, user.language) == ("bob@example.org", "ae", "ar")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_common_password_or_a_known_address_is_refused(client: Client, alice: User) -> None:
    path = "/de/en/account/register/"
    weak = client.post(path, {"email": "bob@example.org", "password": "password1"})
    known = client.post(path, {"email": "alice@example.org", "password": "lion-dance-drum-7"})
    assert (list(weak.context["form"].errors), list(known.context["form"].errors)) == (
        ["password"], ["email"],
    )  # fmt: skip
    assert User.objects.count() == 1


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
