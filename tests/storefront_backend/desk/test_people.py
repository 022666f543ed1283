"""Owners invite, change roles and remove; editors and readers look; outsiders find nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.invitations import MOST_OPEN
from storefront_backend.accounts.models import BrandMembership, Invitation, User
from storefront_backend.catalog.models import Brand
from tests.builders import make_brand
from tests.storefront_backend.accounts.factors import PASSWORD, is_in

pytestmark = pytest.mark.django_db
HERE = "/desk/brand/lotus/people/"


@pytest.fixture
def lotus(settings: Settings) -> Brand:
    settings.EMAIL_URL = "smtp://localhost:2525"
    return make_brand("lotus", names={"en": "Lotus", "zh-Hant": "蓮"})


def signed_in(name: str, brand: Brand, role: str) -> Client:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, first_name=name.title())
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(lotus: Brand) -> Client:
    return signed_in("alice", lotus, "owner")


def invite(client: Client, email: str = "dora@example.org", **given: str) -> int:
    fields = {"email": email, "role": "member", "language": "en"} | given
    return client.post(f"{HERE}invite/", fields).status_code


def link() -> str:
    """The link in the newest letter, after what is due was sent."""
    wiring.outbox().send_named("invitation")
    found = re.search(r"http://[^/]+(/desk/invitation/\?t=\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def join(client: Client, where: str, **given: str) -> int:
    path, _, token = where.partition("?t=")
    return client.post(path, {"t": token} | given).status_code


def role_of(name: str) -> str | None:
    rows = BrandMembership.objects.filter(user__email=f"{name}@example.org")
    return rows.values_list("role", flat=True).first()


NEW = {"name": "Dora Lei", "password": "lion-dance-drum-7"}


def test_an_invited_person_makes_an_account_and_sits_at_the_desk(alice: Client) -> None:
    assert invite(alice) == 302
    dora = Client()
    assert join(dora, link(), **NEW) == 302
    assert dora.get("/desk/brand/lotus/").status_code == 200
    user = User.objects.get(email="dora@example.org")
    assert (user.get_full_name(), user.check_password(NEW["password"])) == ("Dora Lei", True)
    assert role_of("dora") == "member"


def test_the_letter_speaks_the_language_that_the_inviter_chose(alice: Client) -> None:
    invite(alice, language="zh-Hant")
    link()
    assert mail.outbox[-1].to == ["dora@example.org"]
    assert mail.outbox[-1].subject == "邀請加入 Pavilion 的蓮"


def test_the_token_is_stored_as_a_digest_only(alice: Client) -> None:
    invite(alice)
    token = link().partition("?t=")[2]
    row = Invitation.objects.get()
    assert token not in str(vars(row))
    assert len(row.token_digest) == 64


def test_a_link_works_once(alice: Client) -> None:
    invite(alice)
    where = link()
    assert join(Client(), where, **NEW) == 302
    assert Client().get(where).status_code == 410
    assert join(Client(), where, **NEW) == 410


def test_sent_again_it_is_a_new_link_and_the_old_one_is_void(alice: Client) -> None:
    invite(alice)
    old = link()
    row = Invitation.objects.get()
    assert alice.post(f"{HERE}invitations/{row.pk}/again/").status_code == 302
    new = link()
    assert [Client().get(each).status_code for each in (old, new)] == [410, 200]


def test_revoked_it_opens_nothing(alice: Client) -> None:
    invite(alice)
    where = link()
    alice.post(f"{HERE}invitations/{Invitation.objects.get().pk}/revoke/")
    assert Client().get(where).status_code == 410
    assert join(Client(), where, **NEW) == 410
    assert role_of("dora") is None


def test_after_a_week_it_is_over(alice: Client) -> None:
    invite(alice)
    where = link()
    Invitation.objects.update(expires_at=wiring.now() - timedelta(seconds=1))
    assert Client().get(where).status_code == 410


def test_invited_twice_is_one_invitation_with_the_last_role(alice: Client) -> None:
    invite(alice)
    invite(alice, role="reader")
    assert [row.role for row in Invitation.objects.all()] == ["reader"]


def test_an_existing_account_signs_in_to_join(alice: Client) -> None:
    User.objects.create_user("dora@example.org", PASSWORD)
    invite(alice)
    dora, where = Client(), link()
    assert "Sign in to join" in dora.get(where).content.decode()
    assert join(dora, where, **NEW) == 200
    assert role_of("dora") is None
    dora.post("/desk/sign-in/", {"login": "dora@example.org", "password": PASSWORD})
    assert join(dora, where) == 302
    assert role_of("dora") == "member"


def test_another_account_cannot_use_the_link(alice: Client) -> None:
    invite(alice)
    charlie = signed_in("charlie", make_brand("crane"), "owner")
    assert join(charlie, link()) == 200
    assert not BrandMembership.objects.filter(
        brand__slug="lotus", user__email="charlie@example.org"
    ).exists()


def test_by_passkey_the_account_has_no_password_and_adds_one_next(alice: Client) -> None:
    invite(alice)
    dora = Client()
    path, _, token = link().partition("?t=")
    answer = dora.post(path, {"t": token, "name": "Dora", "way": "passkey"})
    assert answer.headers["Location"] == "/desk/account/passkeys/add/"
    assert dora.get("/desk/account/passkeys/add/").status_code == 200
    assert not User.objects.get(email="dora@example.org").has_usable_password()


def test_an_invited_owner_enrols_before_anything_else(alice: Client, settings: Settings) -> None:
    invite(alice, role="owner")
    dora, where = Client(), link()
    settings.SECOND_FACTOR = "required"
    join(dora, where, **NEW)
    assert dora.get("/desk/brand/lotus/").headers["Location"] == "/desk/account/"
    page = dora.get("/desk/account/")
    assert "needs a second factor" in page.content.decode()
    assert dora.get("/desk/account/app/").status_code == 200  # without the password once more


@pytest.mark.parametrize("role", ["member", "reader"])
def test_who_is_no_owner_looks_and_manages_nobody(alice: Client, lotus: Brand, role: str) -> None:
    bob = signed_in("bob", lotus, role)
    owner = User.objects.get(email="alice@example.org")
    page = bob.get(HERE).content.decode()
    assert "alice@example.org" in page
    assert "invite/" not in page
    assert invite(bob) == 403
    assert bob.post(f"{HERE}{owner.pk}/role/", {"role": "reader"}).status_code == 403
    assert bob.post(f"{HERE}{owner.pk}/remove/").status_code == 403
    assert (role_of("alice"), Invitation.objects.count()) == ("owner", 0)


def test_an_outsider_reaches_neither_people_nor_invitations(alice: Client) -> None:
    invite(alice)
    charlie = signed_in("charlie", make_brand("crane"), "owner")
    theirs = Invitation.objects.get().pk
    owner = User.objects.get(email="alice@example.org").pk
    for path in (
        f"/desk/brand/crane/people/invitations/{theirs}/again/",
        f"/desk/brand/crane/people/invitations/{theirs}/revoke/",
        f"/desk/brand/crane/people/{owner}/remove/",
        f"{HERE}invitations/{theirs}/revoke/",
    ):
        assert charlie.post(path).status_code == 404
    assert role_of("alice") == "owner"
    assert Invitation.objects.get().revoked_at is None


def test_a_removed_person_is_out_at_once_with_sessions_and_invitations(
    alice: Client, lotus: Brand
) -> None:
    bob = signed_in("bob", lotus, "owner")
    invite(bob)
    where = link()
    user = User.objects.get(email="bob@example.org")
    assert alice.post(f"{HERE}{user.pk}/remove/").status_code == 302
    assert not is_in(bob)
    assert Client().get(where).status_code == 410
    bob.force_login(User.objects.get(pk=user.pk))
    assert bob.get("/desk/brand/lotus/").status_code == 404


def test_roles_change_and_the_last_owner_stays(alice: Client, lotus: Brand) -> None:
    signed_in("bob", lotus, "reader")
    bob = User.objects.get(email="bob@example.org").pk
    own = User.objects.get(email="alice@example.org").pk
    assert alice.post(f"{HERE}{own}/role/", {"role": "reader"}).status_code == 422
    assert alice.post(f"{HERE}{own}/remove/").status_code == 422
    assert alice.post(f"{HERE}{bob}/role/", {"role": "owner"}).status_code == 302
    assert alice.post(f"{HERE}{own}/role/", {"role": "reader"}).status_code == 302
    assert (role_of("alice"), role_of("bob")) == ("reader", "owner")


@pytest.mark.parametrize(
    "given", [{"email": "no address"}, {"role": "king"}, {"email": "alice@example.org"}]
)
def test_what_cannot_be_invited_is_refused(alice: Client, given: dict[str, str]) -> None:
    assert invite(alice, **given) == 422
    assert not Invitation.objects.exists()


def test_a_brand_has_a_bounded_number_of_open_invitations(alice: Client, lotus: Brand) -> None:
    now = wiring.now()
    Invitation.objects.bulk_create(
        Invitation(
            brand=lotus, email=f"a{number}@example.org", role="reader",
            created_at=now, expires_at=now + timedelta(days=1),
        )
        for number in range(MOST_OPEN)
    )  # fmt: skip
    assert invite(alice) == 422
    assert Invitation.objects.count() == MOST_OPEN


def test_one_address_gets_few_letters_whoever_invites(alice: Client) -> None:
    for _ in range(5):
        invite(alice)
        wiring.outbox().send_named("invitation")
    assert len(mail.outbox) == 3
    assert Invitation.objects.get().mail_wanted_at is not None


def test_an_operator_invites_the_first_owner(lotus: Brand) -> None:
    call_command("invite_owner", brand="lotus", email="dora@example.org", language="zh-Hant")
    dora = Client()
    assert join(dora, link(), **NEW) == 302
    assert role_of("dora") == "owner"
    with pytest.raises(CommandError, match="There is no brand nowhere"):
        call_command("invite_owner", brand="nowhere", email="dora@example.org")
