"""An account begins, and a password changes, by a link in a mail; no answer reveals who has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.tasks import task_backends
from django.test import Client
from pytest_django import Settings

from storefront_backend.accounts.links import make_link, read_link
from storefront_backend.accounts.models import User

pytestmark = pytest.mark.django_db
REGISTER, FORGOTTEN = "/ae/ar/account/register/", "/de/en/account/password/"
OLD, NEW = "kapok-blossom-9", "lion-dance-drum-7"


@pytest.fixture(autouse=True)
def _mails_at_once(settings: Settings) -> Iterator[None]:
    settings.EMAIL_URL = "smtp://localhost:2525"
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    yield
    task_backends._connections.__dict__.clear()  # pytest-django restores the setting only


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org", OLD)


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://[^/]+(/\S+/choose/\?t=\S+)", message.body)
    assert found
    return found[1]


def choose(client: Client, link: str, password: str = NEW) -> int:
    path, _, token = link.partition("?t=")
    return client.post(path, {"t": token, "password": password}).status_code


def test_a_new_shopper_confirms_the_address_and_is_signed_in(client: Client) -> None:
    assert client.post(REGISTER, {"email": "Bob@Example.org"}).status_code == 200
    assert not User.objects.exists()
    link = link_in(mail.outbox[0])
    assert client.get(link).status_code == 200
    assert choose(client, link) == 303
    bob = User.objects.get()
    assert (bob.email, bob.market, bob.language) == ("bob@example.org", "ae", "ar")
    assert client.session["_auth_user_id"] == str(bob.pk)


@pytest.mark.parametrize("door", [REGISTER, FORGOTTEN])
def test_a_known_and_an_unknown_address_get_the_same_answer(
    client: Client, alice: User, door: str
) -> None:
    known = client.post(door, {"email": alice.email})
    unknown = client.post(door, {"email": "nobod@example.org"})
    assert known.status_code == unknown.status_code == 200

    def plain(text: str) -> str:
        return re.sub(r"csrf\S+ value=\"\S+\"", "", text)

    assert plain(known.text) == plain(unknown.text).replace("nobod@example.org", alice.email)
    assert {name for name, _ in known.items()} == {name for name, _ in unknown.items()}


def test_the_owner_of_an_account_is_told_that_somebody_registered(
    client: Client, alice: User
) -> None:
    client.post("/de/en/account/register/", {"email": alice.email})
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert "You already have an account" in message.body
    alice.refresh_from_db()
    assert alice.check_password(OLD)


def test_a_link_changes_the_password_once(client: Client, alice: User) -> None:
    client.post(FORGOTTEN, {"email": alice.email})
    link = link_in(mail.outbox[0])
    assert choose(client, link, "password1") == 422
    assert choose(client, link) == 303
    assert choose(Client(), link, "another-drum-8") == 410
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_a_link_dies_with_what_it_was_made_for(alice: User) -> None:
    of_alice, of_bob = make_link(alice.email), make_link("bob@example.org")
    assert (read_link(of_alice), read_link(of_bob)) == (alice.email, "bob@example.org")
    alice.set_password(NEW)
    alice.save()
    User.objects.create_user("bob@example.org", OLD)
    assert [read_link(link) for link in (of_alice, of_bob, of_alice[:-1], "")] == [None] * 4


def test_a_closed_account_gets_the_same_answer_and_no_link(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert client.post(FORGOTTEN, {"email": alice.email}).status_code == 200
    assert mail.outbox == []


def test_one_address_gets_few_mails_whoever_asks(client: Client) -> None:
    for number in range(8):
        client.post(REGISTER, {"email": "v@example.org"}, REMOTE_ADDR=f"198.51.100.{number}")
    assert len(mail.outbox) == 3


def test_one_client_asks_for_few_links(client: Client) -> None:
    answers = [
        client.post(REGISTER, {"email": f"v{number}@example.org"}).status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [429]
    assert len(mail.outbox) == 10


@pytest.mark.parametrize("text", ["=?utf-8?q?x?=@example.com", "a@b", ""])
def test_what_no_mail_can_be_sent_to_is_refused(client: Client, text: str) -> None:
    assert client.post(REGISTER, {"email": text}).status_code == 422
    assert mail.outbox == []
