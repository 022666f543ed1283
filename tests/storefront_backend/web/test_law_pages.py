"""What you pay and why: worked numbers, rules with sources, and why nothing is sold in a place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from i18n.rulebook import load_rulebook
from storefront_backend import wiring
from storefront_backend.catalog.models import Listing
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.web.samples import sample_prices, worked
from tests.builders import make_marked_variant, make_rates, make_shop

pytestmark = pytest.mark.django_db
BOOK = load_rulebook()
TODAY = date(2026, 11, 24)
COSTS = LandedCosts(BOOK, frozenset({"*"}), {"kr": {"USD": Decimal(1380)}})
IN_GERMAN = "Mehrwertsteuer (Umsatzsteuer), Regelsatz"


def read(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return page.content.decode()


@pytest.mark.parametrize(
    ("market", "prices"),
    [("de", (150, 151, 1500)), ("gb", (135, 136, 1350)), ("jp", (10_000, 10_001, 100_000)),
     ("my", (500, 501, 5000)), ("kr", (207_000, 207_001, 10_000_000)),
     ("hk", (1000, 5000, 20_000))],
)  # fmt: skip
def test_prices_stand_at_above_and_beyond_the_lowest_threshold(
    market: str, prices: tuple[int, ...]
) -> None:
    law = BOOK.market(market).on(TODAY)
    currency = BOOK.market(market).market.currency
    assert sample_prices(law, currency, COSTS.thresholds.get(market, {})) == prices


@pytest.mark.parametrize("market", [each.code for each in BOOK.markets])
def test_every_market_has_three_worked_prices_or_the_rule_that_stops_it(market: str) -> None:
    found = worked(BOOK.market(market).market, COSTS, TODAY)
    if market == "in":
        assert found.stopped is not None
        assert found.stopped.rule == "in.restriction.licence"
        return
    assert len(found.rows) == 3
    for row in found.rows:
        assert all(line.source for line in row.cost.lines if line.rule)


def test_a_threshold_shows_in_the_worked_numbers(client: Client) -> None:
    make_rates()
    page = client.get("/de/de/what-you-pay/")
    at, above, _ = page.context["samples"]
    assert (at.duty.amount, above.duty.amount) == (Decimal("3.00"), Decimal("3.78"))
    assert at.sentences[-1].text.startswith("Insgesamt zahlen Sie ")


def test_the_rules_are_said_in_the_language_of_the_page(client: Client) -> None:
    make_rates()
    text = read(client, "/de/de/what-you-pay/")
    assert IN_GERMAN in text
    assert "Value added tax (Umsatzsteuer)" not in text
    assert IN_GERMAN not in read(client, "/de/en/what-you-pay/")


def test_what_is_disputed_is_listed_first(client: Client) -> None:
    make_rates()
    page = client.get("/us/en/what-you-pay/")
    assert "us.customs.mpf-informal" in {rule.rule for rule in page.context["open_rules"]}


@pytest.mark.parametrize("page", ["", "jewellery/", "what-you-pay/"])
def test_india_says_by_which_rule_nothing_is_sent_there(client: Client, page: str) -> None:
    make_rates()
    text = read(client, f"/in/en/{page}")
    assert "in.restriction.licence" in text
    assert "https://gazettetracker.com/g/CG-DL-E-02042026-271542" in text
    assert "The parcel would be seized." in text


def test_a_market_says_what_stops_its_listings_most_often(client: Client) -> None:
    make_shop(markets=("gb",))
    assert not Listing.objects.filter(market="gb", is_live=True).exists()
    stop = client.get("/gb/en/jewellery/").context["stop"]
    assert stop.rule.startswith("gb.hallmark.")
    assert stop.need


def test_a_market_with_pieces_says_nothing_of_the_kind(client: Client) -> None:
    make_shop(make_marked_variant())
    assert client.get("/de/en/jewellery/").context["stop"] is None
    assert 'id="stop"' not in read(client, "/de/en/jewellery/?q=nothing")


def test_a_search_that_finds_nothing_is_no_stop(client: Client) -> None:
    make_shop()
    assert client.get("/de/en/jewellery/?alloy=platinum-950").context["stop"] is None


def test_the_entrance_asks_no_table(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("market", settings.MARKETS)
def test_every_public_page_of_a_market_renders_in_its_languages(
    client: Client, market: str
) -> None:
    make_rates()
    for code in wiring.rulebook().market(market).market.languages:
        for page in ("", "jewellery/", "brands/", "what-you-pay/", "bag/", "account/sign-in/"):
            response = client.get(f"/{market}/{code.lower()}/{page}")
            assert response.status_code in (200, 302), (market, code, page)
