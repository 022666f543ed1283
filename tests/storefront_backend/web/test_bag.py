"""The bag in its cookie."""

from __future__ import annotations

import pytest
from django.test import Client

from storefront_backend.commerce.checkout import LineRequest
from storefront_backend.web.bag import MOST_LINES, MOST_PIECES, Bag
from tests.builders import make_product, make_shop, make_variant


def test_the_same_piece_with_the_same_wishes_counts_up() -> None:
    plain, engraved = LineRequest("a", 1), LineRequest("a", 1, engraving="for Bob")
    bag = Bag().with_line(plain).with_line(engraved).with_line(plain)
    assert [(line.engraving, line.quantity) for line in bag.lines] == [("", 2), ("for Bob", 1)]
    assert bag.pieces == 3


def test_none_takes_a_line_out_and_a_line_has_a_most() -> None:
    bag = Bag((LineRequest("a", 1), LineRequest("b", 1)))
    assert [line.sku for line in bag.with_quantity(0, 0).lines] == ["b"]
    assert bag.with_quantity(1, 99).lines[1].quantity == MOST_PIECES
    assert bag.with_quantity(7, 1) == bag


def test_a_full_bag_takes_no_more_lines() -> None:
    full = Bag(tuple(LineRequest(str(n), 1) for n in range(MOST_LINES)))
    assert full.with_line(LineRequest("one more", 1)) == full


@pytest.mark.django_db
def test_a_bag_that_somebody_wrote_by_hand_is_empty(client: Client) -> None:
    client.cookies["bag"] = '[["sku", 1, "", ""]]'
    assert client.get("/de/en/bag/").context["rows"] == []


@pytest.mark.django_db
def test_an_engraving_longer_than_the_house_cuts_is_refused(client: Client) -> None:
    variant = make_shop(make_variant(make_product(engraving_max=8)))
    client.post("/de/en/bag/add/", {"sku": variant.sku, "engraving": "nine char"})
    assert "bag" not in client.cookies
    client.post("/de/en/bag/add/", {"sku": variant.sku, "engraving": "木綿 1931"})
    (row,) = client.get("/de/en/bag/").context["rows"]
    assert row["line"].engraving == "木綿 1931"


@pytest.mark.django_db
def test_a_piece_that_left_the_market_stays_visible_and_stops_the_checkout(client: Client) -> None:
    variant = make_shop()
    client.post("/de/en/bag/add/", {"sku": variant.sku})
    variant.listings.update(is_live=False, goods=None, total=None)
    page = client.get("/de/en/bag/")
    assert page.context["can_go_on"] is False
    assert client.post("/de/en/bag/checkout/").headers["Location"] == "/de/en/bag/"


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_style() -> None:
    page = Client(enforce_csrf_checks=True).post("/de/en/bag/add/", {"sku": "x"})
    assert page.status_code == 403
    assert b"web/shop.css" in page.content
