"""Markets and languages in the address: offered, never forced."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders import make_shop

pytestmark = pytest.mark.django_db


def test_the_entrance_offers_every_market_and_sends_nobody_anywhere(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "de-DE,de;q=0.9"})
    assert page.status_code == 200
    regions = [[offer["market"].code for offer in offers] for _, offers in page.context["regions"]]
    assert regions == [
        ["hk", "jp", "kr", "mo"], ["in", "my", "sg", "th"], ["ae", "sa"],
        ["de", "fr", "gb", "it"], ["ca", "us"], ["au"],
    ]  # fmt: skip
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("accepted", "guess"),
    [
        ("en-GB,en;q=0.8", ("gb", "en")),
        ("de-AT,de;q=0.9", ("de", "de")),
        ("ar", ("ae", "ar")),
        ("zh-HK,zh;q=0.9", ("hk", "zh-Hant")),
        ("xx", ("us", "en")),
        ("", None),
    ],
)
def test_the_entrance_guesses_from_the_browser(
    client: Client, accepted: str, guess: tuple[str, str] | None
) -> None:
    page = client.get("/", headers={"accept-language": accepted})
    assert page.context["guess"] == guess


def test_the_entrance_remembers_where_one_was(client: Client) -> None:
    client.get("/ae/ar/")
    page = client.get("/", headers={"accept-language": "de"})
    assert page.context["guess"] == ("ae", "ar")


@pytest.mark.parametrize("path", ["/xx/en/", "/de/xx/", "/de/en/nothing/", "/de/"])
def test_an_unknown_address_is_not_found_in_style(client: Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert b"web/shop.css" in page.content


def test_a_page_speaks_its_language_in_its_direction(client: Client) -> None:
    page = client.get("/ae/ar/jewellery/")
    assert page.headers["Content-Language"] == "ar"
    assert b'<html lang="ar" dir="rtl">' in page.content
    assert "المجوهرات" in page.content.decode()


def test_a_page_names_itself_in_every_market_and_language(client: Client) -> None:
    page = client.get("/hk/zh-hant/")
    tags = [each.hreflang for each in page.context["alternates"]]
    assert len(tags) == len(set(tags)) == 35
    assert {"zh-Hant-HK", "en-HK", "zh-Hans-HK", "ar-SA", "th-TH", "ms-MY", "fr-CA"} <= set(tags)
    assert page.context["canonical"].endswith("/hk/zh-hant/")


def test_public_pages_are_the_same_for_everyone(client: Client) -> None:
    make_shop()
    for path in ("/de/en/jewellery/", "/de/en/brands/", "/de/en/what-you-pay/"):
        page = client.get(path)
        assert "public" in page.headers["Cache-Control"]
        assert "Cookie" not in page.headers.get("Vary", "")
        assert not page.cookies


def test_the_site_map_lists_what_the_market_sells(client: Client) -> None:
    variant = make_shop(markets=("de",))
    address = f"/de/de/jewellery/{variant.product.slug}/"
    assert address in client.get("/sitemap-de.xml").content.decode()
    assert variant.product.slug not in client.get("/sitemap-jp.xml").content.decode()
    assert "sitemap-de.xml" in client.get("/sitemap.xml").content.decode()
    assert "Sitemap: " in client.get("/robots.txt").content.decode()
