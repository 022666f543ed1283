"""A passkey in a real browser: an invited owner makes one, and signs in with nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import expect
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.jobs.people import invite_owner
from tests.builders import make_brand
from tests.e2e.test_shopper import check

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def virtual_authenticator(page: Page) -> None:
    """A device that keeps passkeys and whose owner has just been recognised."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def invitation(shop: str) -> str:
    invite_owner(make_brand("lotus"), "dora@example.org")
    wiring.outbox().send_named("invitation")
    found = re.search(r"(/desk/invitation/\?t=\S+)", mail.outbox[-1].body)
    assert found
    return shop + found[1]


def test_an_invited_owner_makes_a_passkey_and_signs_in_with_it(
    shop: str, browser_page: Page, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "required"
    settings.EMAIL_URL = "smtp://localhost:2525"
    shop = shop.replace("127.0.0.1", "localhost")  # an address cannot have passkeys
    page = browser_page
    virtual_authenticator(page)
    page.goto(invitation(shop))
    check(page)
    page.fill("[name=name]", "Dora Lei")
    page.click("[name=way]")
    check(page)
    page.click("[data-passkey=make] button")
    expect(page.locator(".codes-list li")).to_have_count(10)
    check(page)
    page.click("text=I have kept them")
    expect(page.locator(".bar__house")).to_be_visible()
    assert BrandMembership.objects.get().user.email == "dora@example.org"

    page.click("text=Account")
    check(page)
    page.click("text=Sign out >> nth=0")
    check(page)
    page.click("[data-passkey=use] button")
    expect(page.locator(".bar__house")).to_be_visible()
    row = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert row.user == User.objects.get()
    assert row.last_used_at is not None
