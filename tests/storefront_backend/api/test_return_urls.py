"""A payment page sends shoppers back to the shop's own storefronts and nowhere else."""

from __future__ import annotations

import pytest

from storefront_backend.api.return_urls import check_return_url
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.orders.models import Transaction
from tests.builders import make_shop
from tests.storefront_backend.api.asking import ask
from tests.storefront_backend.api.test_orders import ready


@pytest.fixture(autouse=True)
def _origins(settings) -> None:
    settings.PUBLIC_URL = "https://shop.example"
    settings.STOREFRONT_ORIGINS = ["https://app.example", "http://localhost:3000/"]


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/us/en/checkout/",
        "https://SHOP.example:443/",
        "https://app.example?paid={reference}",
        "http://localhost:3000/back#top",
    ],
)
def test_an_address_of_a_storefront_is_taken(url: str) -> None:
    assert check_return_url(url, "return_url") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/back",
        "//evil.example/",
        "https://evil.example/",
        "http://shop.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://shop.example:8443/",
        "https://evil.example\\@shop.example/",
        "https://shop.example\n.evil.example/",
        "https://shop.example:port/",
        "https://[shop.example/",
        "javascript:alert(1)//https://shop.example/",
        "https://shop.example/" + "x" * 2_000,
    ],
)
def test_an_address_of_others_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest):
        check_return_url(url, "return_url")


@pytest.mark.django_db
@pytest.mark.usefixtures("own_sandbox")
@pytest.mark.parametrize("field", ["returnUrl", "cancelUrl"])
def test_a_payment_that_would_lead_elsewhere_is_not_begun(field: str) -> None:
    urls = {"returnUrl": "https://app.example/", "cancelUrl": "https://app.example/"}
    urls[field] = "https://evil.example/"
    query = """mutation ($token: String!, $returnUrl: String!, $cancelUrl: String!) {
        transactionInitialize(token: $token, returnUrl: $returnUrl, cancelUrl: $cancelUrl) {
            reference errors { code field } } }"""
    refused = ask(query, token=ready(make_shop().sku), **urls)
    assert refused["errors"][0]["code"] == "invalid"
    assert not Transaction.objects.exists()
