"""A shopper's whole way in a real browser: from the entrance to the paid order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from storefront_backend.catalog.models import Product
from storefront_backend.orders.models import Order
from tests.browsing import open_context
from tests.builders import make_brand, make_marked_variant, make_poster, make_product, make_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 390, 1280)


def make_window() -> Product:
    """One house with two rings; the first in two sizes, with a poster and an engraver."""
    house = make_brand(
        "kapok", names={"en": "Kapok", "ar": "كابوك"}, stories={"en": "Red flowers."}
    )
    ring = make_product(
        house,
        slug="blossom",
        names={"en": "Blossom Ring", "ar": "خاتم الزهرة"},
        descriptions={"en": "Drawn by hand.", "ar": "مسحوب يدويًا."},
        engraving_max=12,
    )
    make_poster(ring)
    make_shop(
        make_marked_variant(ring, ring_size_label="6"),
        make_marked_variant(ring, ring_size_label="7"),
        make_marked_variant(make_product(house)),
    )
    return ring


def fill_address(page: Page, market: str) -> None:
    """The address form of a market."""
    page.fill("#id_email", "alice@example.org")
    page.fill("#id_name", "Alice Shaw")
    page.fill("#id_street_address", "1 Example Street")
    if market == "de":
        page.fill("#id_postal_code", "10117")
        page.fill("#id_city", "Berlin")
        page.fill("#id_phone", "030 123456")
    else:
        page.select_option("#id_country_area", index=2)
        page.fill("#id_phone", "04 300 1234")


def check(page: Page) -> None:
    """The page fits every width, runs its own way, and axe has nothing to say."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width, page.url
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url


def go(page: Page, selector: str) -> None:
    """Press a button or a link and wait for the next page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize(("place", "direction"), [("de/en", "ltr"), ("ae/ar", "rtl")])
def test_a_shopper_buys_a_ring(shop: str, browser_page: Page, place: str, direction: str) -> None:
    page, market = browser_page, place[:2]
    make_window()
    page.goto(shop)
    check(page)
    go(page, f'.gates a[href="/{place}/"]')
    assert page.locator("html").get_attribute("dir") == direction
    check(page)
    go(page, ".top__nav a")
    check(page)
    go(page, '.card a[href$="/blossom/"]')
    check(page)
    shown = page.locator(".price__total").inner_text()
    page.fill("#id_engraving", "for Bob")
    go(page, ".buy button")
    assert page.locator("[data-bag-count]").inner_text() == "1"
    check(page)
    go(page, ".bag__on button")
    check(page)
    go(page, ".form:not(.form--line) button")
    assert page.locator("#error-summary").is_visible()
    check(page)
    fill_address(page, market)
    go(page, ".form:not(.form--line) button")
    check(page)
    page.check("#id_no_return_consent")  # an engraved piece cannot be given back
    go(page, ".form:not(.form--line) button")
    assert shown in page.locator(".form:not(.form--line) button").inner_text()
    check(page)
    go(page, ".form:not(.form--line) button")
    go(page, "button[value=challenge]")
    go(page, "button[value=confirm]")
    check(page)
    order = Order.objects.get()
    assert f"/{place}/order/{order.token}/" in page.url
    assert page.locator(".lines tfoot td").inner_text() == shown
    assert order.lines.get().engraving == "for Bob"


def test_another_size_changes_the_piece_without_leaving_the_page(
    shop: str, browser_page: Page
) -> None:
    page = browser_page
    ring = make_window()
    large = ring.variants.get(ring_size_label="7")
    page.goto(f"{shop}/de/en/jewellery/blossom/")
    page.evaluate("window.stayed = true")
    page.select_option("#size", "7")
    expect(page.locator("[name=sku]")).to_have_value(large.sku)
    assert page.evaluate("window.stayed") is True
    assert re.search(r"size=7$", page.url)


def test_the_whole_way_works_without_javascript(shop: str, browser_page: Page) -> None:
    make_window()
    context = open_context(browser_page.context.browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shop}/de/en/jewellery/blossom/")
    page.select_option("#size", "7")
    go(page, ".choice button")
    assert page.locator("#size").input_value() == "7"
    go(page, ".buy button")
    go(page, ".bag__on button")
    fill_address(page, "de")
    for selector in (
        ".form:not(.form--line) button",
        ".form:not(.form--line) button",
        ".form:not(.form--line) button",
        "button[value=pay]",
    ):
        go(page, selector)
    assert page.url.endswith(f"/order/{Order.objects.get().token}/")
    context.close()


@pytest.mark.parametrize("place", ["de/en", "ae/ar", "hk/zh-hant"])
@pytest.mark.parametrize(
    "path", ["brands/", "brands/kapok/", "what-you-pay/", "account/sign-in/", "nothing/"]
)
def test_every_other_page_fits_and_is_accessible(
    shop: str, browser_page: Page, place: str, path: str
) -> None:
    make_window()
    browser_page.goto(f"{shop}/{place}/{path}")
    check(browser_page)
