"""The transaction app with Stripe behind it: other storefronts' payments on the same Saleor."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.commerce.payments import WebhookRequest
from storefront_backend.saleor_rows.models import PaymentNews
from storefront_backend.saleor_sync import payment_news
from tests.fakes.saleor_sales import SellingSaleor
from tests.fakes.stripe_server import StripeServer
from tests.storefront_backend.saleor.selling import work_off
from tests.storefront_backend.saleor.test_payment_app import refund, session
from tests.storefront_backend.stripe_shop import shop_with_stripe

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture
def stripe(settings: Settings) -> Iterator[StripeServer]:
    with shop_with_stripe(settings) as server:
        yield server


def begun(saleor: SellingSaleor) -> tuple[str, str]:
    """A shopper of another storefront goes to pay: Saleor's token and Stripe's id."""
    token = str(uuid.uuid4())
    said = saleor.wire.ask("payments", session("TransactionInitializeSession", token))
    assert said["result"] == "CHARGE_ACTION_REQUIRED"
    saleor.elsewhere.append({"token": token, "pspReference": said["pspReference"], "events": []})
    return token, said["pspReference"]


def processed(saleor: SellingSaleor, token: str, psp: str) -> dict[str, Any]:
    said: dict[str, Any] = saleor.wire.ask(
        "payments", session("TransactionProcessSession", token, psp)
    )
    return said


def requested(kind: str, token: str, psp: str, amount: float = 20.0) -> dict[str, Any]:
    """Staff asks for something in the Dashboard."""
    body = refund(token, psp, amount, 7)
    body["__typename"] = "TransactionRequested"
    body["action"]["actionType"] = kind
    body["transaction"]["events"][0]["type"] = f"{kind}_REQUEST"
    return body


def intent_of(stripe: StripeServer, token: str) -> dict[str, Any]:
    """Stripe's payment of a Saleor transaction."""
    return next(
        each for each in stripe.objects.values()
        if each["object"] == "payment_intent" and token in str(each["metadata"])
    )  # fmt: skip


def reported(request: WebhookRequest) -> int:
    """Stripe's message at our door; the status."""
    return Client().post(
        "/webhooks/payments/stripe/", data=request.body, content_type="application/json",
        headers=dict(request.headers),
    ).status_code  # fmt: skip


