"""The pages of a brand's desk that a merchandiser works with each day.

    PICTURES=docs/pictures .venv/bin/pytest -m browser tests/e2e/test_brand_desk.py

writes the pictures of docs/brand-desk.md.
"""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand
from storefront_backend.desk.languages import COOKIE
from storefront_backend.jobs.photographs import photograph_desk
from tests.builders import make_brand, make_formula, make_marked_variant, make_product, make_shop
from tests.e2e.test_shopper import check, go
from tests.showroom.photographs.pictures import striped

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = {"desk": 1280, "phone": 390}
STORY = {
    "taglines-en": "Red flowers in gold",
    "taglines-zh-Hant": "金中紅棉",
    "stories-en": "Three generations at one bench in Foshan.\n\nEvery petal is drawn by hand.",
    "stories-zh-Hant": "佛山一張工作枱，三代人的手藝，從未間斷。\n\n每片花瓣皆由人手繪畫。",
    "cities-zh-Hant": "佛山",
}


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


def take_picture(house: Brand) -> None:
    """A picture of the house, developed."""
    file = io.BytesIO()
    striped(1200, 900, 0).save(file, "JPEG")
    file.seek(0)
    photograph_desk().take_for_brand(house, "atelier.jpg", file)
    assert photograph_desk().develop_next() == "ready"


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
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        shot = shot.crop((0, 0, shot.width, min(shot.height, 1600))).quantize(128)
        shot.save(Path(folder) / f"brand-{name}-{width}.png", optimize=True)


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


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_an_owner_drafts_the_brand_page_previews_and_publishes_it(
    shop: str, browser_page: Page, language: str
) -> None:
    page, house = browser_page, make_house()
    take_picture(house)
    sign_in(page, shop, house, language)
    mark = "" if language == "en" else f"-{language}"
    page.goto(f"{shop}/desk/brand/kapok/page/")
    for name, text in STORY.items():
        page.fill(f'[name="{name}"]', text)
    page.select_option("[name=hero]", index=1)
    go(page, ".editor .acts--stay .act")
    go(page, '.photos button[value="show"]')
    check(page)
    picture(page, f"page{mark}")
    preview = f"{shop}/hk/{language.lower()}/brands/kapok/preview/"
    page.goto(preview)
    check(page)
    picture(page, f"page-preview{mark}")
    page.goto(preview.replace("preview/", ""))
    assert page.locator(".house-pictures").count() == 0
    page.goto(f"{shop}/desk/brand/kapok/page/")
    go(page, 'button[value="now"]')
    page.goto(preview.replace("preview/", "?past-the-browsers-cache"))
    assert page.locator(".house-pictures img").count() == 1
    assert STORY[f"stories-{language}"].splitlines()[0] in page.inner_text("main")
