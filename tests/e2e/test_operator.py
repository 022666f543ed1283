"""An operator finds an order, refunds a piece of it, and reads who did what.

    PICTURES=docs/pictures .venv/bin/pytest -m browser tests/e2e/test_operator.py

writes the pictures of docs/operator-desk.md.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from storefront_backend.accounts.models import User
from storefront_backend.desk.languages import COOKIE
from storefront_backend.orders.models import Refund
from tests.e2e.test_shopper import check, go
from tests.storefront_backend.aftersale.three_brands import sell_three
from tests.storefront_backend.desk.operator.test_imprint import GIVEN, JAPANESE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACES = (
    "checkouts", "payouts", "money", "rates", "held-prices", "houses", "people", "markets", "work",
    "failures", "builds", "saleor", "deliveries", "warehouses", "imprint", "deliveries/new",
    "houses/bao", "payouts/bao", "markets/jp",
)  # fmt: skip
WIDTHS = {"desk": 1280, "phone": 390}


def sign_in(page: Page, shop: str, language: str) -> None:
    olga = User.objects.create_superuser("olga@example.org", "kapok-blossom-9")
    client = Client()
    client.force_login(olga)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        COOKIE: language,
    }
    page.context.add_cookies(
        [{"name": name, "value": value, "url": shop} for name, value in cookies.items()]
    )


def picture(page: Page, name: str) -> None:
    """The page as it is, at both widths, where somebody wants pictures."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    for width, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": 800})
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        shot = shot.crop((0, 0, shot.width, min(shot.height, 1600))).quantize(128)
        shot.save(Path(folder) / f"operator-{name}-{width}.png", optimize=True)


def fill_imprint(page: Page, shop: str) -> None:
    """As an operator does, with what Japan's law asks for."""
    page.goto(f"{shop}/desk/operator/imprint/")
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    for name, text in {**GIVEN, **JAPANESE}.items():
        page.fill(f"[name={name}]", text)
    go(page, "main .form .act")
    assert not page.locator(".field__error").count()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_an_operator_refunds_a_piece_and_reads_who_did_what(
    shop: str, browser_page: Page, language: str
) -> None:
    page, sold = browser_page, sell_three()
    sign_in(page, shop, language)
    mark = "" if language == "en" else f"-{language}"
    page.goto(f"{shop}/desk/operator/")
    assert page.locator("html").get_attribute("lang") == language
    check(page)
    picture(page, f"overview{mark}")
    page.goto(f"{shop}/desk/operator/orders/?search={sold.order.number}")
    check(page)
    picture(page, f"orders{mark}")
    go(page, "tbody th a")
    check(page)
    picture(page, f"order{mark}")
    go(page, 'a[href$="/refund/"]')
    check(page)
    page.select_option("[name=kind]", "cancellation")
    page.fill(f"[name=pieces_{sold.line('bao')}]", "1")
    page.fill("[name=reason]", "sold out")
    go(page, "main .form button")
    check(page)
    picture(page, f"refund{mark}")
    assert not Refund.objects.exists()
    go(page, "main form button")
    assert Refund.objects.get().state == "done"
    page.goto(f"{shop}/desk/operator/acts/")
    assert "olga@example.org" in page.locator("tbody").inner_text()
    assert "sold out" in page.locator("tbody").inner_text()
    check(page)
    picture(page, f"acts{mark}")
    for place in PLACES:
        page.goto(f"{shop}/desk/operator/{place}/")
        check(page)
        picture(page, f"{place.replace('/', '-')}{mark}")
    fill_imprint(page, shop)
    for place in ("de/en", "jp/ja", "hk/zh-hant"):
        page.goto(f"{shop}/{place}/imprint/")
        assert "Pavilion Trading Ltd" in page.inner_text("main")
        check(page)
        picture(page, f"imprint-shop-{place[:2]}{mark}")
