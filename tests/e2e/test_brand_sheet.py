"""A brand uploads its sheet in a real browser, reads what was found, and applies it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, ImportRun, Product
from storefront_backend.jobs.sheet_imports import run_import
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx
from tests.e2e.test_shopper import check, go

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRICED = {"fixed_price": 12_800}


def sign_in(page: Page, shop: str, brand: Brand) -> None:
    """A session of the brand's owner, without the way through the sign-in page."""
    alice = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=alice, brand=brand, role="owner")
    client = Client()
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": shop}]
    )


def work() -> None:
    """What the worker does meanwhile."""
    run_import.call(str(ImportRun.objects.latest("created_at").pk))


def test_a_sheet_with_an_error_is_uploaded_read_and_applied_in_part(
    shop: str, browser_page: Page, tmp_path: Path
) -> None:
    page = browser_page
    make_rates()
    make_warehouse()
    sign_in(page, shop, make_brand("lotus"))
    wrong = row(product_code="W", sku="W-1", grams="?", alloy="18k rose gld", **PRICED)
    book = xlsx(tmp_path / "rings.xlsx", row(**PRICED), wrong)
    page.goto(f"{shop}/desk/brand/lotus/sheets/")
    check(page)
    page.set_input_files("#file", book)
    go(page, ".hand-in button")
    expect(page.locator("progress")).to_be_visible()
    check(page)
    work()
    expect(page.locator(".faults--error")).to_contain_text("F3")  # the page came by itself
    check(page)
    page.check("[name=only-valid]")
    go(page, ".decide button")
    work()
    expect(page.locator(".note--done")).to_be_visible()
    check(page)
    assert Product.objects.get().code == "LION"
