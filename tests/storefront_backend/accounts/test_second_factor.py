"""An account with a second factor is signed in by nothing less, whichever door is tried."""

from __future__ import annotations

import base64

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from storefront_backend.accounts.links import make_link
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.accounts.second_factor import has_factor
from tests.builders import make_brand
from tests.storefront_backend.accounts.factors import (
    PASSWORD,
    SECRET,
    add_app,
    code_of,
    is_in,
    recovery_codes,
    sign_in,
)

pytestmark = pytest.mark.django_db
STEP = "/desk/sign-in/second-factor/"


@pytest.fixture
def alice() -> User:
    user = User.objects.create_superuser("alice@example.org", PASSWORD)
    BrandMembership.objects.create(user=user, brand=make_brand("lotus"), role="owner")
    add_app(user)
    return user


def test_the_password_alone_opens_the_second_step_and_nothing_else(
    client: Client, alice: User
) -> None:
    answer = client.post("/desk/sign-in/", {"login": alice.email, "password": PASSWORD})
    assert answer.headers["Location"] == STEP
    assert not is_in(client)
    assert client.get("/desk/brand/lotus/").status_code == 302
    assert client.get("/api/desk/brands/lotus/orders/").status_code == 401


def test_the_code_of_the_app_signs_in(client: Client, alice: User) -> None:
    sign_in(client, alice.email, code=code_of())
    assert is_in(client)
    assert client.get("/desk/brand/lotus/").status_code == 200


def test_a_code_works_once(client: Client, alice: User) -> None:
    code = code_of()
    sign_in(client, alice.email, code=code)
    thief = Client()
    sign_in(thief, alice.email, code=code)
    assert (is_in(client), is_in(thief)) == (True, False)


def test_a_recovery_code_signs_in_once(client: Client, alice: User) -> None:
    code, *others = recovery_codes(alice)
    sign_in(client, alice.email, code=code)
    thief = Client()
    sign_in(thief, alice.email, code=code)
    assert (is_in(client), is_in(thief)) == (True, False)
    assert recovery_codes(alice) == others


@pytest.mark.parametrize(
    ("door", "name"), [("/de/en/account/sign-in/", "email"), ("/admin/login/", "username")]
)
def test_every_door_for_passwords_leads_to_the_second_step(
    client: Client, alice: User, door: str, name: str
) -> None:
    answer = client.post(door, {name: alice.email, "password": PASSWORD})
    assert answer.headers["Location"] == STEP
    assert client.get("/admin/").status_code == 302
    client.post(STEP, {"code": code_of()})
    assert client.get("/admin/").status_code == 200


def test_a_mailed_link_for_a_password_is_no_second_factor(client: Client, alice: User) -> None:
    token = make_link(alice.email)
    client.post("/de/en/account/choose/", {"t": token, "password": "lion-dance-drum-7"})
    assert not is_in(client)
    client.post(STEP, {"code": code_of()})
    assert is_in(client)


def test_a_session_that_came_in_past_the_steps_is_nobodys(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/desk/brand/lotus/").status_code == 302
    assert client.get("/admin/").status_code == 302
    assert client.get("/api/desk/brands/lotus/orders/").status_code == 401


def test_a_basic_password_opens_no_json(client: Client, alice: User) -> None:
    basic = base64.b64encode(f"{alice.email}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    assert client.get("/api/desk/brands/lotus/orders/", headers=headers).status_code == 401


def test_wrong_codes_are_counted_for_the_account_and_a_known_device_does_not_wait(
    alice: User,
) -> None:
    device, stranger = Client(), Client()
    sign_in(device, alice.email, code=code_of())
    device.post("/desk/sign-out/")
    stranger.post("/desk/sign-in/", {"login": alice.email, "password": PASSWORD})
    answers = [stranger.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert stranger.post(STEP, {"code": code_of(later=1)}).status_code == 429
    sign_in(device, alice.email, code=code_of(later=1))
    assert is_in(device)


def test_an_owner_without_one_is_led_to_it_first(client: Client, settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"
    bob = User.objects.create_user("bob@example.org", PASSWORD)
    BrandMembership.objects.create(user=bob, brand=make_brand("lotus"), role="owner")
    sign_in(client, bob.email)
    assert client.get("/desk/brand/lotus/").headers["Location"] == "/desk/account/"
    assert client.get("/desk/brand/lotus/pieces/").headers["Location"] == "/desk/account/"
    said = client.get("/api/desk/brands/lotus/orders/")
    assert (said.status_code, said.json()["code"]) == (403, "second_factor_required")
    BrandMembership.objects.update(role="member")
    assert client.get("/desk/brand/lotus/").status_code == 200


def test_an_operator_without_one_is_led_to_it_before_the_admin(
    client: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "required"
    client.force_login(User.objects.create_superuser("olga@example.org", PASSWORD))
    assert client.get("/admin/").headers["Location"] == "/desk/account/"


def test_enrolling_an_app_keeps_this_session_and_ends_the_others(client: Client) -> None:
    bob = User.objects.create_user("bob@example.org", PASSWORD)
    elsewhere = Client()
    sign_in(client, bob.email)
    sign_in(elsewhere, bob.email)
    page = client.get("/desk/account/app/")
    code = code_of(page.context["form"].secret)
    answer = client.post("/desk/account/app/", {"code": code})
    assert answer.headers["Location"] == "/desk/account/codes/"
    assert client.get("/desk/account/codes/").content.count(b"<li><code>") == 10
    assert has_factor(bob)
    assert (is_in(client), is_in(elsewhere)) == (True, False)


def test_the_apps_secret_is_sealed_in_the_database(alice: User) -> None:
    row = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    assert SECRET not in str(row.data)


def test_who_must_have_a_factor_keeps_the_last_one(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "required"
    sign_in(client, alice.email, code=code_of())
    assert client.post("/desk/account/app/remove/").status_code == 422
    assert has_factor(alice)
    settings.SECOND_FACTOR = "optional"
    assert client.post("/desk/account/app/remove/").status_code == 302
    assert not has_factor(alice)


def test_security_is_changed_only_by_who_has_just_proved_who_they_are(
    client: Client, alice: User
) -> None:
    sign_in(client, alice.email, code=code_of())
    session = client.session
    session["account_authentication_methods"] = [
        each | {"at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.post("/desk/account/app/remove/")
    assert answer.headers["Location"].startswith("/desk/account/confirm/")
    assert has_factor(alice)
    confirm = answer.headers["Location"]
    assert client.post(confirm, {"password": "wrong"}).status_code == 422
    client.post(confirm, {"password": PASSWORD})
    assert not has_factor(alice)


def test_an_operator_resets_what_was_lost(client: Client, alice: User) -> None:
    sign_in(client, alice.email, code=code_of())
    call_command("reset_second_factor", "Alice@example.org")
    assert not has_factor(alice)
    assert not is_in(client)
