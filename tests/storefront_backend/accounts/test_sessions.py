"""Where a person is signed in, and signing out elsewhere."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import AccountMail, User
from storefront_backend.accounts.sessions import end_all
from tests.storefront_backend.accounts.factors import PASSWORD, is_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org", PASSWORD)


def sessions(client: Client) -> list[tuple[str, bool]]:
    shown = client.get("/desk/account/").context["sessions"]
    return [(each["browser"], each["session"].is_this) for each in shown]


@pytest.fixture
def two(alice: User) -> tuple[Client, Client]:
    here = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537"})
    there = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19) Safari/604"})
    sign_in(here, alice.email)
    sign_in(there, alice.email)
    return here, there


def test_every_place_is_listed_this_one_first(two: tuple[Client, Client]) -> None:
    here, there = two
    assert sessions(here) == [("Chrome, Windows", True), ("Safari, iPhone", False)]
    assert sessions(there) == [("Safari, iPhone", True), ("Chrome, Windows", False)]


def test_one_place_is_signed_out(two: tuple[Client, Client]) -> None:
    here, there = two
    other = here.get("/desk/account/").context["sessions"][1]["session"]
    here.post("/desk/account/sessions/", {"session": other.key})
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_another_persons_session(two: tuple[Client, Client]) -> None:
    here, _ = two
    key = here.get("/desk/account/").context["sessions"][0]["session"].key
    bob = Client()
    sign_in(bob, User.objects.create_user("bob@example.org", PASSWORD).email)
    assert bob.post("/desk/account/sessions/", {"session": key}).status_code == 404
    assert is_in(here)


def test_everywhere_else_is_signed_out(two: tuple[Client, Client]) -> None:
    here, there = two
    here.post("/desk/account/sessions/")
    assert (is_in(here), is_in(there)) == (True, False)
    assert sessions(here) == [("Chrome, Windows", True)]


def test_a_session_in_no_list_ends_with_all_others(alice: User) -> None:
    unlisted = Client()
    unlisted.force_login(alice)
    end_all(alice)
    assert not is_in(unlisted)


def test_another_password_signs_the_others_out_and_is_told_by_mail(
    two: tuple[Client, Client], settings: Settings
) -> None:
    here, there = two
    given = {"oldpassword": PASSWORD, "password1": "lion-dance-drum-7"}
    assert here.post("/desk/account/password/", given).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    settings.EMAIL_URL = "smtp://localhost:2525"
    wiring.outbox().send_named("account")
    assert [each.subject for each in mail.outbox] == ["Your password was changed"]
    assert not AccountMail.objects.filter(done_at=None).exists()


def test_a_wrong_current_password_is_counted_like_one_of_signing_in(
    two: tuple[Client, Client],
) -> None:
    here, _ = two
    given = {"oldpassword": "wrong", "password1": "lion-dance-drum-7"}
    answers = [here.post("/desk/account/password/", given).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