def test_a_payment_is_begun_and_what_became_of_it_is_told(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    token, psp = begun(saleor)
    assert processed(saleor, token, psp)["result"] == "CHARGE_ACTION_REQUIRED"
    stripe.pay(psp)
    said = processed(saleor, token, psp)
    assert (said["result"], said["amount"], said["actions"]) == (
        "CHARGE_SUCCESS", "20.00", ["REFUND"]
    )  # fmt: skip


def test_begun_again_it_is_the_same_payment(saleor: SellingSaleor, stripe: StripeServer) -> None:
    token, psp = begun(saleor)
    again = saleor.wire.ask("payments", session("TransactionInitializeSession", token))
    assert again["pspReference"] == psp


def test_held_money_is_charged_when_staff_asks(saleor: SellingSaleor, settings: Settings) -> None:
    with shop_with_stripe(settings, capture="on-fulfilment") as stripe:
        token, psp = begun(saleor)
        stripe.pay(psp)
        assert processed(saleor, token, psp)["result"] == "AUTHORIZATION_SUCCESS"
        said = saleor.wire.ask("payment_requests", requested("CHARGE", token, psp))
        assert said["result"] == "CHARGE_SUCCESS"
        assert intent_of(stripe, token)["amount_received"] == 2000


def test_held_money_is_let_go_of_when_staff_cancels(
    saleor: SellingSaleor, settings: Settings
) -> None:
    with shop_with_stripe(settings, capture="on-fulfilment") as stripe:
        token, psp = begun(saleor)
        stripe.pay(psp)
        said = saleor.wire.ask("payment_requests", requested("CANCEL", token, psp))
        assert said["result"] == "CANCEL_SUCCESS"
        assert intent_of(stripe, token)["status"] == "canceled"


def test_a_refund_is_made_once_however_often_it_is_asked(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    token, psp = begun(saleor)
    stripe.pay(psp)
    body = requested("REFUND", token, psp, 5.0)
    first, again = (saleor.wire.ask("payment_requests", body) for _ in range(2))
    assert first == again
    assert first["result"] == "REFUND_SUCCESS"
    refunds = [each for each in stripe.objects.values() if each["object"] == "refund"]
    assert [each["amount"] for each in refunds] == [500]


def test_more_than_was_paid_is_refused_and_said(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    token, psp = begun(saleor)
    stripe.pay(psp)
    said = saleor.wire.ask("payment_requests", requested("REFUND", token, psp, 21.0))
    assert said["result"] == "REFUND_FAILURE"
    assert said["message"]


def test_what_stripe_says_late_goes_to_saleor_once(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    _, psp = begun(saleor)
    intent = stripe.pay(psp)
    message = stripe.webhook("payment_intent.succeeded", intent)
    assert [reported(message), reported(message)] == [204, 204]
    assert saleor.elsewhere[0]["events"] == []
    work_off()
    (event,) = saleor.elsewhere[0]["events"]
    assert (event["type"], event["amount"]["amount"]) == ("CHARGE_SUCCESS", 20.0)


def test_a_charge_that_the_shopper_and_stripe_tell_of_bears_one_name(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    token, psp = begun(saleor)
    message = stripe.webhook("payment_intent.succeeded", stripe.pay(psp))
    said = processed(saleor, token, psp)
    reported(message)
    work_off()
    (event,) = saleor.elsewhere[0]["events"]
    assert (event["type"], event["pspReference"]) == (said["result"], said["pspReference"])


def test_a_charge_that_staff_asked_for_bears_one_name(
    saleor: SellingSaleor, settings: Settings
) -> None:
    with shop_with_stripe(settings, capture="on-fulfilment") as stripe:
        token, psp = begun(saleor)
        stripe.pay(psp)
        held = {"type": processed(saleor, token, psp)["result"], "pspReference": psp}
        saleor.elsewhere[0]["events"].append(held)
        said = saleor.wire.ask("payment_requests", requested("CHARGE", token, psp))
        reported(stripe.webhook("payment_intent.succeeded", intent_of(stripe, token)))
        work_off()
        event = saleor.elsewhere[0]["events"][-1]
        assert (event["type"], event["pspReference"]) == (said["result"], said["pspReference"])


def test_what_saleor_cannot_be_told_now_the_sweep_tells_later(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    _, psp = begun(saleor)
    message = stripe.webhook("payment_intent.succeeded", stripe.pay(psp))
    assert reported(message) == 204
    saleor.faults = [lambda request: httpx.Response(500)] * 2
    work_off()
    assert saleor.elsewhere[0]["events"] == []
    later = timezone.now() + timedelta(minutes=5)
    assert payment_news.sweep(later, wiring.shoppers_saleor) == 1
    assert [each["type"] for each in saleor.elsewhere[0]["events"]] == ["CHARGE_SUCCESS"]
    assert payment_news.sweep(later + timedelta(days=1), wiring.shoppers_saleor) == 0


def test_a_payment_of_another_shop_on_the_account_is_asked_about_once(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    _, psp = begun(saleor)
    message = stripe.webhook("payment_intent.succeeded", stripe.pay(psp))
    saleor.elsewhere.clear()
    assert reported(message) == 204
    work_off()
    assert PaymentNews.objects.get().state == PaymentNews.State.FOREIGN
    saleor.requests.clear()
    work_off()
    assert saleor.requests == []


def test_while_stripe_is_away_saleor_is_told_to_ask_again(
    saleor: SellingSaleor, stripe: StripeServer
) -> None:
    token, psp = begun(saleor)
    stripe.pay(psp)
    stripe.faults = [("before", 500)] * 9
    response = saleor.wire.post("payments", session("TransactionProcessSession", token, psp))
    assert response.status_code == 503
    stripe.faults = []
    assert processed(saleor, token, psp)["result"] == "CHARGE_SUCCESS"
