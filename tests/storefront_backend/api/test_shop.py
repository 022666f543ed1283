"""The API as a shopper's app uses it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from storefront_backend import wiring
from storefront_backend.catalog.models import Stock
from storefront_backend.catalog.slugs import change_slug
from storefront_backend.commerce.payments import EventKind
from storefront_backend.orders.models import Reservation, Transaction
from tests.builders import make_address, make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db

LIST = """
query ($first: Int, $after: String, $filter: ProductFilter) {
  products(channel: "de", first: $first, after: $after, filter: $filter) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { slug name brand { slug } priceFrom { amount currency } } }
  }
}"""
CREATE = """
mutation ($channel: String!, $lines: [LineInput!]!) {
  checkoutCreate(channel: $channel, lines: $lines) {
    checkout { token missing totalPrice { amount currency } }
    errors { field code message }
  }
}"""
DELIVER = """
mutation ($token: String!, $address: AddressInput!) {
  checkoutDeliveryUpdate(token: $token, email: "alice@example.com", shippingAddress: $address) {
    checkout { missing landedCost { lines { kind amount { amount } rule } total { amount } } }
    errors { field code message }
  }
}"""
PAY = """
mutation ($token: String!) {
  transactionInitialize(token: $token, returnUrl: "http://app/back", cancelUrl: "http://app/bag") {
    reference redirectUrl errors { code }
  }
}"""
COMPLETE = """
mutation ($reference: String!) {
  checkoutComplete(reference: $reference) {
    order { number total { amount } lines { sku } } errors { code }
  }
}"""


WAY = ("price", "insuredUpTo")
MONEY = """
mutation ($channel: String!, $lines: [LineInput!]!) {
  checkoutCreate(channel: $channel, lines: $lines) {
    checkout { totalPrice { amount } discount { amount } lines { unitPrice { amount } }
      shippingMethods { price { amount } insuredUpTo { amount } } }
    errors { code }
  }
}"""
SETTLE = """
mutation ($reference: String!) {
  checkoutComplete(reference: $reference) { order { number } errors { code message reason } }
}"""


@pytest.fixture(autouse=True)
def _own_sandbox(settings, tmp_path):
    settings.PAVILION_HOME = tmp_path
    wiring.sandbox.cache_clear()
    yield
    wiring.sandbox.cache_clear()


def ask(query: str, **variables):
    response = Client().post(
        "/graphql/",
        {"query": query, "variables": variables},
        content_type="application/json",
    )
    return response.json()


def data(query: str, **variables):
    answer = ask(query, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


def address():
    chosen = make_address("de")
    return {
        "name": chosen.name,
        "country": "DE",
        "streetAddress": chosen.street_address,
        "city": chosen.city,
        "postalCode": chosen.postal_code,
    }


def delivered(sku: str) -> str:
    created = data(CREATE, channel="de", lines=[{"sku": sku}])["checkoutCreate"]
    token = created["checkout"]["token"]
    data(DELIVER, token=token, address=address())
    return token


def completed(reference: str):
    return data(SETTLE, reference=reference)["checkoutComplete"]


def test_a_list_is_read_page_by_page():
    variants = [make_variant() for _ in range(3)]
    make_shop(*variants)
    first = data(LIST, first=2)["products"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = data(LIST, first=2, after=first["pageInfo"]["endCursor"])["products"]
    slugs = [edge["node"]["slug"] for page in (first, rest) for edge in page["edges"]]
    assert sorted(slugs) == sorted(variant.product.slug for variant in variants)


def test_a_list_is_narrowed_by_brand():
    ours = make_variant()
    make_shop(ours, make_variant())
    found = data(LIST, filter={"brand": ours.brand.slug})["products"]
    assert [edge["node"]["slug"] for edge in found["edges"]] == [ours.product.slug]


@pytest.mark.parametrize("count", [2, 12])
def test_a_list_with_variants_costs_the_same_statements_at_any_length(
    count, django_assert_max_num_queries
):
    make_shop(*(make_variant() for _ in range(count)))
    query = """{ products(channel: "de", first: 20) { edges { node {
        name description media { url } variants { sku pricing { total { amount } } } } } } }"""
    with django_assert_max_num_queries(10):
        assert len(data(query)["products"]["edges"]) == count


def test_a_plain_list_needs_six_statements_at_most(django_assert_max_num_queries):
    make_shop(*(make_variant() for _ in range(20)))
    with django_assert_max_num_queries(6):
        data(LIST, first=20)


def test_a_product_tells_its_landed_cost_with_sources(django_assert_max_num_queries):
    variant = make_shop()
    query = """query ($slug: String!) { product(slug: $slug, channel: "de") { variants {
        pricing { total { amount } landedCost { total { amount }
          lines { kind rule source { url checked } } } } } } }"""
    with django_assert_max_num_queries(10):
        pricing = data(query, slug=variant.product.slug)["product"]["variants"][0]["pricing"]
    assert Decimal(pricing["total"]["amount"]) == Decimal(pricing["landedCost"]["total"]["amount"])
    duty = next(line for line in pricing["landedCost"]["lines"] if line["kind"] == "duty")
    assert duty["rule"]
    assert duty["source"]["url"].startswith("http")


def test_a_ring_is_bought_from_lines_to_order():
    variant = make_shop()
    created = data(CREATE, channel="de", lines=[{"sku": variant.sku}])["checkoutCreate"]
    token = created["checkout"]["token"]
    delivered = data(DELIVER, token=token, address=address())["checkoutDeliveryUpdate"]
    assert delivered["checkout"]["missing"] == []
    started = data(PAY, token=token)["transactionInitialize"]
    payment = Transaction.objects.get(reference=started["reference"])
    wiring.sandbox().decide(payment.provider_id, EventKind.CHARGED)
    order = data(COMPLETE, reference=started["reference"])["checkoutComplete"]["order"]
    assert Decimal(order["total"]["amount"]) == Decimal(
        delivered["checkout"]["landedCost"]["total"]["amount"]
    )
    assert [line["sku"] for line in order["lines"]] == [variant.sku]


@pytest.mark.parametrize(
    ("reported", "reason"),
    [
        ("insufficient_funds", "insufficient_funds"),
        ("a word of the bank's own", "declined"),
    ],
)
def test_a_declined_payment_says_why(reported, reason):
    variant = make_shop()
    started = data(PAY, token=delivered(variant.sku))["transactionInitialize"]
    payment = Transaction.objects.get(reference=started["reference"])
    assert completed(started["reference"]) == {"order": None, "errors": []}
    wiring.sandbox().decide(payment.provider_id, EventKind.FAILED, reported)
    refused = completed(started["reference"])
    assert refused["order"] is None
    assert refused["errors"] == [
        {"code": "payment_declined", "message": "The payment was declined", "reason": reason}
    ]


def test_money_that_could_become_no_order_says_what_came_between():
    variant = make_shop(make_variant(stock=1))
    started = data(PAY, token=delivered(variant.sku))["transactionInitialize"]
    payment = Transaction.objects.get(reference=started["reference"])
    Reservation.objects.all().delete()
    Stock.objects.update(quantity=0, reserved=0)
    wiring.sandbox().pay(payment.provider_id)
    refused = completed(started["reference"])
    assert refused["order"] is None
    assert [error["code"] for error in refused["errors"]] == ["out_of_stock"]
    assert "the money is refunded" in refused["errors"][0]["message"]


@pytest.mark.parametrize(("market", "places"), [("de", -2), ("jp", 0)])
def test_amounts_have_the_places_of_their_currency(market, places):
    variant = make_shop()
    query = """query ($market: String!, $slug: String!) {
        products(channel: $market) { edges { node { priceFrom { amount } } } }
        product(channel: $market, slug: $slug) { variants { pricing {
            goods { amount } total { amount } } } } }"""
    shown = ask(query, market=market, slug=variant.product.slug)["data"]
    created = data(MONEY, channel=market, lines=[{"sku": variant.sku}])["checkoutCreate"]
    amounts = [
        shown["products"]["edges"][0]["node"]["priceFrom"],
        *shown["product"]["variants"][0]["pricing"].values(),
        created["checkout"]["totalPrice"],
        created["checkout"]["discount"],
        *(line["unitPrice"] for line in created["checkout"]["lines"]),
        *(way[name] for way in created["checkout"]["shippingMethods"] for name in WAY),
    ]
    assert {Decimal(each["amount"]).as_tuple().exponent for each in amounts} == {places}


def test_a_faulty_address_names_every_field():
    variant = make_shop()
    token = data(CREATE, channel="de", lines=[{"sku": variant.sku}])["checkoutCreate"]["checkout"][
        "token"
    ]
    faulty = address() | {"postalCode": "x", "city": ""}
    errors = data(DELIVER, token=token, address=faulty)["checkoutDeliveryUpdate"]["errors"]
    assert {(error["field"], error["code"]) for error in errors} == {
        ("city", "invalid_address"),
        ("postal_code", "invalid_address"),
    }


def test_what_is_not_listed_is_refused_with_a_code():
    variant = make_shop(make_variant(make_product(markets=["us"])))
    created = data(CREATE, channel="de", lines=[{"sku": variant.sku}])["checkoutCreate"]
    assert created["checkout"] is None
    assert [error["code"] for error in created["errors"]] == ["not_listed"]


def test_an_unknown_channel_is_an_error_that_lists_the_channels():
    answer = ask('{ products(channel: "xx") { totalCount } }')
    assert answer["errors"][0]["extensions"]["code"] == "unknown_channel"
    assert "de" in answer["errors"][0]["extensions"]["channels"]


def test_an_order_number_opens_nothing():
    assert data('{ order(token: "100001") { number } }')["order"] is None


def test_a_query_that_is_too_dear_is_refused_before_it_runs(django_assert_num_queries):
    query = """{ products(channel: "de", first: 100) { edges { node { variants {
        pricing { landedCost { lines { source { url title checked } } } } } } } } }"""
    with django_assert_num_queries(0):
        assert "values" in ask(query)["errors"][0]["message"]


def test_a_product_is_found_by_an_address_that_it_had_before() -> None:
    product = make_shop().product
    before = product.slug
    change_slug(product, "a-better-address")
    query = """query ($slug: String!) { product(slug: $slug, channel: "us") { slug name } }"""
    assert data(query, slug=before)["product"] == {
        "slug": "a-better-address",
        "name": product.names["en"],
    }
    assert data(query, slug="never-there")["product"] is None
