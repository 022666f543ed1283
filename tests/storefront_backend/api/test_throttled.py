"""Mutations are limited by client, each alias by itself; one that is over says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend.api.checkouts import Mutations
from storefront_backend.orders.models import Checkout
from tests.builders import make_shop

pytestmark = pytest.mark.django_db
OPEN = 'checkoutCreate(channel: "de", lines: [{sku: "%s"}]) { checkout { token } errors { code } }'


def post(query: str, **headers: str) -> dict[str, Any]:
    body = json.dumps({"query": query})
    answer = Client().post("/graphql/", body, content_type="application/json", headers=headers)
    return dict(answer.json()["data"])


def test_a_client_opens_no_more_checkouts_than_its_limit(settings: Settings) -> None:
    settings.RATE_LIMITS = {"checkout": "3/minute"}
    one = OPEN % make_shop().sku
    codes = [
        [error["code"] for error in post(f"mutation {{ {one} }}")["checkoutCreate"]["errors"]]
        for _ in range(5)
    ]
    assert codes == [[], [], [], ["too_many_requests"], ["too_many_requests"]]
    assert Checkout.objects.count() == 3


def test_aliases_and_an_invented_address_count_as_well(settings: Settings) -> None:
    settings.RATE_LIMITS = {"checkout": "3/minute"}
    one = OPEN % make_shop().sku
    for number in range(5):
        post(f"mutation {{ a{number}: {one} }}", **{"X-Forwarded-For": f"1.1.1.{number}"})
    assert Checkout.objects.count() == 3


def test_a_bag_and_the_api_share_one_limit(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {"checkout": "2/minute"}
    variant = make_shop()
    for _ in range(2):
        post(f"mutation {{ {OPEN % variant.sku} }}")
    client.post("/de/en/bag/add/", {"sku": variant.sku})
    assert client.post("/de/en/bag/checkout/").status_code == 429
    assert Checkout.objects.count() == 2


def test_codes_cannot_be_guessed_without_end() -> None:
    mutation = """mutation { checkoutAddPromoCode(token: "x", promoCode: "LOTUS") {
        errors { code } } }"""
    make_shop()
    codes = [post(mutation)["checkoutAddPromoCode"]["errors"][0]["code"] for _ in range(21)]
    assert codes == ["not_found"] * 20 + ["too_many_requests"]


def test_no_mutation_is_without_a_limit() -> None:
    unlimited = [
        name
        for name in vars(Mutations)
        if name.startswith("resolve_") and not hasattr(getattr(Mutations, name), "__wrapped__")
    ]
    assert unlimited == []
