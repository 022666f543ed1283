"""The same pages with Stripe behind them: over to its page and back, by every way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend.catalog.models import Stock
from storefront_backend.orders.models import Order, Transaction
from tests.builders import make_shop
from tests.fakes.stripe_server import StripeServer
from tests.storefront_backend.stripe_shop import shop_with_stripe
from tests.storefront_backend.web.test_checkout import open_checkout, send_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[StripeServer]:
    with shop_with_stripe(settings) as server:
        yield server


def sent_to_pay(client: Client) -> tuple[str, dict[str, str]]:
    """The path of the checkout, and Stripe's session."""
    path = open_checkout(client, make_shop())
    send_address(client, path)
    response = client.post(f"{path}review/")
    assert response.headers["Location"].startswith("https://checkout.stripe.com/")
    return path, {"id": Transaction.objects.get().provider_id}


def post_webhook(client: Client, server: StripeServer, kind: str, raw: dict[str, object]) -> int:
    webhook = server.webhook(kind, raw)
    return client.post(
        "/webhooks/payments/stripe/",
        webhook.body,
        content_type="application/json",
        headers=webhook.headers,
    ).status_code


def test_a_shopper_pays_at_stripe_and_comes_back_to_the_order(
    client: Client, server: StripeServer
) -> None:
    _, session = sent_to_pay(client)
    server.pay(session["id"])
    back = server.objects[session["id"]]["success_url"]
    assert "/order/" in client.get(back).headers["Location"]
    assert Order.objects.get().payment_reference == str(Transaction.objects.get().reference)


def test_a_shopper_who_never_comes_back_has_an_order_by_webhook(
    client: Client, server: StripeServer
) -> None:
    _, session = sent_to_pay(client)
    intent = server.pay(session["id"])
    for _ in range(2):
        assert post_webhook(client, server, "payment_intent.succeeded", intent) == 204
    assert Order.objects.count() == 1


def test_a_shopper_who_goes_back_from_stripes_page_gives_the_piece_back(
    client: Client, server: StripeServer
) -> None:
    path, session = sent_to_pay(client)
    assert Stock.objects.get().reserved == 1
    assert client.get(f"{path}paid/?left").headers["Location"] == f"{path}review/"
    assert server.objects[session["id"]]["status"] == "expired"
    assert Stock.objects.get().reserved == 0


def test_a_line_that_breaks_on_the_way_back_shows_a_page_that_says_to_look_again(
    client: Client, server: StripeServer
) -> None:
    path, session = sent_to_pay(client)
    server.pay(session["id"])
    server.faults += [("before", 503)] * 2
    assert client.get(f"{path}paid/").status_code == 202
    assert "/order/" in client.get(f"{path}paid/").headers["Location"]


def test_a_webhook_is_refused_when_forged_and_accepted_when_it_is_not_about_us(
    client: Client, server: StripeServer
) -> None:
    _, session = sent_to_pay(client)
    intent = server.pay(session["id"])
    server.webhook_secret = "whsec_somebody_else"
    assert post_webhook(client, server, "payment_intent.succeeded", intent) == 400
    server.webhook_secret = StripeServer.webhook_secret
    stranger = {**intent, "metadata": {"reference": "order-17 of another shop"}}
    assert post_webhook(client, server, "payment_intent.succeeded", stranger) == 204
    assert not Order.objects.exists()


def test_a_webhook_that_needs_stripe_while_stripe_is_down_is_sent_again(
    client: Client, server: StripeServer
) -> None:
    _, session = sent_to_pay(client)
    intent = server.pay(session["id"])
    dispute = server.dispute(intent["id"])
    server.faults += [("before", 503)] * 2
    assert post_webhook(client, server, "charge.dispute.created", dispute) == 503
    assert post_webhook(client, server, "charge.dispute.created", dispute) == 204
    assert Transaction.objects.get().dispute == "open"


def test_a_webhook_for_another_provider_is_not_found(client: Client, server: StripeServer) -> None:
    assert client.post("/webhooks/payments/sandbox/").status_code == 404
