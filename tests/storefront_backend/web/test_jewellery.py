"""The list and the piece: what is shown, at which price, in how many statements."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from storefront_backend.catalog.models import Listing, Product
from storefront_backend.catalog.search import index_products
from storefront_backend.catalog.slugs import change_slug
from tests.builders import (
    make_brand,
    make_formula,
    make_marked_variant,
    make_poster,
    make_product,
    make_shop,
    make_variant,
)

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "", place: str = "de/en") -> list[str]:
    """The names of the cards that the list shows."""
    page = client.get(f"/{place}/jewellery/?{query}")
    return [card.name for card in page.context["found"].cards]


def make_window() -> None:
    """Three pieces of two houses: a ring, a bangle, a pendant."""
    kapok, harbour = make_brand("kapok"), make_brand("harbour")
    pieces = [
        (kapok, "ring", {"en": "Blossom", "ja": "木綿花の指輪"}, "900"),
        (kapok, "bangle", {"en": "Lion"}, "300"),
        (harbour, "pendant", {"en": "Tide", "ar": "المد"}, "600"),
    ]
    make_shop(
        *(
            make_variant(
                make_product(brand, kind=kind, names=texts),
                formula=make_formula(fixed=Decimal(price)),
            )
            for brand, kind, texts, price in pieces
        )
    )
    index_products(Product.objects.all())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Tide", "Lion", "Blossom"]),
        ("sort=price-up", ["Lion", "Tide", "Blossom"]),
        ("sort=price-down", ["Blossom", "Tide", "Lion"]),
        ("kind=ring", ["Blossom"]),
        ("brand=kapok", ["Lion", "Blossom"]),
        ("alloy=gold-750-yellow&kind=pendant", ["Tide"]),
        ("alloy=platinum-950", []),
        ("q=blos", ["Blossom"]),
        ("q=kapok+lion", ["Lion"]),
        ("q=花の", ["Blossom"]),
        ("q=%27%3A%26%7C", []),
        ("page=99", ["Tide", "Lion", "Blossom"]),
        ("page=-1&sort=nothing", ["Tide", "Lion", "Blossom"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(client: Client, query: str, found: list[str]) -> None:
    make_window()
    assert names(client, query) == found


def test_a_name_falls_back_to_english_where_it_has_none(client: Client) -> None:
    make_window()
    assert names(client, "sort=price-up", "de/ar") == ["Lion", "المد", "Blossom"]


def test_a_page_of_twenty_takes_at_most_six_statements(
    client: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    pieces = [make_variant() for _ in range(25)]
    for piece in pieces:
        make_poster(piece.product)
    make_shop(*pieces)
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        page = client.get("/de/en/jewellery/")
    assert len(page.context["found"].cards) == 20
    assert page.context["found"].pages == 2


def test_a_piece_takes_at_most_ten_statements(
    client: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    piece = make_product()
    make_poster(piece)
    make_shop(*(make_variant(piece, ring_size_label=str(size)) for size in range(5, 12)))
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        page = client.get(f"/de/en/jewellery/{piece.slug}/")
    assert len(page.context["sizes"]) == 7


def test_the_price_block_is_the_listing_to_the_cent(client: Client) -> None:
    variant = make_shop()
    page = client.get(f"/de/en/jewellery/{variant.product.slug}/")
    listing = Listing.objects.get(variant=variant, market="de")
    rows = page.context["price"]
    assert sum(row.amount.amount for row in rows) == listing.total
    assert [row.kind for row in rows] == ["goods", "shipping", "duty", "tax"]
    assert all(row.source for row in rows if row.kind in ("duty", "tax"))


def test_another_size_has_its_own_price_without_any_script(client: Client) -> None:
    piece = make_product()
    small = make_variant(piece, ring_size_label="5", formula=make_formula(fixed=Decimal(400)))
    large = make_variant(piece, ring_size_label="9", formula=make_formula(fixed=Decimal(900)))
    make_shop(small, large)
    path = f"/de/en/jewellery/{piece.slug}/"
    assert client.get(path).context["variant"].sku == small.sku
    chosen = client.get(f"{path}?alloy=gold-750-yellow&size=9").context["variant"]
    assert chosen.sku == large.sku
    assert chosen.total.amount == Listing.objects.get(variant=large, market="de").total


def test_a_piece_that_the_law_keeps_out_shows_no_price_and_cannot_be_bought(client: Client) -> None:
    unmarked = make_shop(make_variant())  # the Emirates ask for a stamp
    page = client.get(f"/ae/en/jewellery/{unmarked.product.slug}/")
    assert page.status_code == 200
    assert page.context["variant"] is None
    assert b"price__total" not in page.content
    assert client.post("/ae/en/bag/add/", {"sku": unmarked.sku}).status_code == 404


def test_a_marked_piece_is_sold_in_every_market(client: Client) -> None:
    marked = make_shop(make_marked_variant())
    for market in ("us", "gb", "de", "jp", "ae", "hk"):
        page = client.get(f"/{market}/en/jewellery/{marked.product.slug}/")
        assert page.context["variant"].sku == marked.sku


def test_a_name_cannot_break_out_of_the_page_or_its_data(client: Client) -> None:
    evil = "</script><script>alert(1)</script>"
    make_shop(make_variant(make_product(slug="evil", names={"en": evil})))
    page = client.get("/de/en/jewellery/evil/").content.decode()
    assert "<script>alert" not in page
    raw = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(raw)["name"] == evil


def test_an_unpublished_piece_is_not_found(client: Client) -> None:
    variant = make_shop()
    Product.objects.update(is_published=False)
    assert client.get(f"/de/en/jewellery/{variant.product.slug}/").status_code == 404
    assert names(client) == []


def test_an_address_that_a_product_had_before_leads_to_the_present_one(client: Client) -> None:
    product = make_shop().product
    before = product.slug
    change_slug(product, "a-better-address")
    answer = client.get(f"/us/en/jewellery/{before}/?alloy=gold-750-yellow")
    assert (answer.status_code, answer.headers["Location"]) == (
        301, "/us/en/jewellery/a-better-address/?alloy=gold-750-yellow",
    )  # fmt: skip
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get("/us/en/jewellery/never-there/").status_code == 404
