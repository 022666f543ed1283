"""A shopper comes by a partner's link, buys and returns; the marketer and the partner look."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.aftersale import commissions, partner_payouts
from storefront_backend.aftersale.refunds import RefundRequest
from storefront_backend.desk.languages import COOKIE
from storefront_backend.orders.models import LedgerMovement
from storefront_backend.partners.enrolment import Applicant, apply
from storefront_backend.partners.loans import Lending, lend
from storefront_backend.partners.models import Brief, Content, Terms
from storefront_backend.partners.reading import due
from storefront_backend.selling.ledger import balances
from tests.e2e.test_shopper import check
from tests.storefront_backend.aftersale.three_brands import sell_three
from tests.storefront_backend.partners.build import buy, make_partner, make_rule, make_terms

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = {"desk": 1280, "phone": 390}


def enter(page: Page, shop: str, user: User, language: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        COOKIE: language,
    }
    page.context.add_cookies(
        [{"name": name, "value": value, "url": shop} for name, value in cookies.items()]
    )


def look(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing wider than the phone; a picture where one is wanted."""
    check(page)
    for width, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": 800})
        if folder := os.environ.get("PICTURES"):
            shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
            shot.save(Path(folder) / f"partners-{name}-{width}.png")


def prepare() -> None:
    """Mei sent two orders, of which one came back after she was paid; she has a loan and a post."""
    shop, mei = sell_three(), make_partner("mei")
    make_rule("0.08")
    sold = [buy(shop, "bao", count, partner="mei") for count in (1, 2)]
    for order in sold:
        wiring.orders().fulfil(order.number, brand="bao", tracking=f"SF-{order.number}")
    commissions.book_due(wiring.now())
    owed = due(mei.pk)[0]
    partner_payouts.pay(mei.pk, owed, reference="SEPA-2026-118", at=wiring.now())
    back = {sold[0].lines[0].id: 1}
    request = RefundRequest(key="rma-1", brand="bao", pieces=back, reason="too small")
    wiring.refunds().take_back(sold[0].number, request)
    commissions.book_due(wiring.now())
    partner_payouts.find_all_holds(wiring.now())
    day = wiring.now().date() - timedelta(days=20)
    lending = Lending(shop.variants["canton"].sku, "CT-2026-0007", day, Money(Decimal(9000), "CNY"))
    lend(mei.pk, lending, day)
    claims = {"jp": ["K18", "ダイヤモンド 0.5 ct"], "hk": ["18K金", "天然鑽石"]}
    brief = Brief.objects.create(
        title="Mid-Autumn rings", text="Show the ring in daylight.", claims=claims,
        created_at=wiring.now(),
    )  # fmt: skip
    Content.objects.create(
        partner=mei, brief=brief, url="https://example.com/reel/18273645", market="jp",
        handed_in_at=wiring.now(),
    )  # fmt: skip
    channels = "https://example.com/ring-diary\nhttps://example.org/@ringdiary"
    asked = Applicant(
        name="The Ring Diary", email="diary@example.com", kind="koc", channels=channels,
        market="hk", language="en", message="I write about vintage rings.",
    )  # fmt: skip
    apply(asked, Terms.objects.get(), wiring.now())


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_marketer_and_a_partner_see_what_came_of_a_link(
    shop: str, browser_page: Page, language: str
) -> None:
    page = browser_page
    prepare()
    page.goto(f"{shop}/de/{language.lower() if language == 'en' else 'de'}/partners/")
    look(page, f"join-{language}")
    enter(page, shop, User.objects.get(is_marketer=True), language)
    base = f"{shop}/desk/marketing/partners/"
    for name, where in (("people", ""), ("rules", "rules/"), ("terms", "terms/"),
                        ("briefs", "briefs/")):  # fmt: skip
        page.goto(base + where)
        look(page, f"{name}-{language}")
    page.goto(base)
    page.click("tbody th a")
    look(page, f"one-{language}")
    page.fill(".asked--held input[name=reason]", "The ring was too small")
    page.click(".asked--held button.act")
    assert not page.locator(".asked--held").count()
    make_terms("2026-2", published_at=wiring.now() - timedelta(minutes=1))
    enter(page, shop, User.objects.create_user("mei@example.com", "kapok-blossom-9"), language)
    page.goto(f"{shop}/desk/")
    assert page.url == f"{shop}/desk/partner/"
    look(page, f"own-{language}")
    assert LedgerMovement.objects.filter(partner__code="mei", kind="partner-payout").count() == 1
    assert all(sum(found.values()) == 0 for found in balances().values())
