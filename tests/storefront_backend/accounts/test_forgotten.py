"""A new password by a mailed link at the desk; nobody learns who has an account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from tests.storefront_backend.accounts.factors import PASSWORD

pytestmark = pytest.mark.django_db
FORGOTTEN = "/desk/sign-in/forgotten/"
NEW = "lion-dance-drum-7"


@pytest.fixture
def alice(settings: Settings) -> User:
    settings.EMAIL_URL = "smtp://localhost:2525"
    return User.objects.create_user("alice@example.org", PASSWORD)


def mailed() -> str:
    wiring.outbox().send_named("account")
    found = re.search(r"http://[^/]+(/desk/sign-in/password/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(
    client: Client, alice: User
) -> None:
    def asked(email: str) -> tuple[int, str, list[str]]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post(FORGOTTEN, {"email": email})
        said = re.sub(r'value="\S+"', "", answer.content.decode()).replace(email, "")
        done = [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in queries]
        return answer.status_code, said, done

    client.post(FORGOTTEN, {"email": "warm@example.org"})
    assert asked("Alice@example.org".lower()) == asked("nobody@example.org")


def test_nothing_is_mailed_to_an_address_without_an_account(client: Client, alice: User) -> None:
    client.post(FORGOTTEN, {"email": "nobody@example.org"})
    assert wiring.outbox().send_named("account") == 0
    assert mail.outbox == []


def test_the_link_sets_a_password_once(client: Client, alice: User) -> None:
    client.post(FORGOTTEN, {"email": alice.email})
    link = mailed()
    form = client.get(link).headers["Location"]
    assert client.post(form, {"password1": "short"}).status_code == 422
    assert client.post(form, {"password1": NEW}).headers["Location"] == "/desk/sign-in/"
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert b"expired" in Client().get(link).content


def test_the_mail_speaks_the_language_of_the_page(client: Client, alice: User) -> None:
    client.get("/desk/language/?to=zh-Hant")
    client.post(FORGOTTEN, {"email": alice.email})
    mailed()
    assert mail.outbox[-1].subject == "Pavilion 新密碼"


def test_a_wrong_password_and_an_unknown_address_look_alike_at_the_desk(
    client: Client, alice: User
) -> None:
    def tried(email: str) -> tuple[int, str]:
        answer = client.post("/desk/sign-in/", {"login": email, "password": "wrong"})
        text = re.sub(r'value="\S+"', "", answer.content.decode())
        return answer.status_code, text

    assert tried(alice.email) == tried("nobody@example.org")
