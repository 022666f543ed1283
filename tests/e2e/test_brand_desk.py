"""The pages of a brand's desk that a merchandiser works with each day.

    PICTURES=docs/pictures .venv/bin/pytest -m browser tests/e2e/test_brand_desk.py

writes the pictures of docs/brand-desk.md.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand
from storefront_backend.desk.languages import COOKIE
from tests.builders import make_brand, make_formula, make_marked_variant, make_product, make_shop
from tests.e2e.test_shopper import check

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = {"desk": 1280, "phone": 390}


def make_house() -> Brand:
    house = make_brand(
        "kapok", names={"en": "Kapok", "zh-Hant": "木棉"}, low_stock_at=2, cities={"en": "Foshan"}
    )
    bounds = ({}, {"ceiling": Decimal(5600)}, {"floor": Decimal(5200)}, {"fixed": Decimal(8800)})
    for number, formula in enumerate(bounds, 1):
        names = {"en": f"Blossom ring {number}", "zh-Hant": f"木棉花戒指 {number}"}
        make_marked_variant(
            make_product(house, names=names, code=f"KB-{number}", slug=f"kb-{number}"),
            sku=f"KB-{number}-7",
            own_sku=f"KB-{number}-7",
            formula=make_formula(**formula),
            stock=number,
        )
    make_shop(*house.variants.all())
    return house


def sign_in(page: Page, shop: str, house: Brand, language: str) -> None:
    alice = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=alice, brand=house, role="owner")
    client = Client()
    client.force_login(alice)
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
        page.screenshot(path=Path(folder) / f"brand-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_merchandiser_looks_ahead_at_gold_and_counts_stock(
    shop: str, browser_page: Page, language: str
) -> None:
    page, house = browser_page, make_house()
    sign_in(page, shop, house, language)
    mark = "" if language == "en" else f"-{language}"
    page.goto(f"{shop}/desk/brand/kapok/prices/?metal=gold&percent=12&market=de")
    check(page)
    picture(page, f"prices{mark}")
    page.goto(f"{shop}/desk/brand/kapok/stock/")
    row = house.variants.get(sku="KB-1-7").stock.get()
    page.fill(f"[name=count-{row.pk}]", "9")
    check(page)
    with page.expect_navigation():
        page.press(f"[name=count-{row.pk}]", "Enter")
    row.refresh_from_db()
    assert row.quantity == 9
    check(page)
    picture(page, f"stock{mark}")
