"""Wrong passwords are limited at every door, and strangers keep no owner out."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import aauthenticate
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from storefront_backend.accounts.models import User
from storefront_backend.throttle.errors import TooManyRequests

pytestmark = pytest.mark.django_db
SHOP, ADMIN = "/de/en/account/sign-in/", "/admin/login/"
PASSWORD = "kapok-blossom-9"


@pytest.fixture
def alice() -> User:
    return User.objects.create_superuser("alice@example.org", PASSWORD)


def sign_in(
    client: Client,
    password: str = PASSWORD,
    *,
    door: str = SHOP,
    email: str = "Alice@example.org",
    address: str = "203.0.113.7",
    **headers: str,
) -> HttpResponse:
    name = "username" if door == ADMIN else "email"
    return client.post(
        door, {name: email, "password": password}, REMOTE_ADDR=address, headers=headers
    )


def statuses(client: Client, tries: int, **given: str) -> list[int]:
    return [sign_in(client, "wrong", **given).status_code for _ in range(tries)]


@pytest.mark.parametrize(("door", "wrong"), [(SHOP, 422), (ADMIN, 200)])
def test_after_five_wrong_passwords_even_the_right_one_waits(
    client: Client, alice: User, door: str, wrong: int
) -> None:
    assert statuses(client, 6, door=door) == [wrong] * 5 + [429]
    answer = sign_in(client, door=door)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "_auth_user_id" not in client.session


def test_the_two_doors_share_one_count(client: Client, alice: User) -> None:
    assert statuses(client, 5, door=SHOP) == [422] * 5
    assert sign_in(client, door=ADMIN).status_code == 429


def test_a_client_that_tries_many_accounts_waits(client: Client) -> None:
    answers = [
        sign_in(client, "wrong", email=f"a{number}@example.org").status_code for number in range(21)
    ]
    assert answers == [422] * 20 + [429]


def test_clients_behind_one_proxy_are_told_apart(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.2"]
    for number in range(30):
        sign_in(
            client, "wrong", email=f"a{number}@example.org", address="10.0.0.2",
            **{"X-Forwarded-For": "203.0.113.7"},
        )  # fmt: skip
    through = {"X-Forwarded-For": "203.0.113.8"}
    assert sign_in(client, address="10.0.0.2", **through).status_code == 303


def test_an_invented_header_makes_nobody_another_client(client: Client, alice: User) -> None:
    invented = [
        sign_in(client, "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(6)
    ]
    assert invented == [422] * 5 + [429]


def test_the_addresses_of_one_ipv6_network_are_one_client(client: Client, alice: User) -> None:
    answers = [
        sign_in(client, "wrong", address=f"2001:db8::{number:x}").status_code for number in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_fifty_tries_from_ten_addresses_lock_no_owner_out(client: Client, alice: User) -> None:
    for number in range(10):
        statuses(Client(), 5, address=f"198.51.100.{number}")
    assert sign_in(client).status_code == 303


def test_a_known_device_gets_in_while_any_number_of_strangers_try(alice: User) -> None:
    device, stranger = Client(), Client()
    assert sign_in(device).status_code == 303
    device.post("/de/en/account/sign-out/")
    for number in range(25):
        statuses(Client(), 5, address=f"198.51.100.{number}")
    assert sign_in(stranger, address="192.0.2.1").status_code == 429
    assert sign_in(device, address="192.0.2.2").status_code == 303


def test_a_device_is_known_for_its_own_account_only_and_limited_itself(alice: User) -> None:
    User.objects.create_user("bob@example.org", PASSWORD)
    device = Client()
    sign_in(device, email="bob@example.org")
    device.post("/de/en/account/sign-out/")
    bobs = device.cookies["known-device"].value
    assert statuses(device, 6) == [422] * 5 + [429]
    forged = Client()
    forged.cookies["known-device"] = bobs[:-2] + "xx"
    assert sign_in(forged).status_code == 429
    assert statuses(device, 6, email="bob@example.org") == [422] * 5 + [429]


def test_signing_in_often_uses_nothing_up(client: Client, alice: User) -> None:
    for _ in range(30):
        assert sign_in(Client()).status_code == 303
    assert statuses(client, 3) == [422] * 3
    assert sign_in(client).status_code == 303
    assert statuses(client, 5) == [422] * 5


def test_the_cookie_is_not_for_scripts_and_names_nobody(client: Client, alice: User) -> None:
    sign_in(client)
    cookie = client.cookies["known-device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "alice" not in cookie.value


@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_view_passes_no_limit_by() -> None:
    async def wrong(tries: int) -> None:
        try:
            for _ in range(tries):
                await aauthenticate(HttpRequest(), username="alice@example.org", password="wrong")
        finally:
            await sync_to_async(connections.close_all)()

    with pytest.raises(TooManyRequests):
        asyncio.run(wrong(6))
