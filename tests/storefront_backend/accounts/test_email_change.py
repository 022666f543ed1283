"""Another address for an account needs the word of both, and of nobody else."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import EmailChange, User
from tests.storefront_backend.accounts.factors import PASSWORD, is_in, sign_in

pytestmark = pytest.mark.django_db
NEW = "alice@new.example"


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.EMAIL_URL = "smtp://localhost:2525"
    User.objects.create_user("alice@example.org", PASSWORD)
    client = Client()
    sign_in(client, "alice@example.org")
    return client


def links(client: Client, email: str = NEW) -> dict[str, str]:
    """The links that are mailed, by address."""
    client.post("/desk/account/email/", {"email": email})
    wiring.outbox().send_named("account")
    found = {}
    for each in mail.outbox:
        link = re.search(r"http://[^/]+/\S+\?t=(\S+)", each.body)
        assert link
        found[each.to[0]] = link[1]
    return found


def confirm(token: str) -> int:
    return Client().post("/desk/account/email/confirm/", {"t": token}).status_code


def address() -> str:
    return User.objects.get(pk=User.objects.order_by("pk").first().pk).email


@pytest.mark.parametrize("order", [("alice@example.org", NEW), (NEW, "alice@example.org")])
def test_both_confirm_in_any_order(client: Client, order: tuple[str, str]) -> None:
    sent = links(client)
    assert set(sent) == set(order)
    confirm(sent[order[0]])
    assert address() == "alice@example.org"
    confirm(sent[order[1]])
    assert address() == NEW
    other = Client()
    sign_in(other, NEW)
    assert is_in(other)


def test_one_link_twice_is_one_confirmation(client: Client) -> None:
    sent = links(client)
    confirm(sent[NEW])
    confirm(sent[NEW])
    assert address() == "alice@example.org"


def test_a_cancelled_or_replaced_wish_has_dead_links(client: Client) -> None:
    sent = links(client)
    client.post("/desk/account/email/cancel/")
    assert not EmailChange.objects.exists()
    assert [confirm(each) for each in sent.values()] == [410, 410]


def test_an_address_with_an_account_is_not_told_apart_and_not_taken(client: Client) -> None:
    User.objects.create_user("bob@example.org", PASSWORD)
    free = client.post("/desk/account/email/", {"email": NEW})
    taken = client.post("/desk/account/email/", {"email": "bob@example.org"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    mail.outbox.clear()
    sent = links(client, "bob@example.org")
    assert [confirm(each) for each in sent.values()] == [200] * len(sent)
    assert sorted(User.objects.values_list("email", flat=True)) == [
        "alice@example.org", "bob@example.org",
    ]  # fmt: skip
