"""The Stripe provider against localstripe, an independent implementation.

It knows payment intents, captures, cancellations, refunds and 3-D Secure; it knows no checkout
sessions, no disputes and no idempotency keys, for which tests/fakes/stripe_server.py is used.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.payments import EventKind, PaymentRequest
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from tests.patience import stretched

SERVER = Path(__file__).parents[2] / "fakes" / "localstripe_server.py"
KEY = "sk_test_localstripe"
VISA, CHALLENGED, DECLINED = "4242424242424242", "4000002500003155", "4000000000000341"
PRICE = Money(Decimal("1234.50"), "EUR")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


class Shopper:
    """At the payment page, as a browser with Stripe's script would."""

    def __init__(self, url: str, *, capture_later: bool = False) -> None:
        self._url = url
        terms = StripeTerms(hosted=False, capture_later=capture_later)
        self.provider = StripeProvider(KEY, "whsec_x", terms, api_base=url)
        request = PaymentRequest("ref-1", PRICE, "", "A ring", "http://b", "http://c", "en")
        session = self.provider.start(request)
        self.payment, self.secret = session.provider_id, session.client_secret

    def post(self, path: str, **form: str) -> dict[str, str]:
        answer = requests.post(
            f"{self._url}/v1/{path}", data=form, auth=(KEY, ""), timeout=stretched(10)
        )
        return dict(answer.json())

    def pay(self, number: str = VISA) -> None:
        card = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2030"}
        method = self.post("payment_methods", type="card", **card, **{"card[cvc]": "123"})
        self.post(f"payment_intents/{self.payment}", payment_method=method["id"])
        self.post(f"payment_intents/{self.payment}/confirm")

    def authenticate(self, success: str) -> None:
        path = f"payment_intents/{self.payment}/_authenticate"
        self.post(path, client_secret=self.secret, success=success)

    def reported(self) -> list[tuple[EventKind, Decimal]]:
        return [(e.kind, e.amount.amount) for e in self.provider.look_up(self.payment)]


def test_a_payment_is_charged_and_refunded_in_parts(url: str) -> None:
    shopper = Shopper(url)
    shopper.pay()
    assert shopper.reported() == [(EventKind.CHARGED, Decimal("1234.50"))]
    for amount, reference in ((1000, "a"), (200, "b"), (200, "b")):
        shopper.provider.refund(shopper.payment, Money(Decimal(amount), "EUR"), reference=reference)
    assert sorted(shopper.reported()[1:]) == [
        (EventKind.REFUNDED, Decimal(200)),
        (EventKind.REFUNDED, Decimal(1000)),
    ]


def test_held_money_is_captured_once(url: str) -> None:
    shopper = Shopper(url, capture_later=True)
    shopper.pay()
    assert shopper.reported() == [(EventKind.AUTHORIZED, Decimal("1234.50"))]
    first = shopper.provider.capture(shopper.payment, PRICE, reference="c")
    assert first == shopper.provider.capture(shopper.payment, PRICE, reference="c")
    assert (first.kind, first.amount) == (EventKind.CHARGED, PRICE)


def test_held_money_is_let_go_of(url: str) -> None:
    shopper = Shopper(url, capture_later=True)
    shopper.pay()
    shopper.provider.cancel(shopper.payment, reference="x")
    assert shopper.reported() == [(EventKind.CANCELED, Decimal("1234.50"))]
    with pytest.raises(InvalidRequest):
        shopper.provider.refund(shopper.payment, PRICE, reference="a")


def test_a_bank_that_asks_the_shopper_decides_only_then(url: str) -> None:
    shopper = Shopper(url)
    shopper.pay(CHALLENGED)
    assert shopper.reported() == []
    shopper.authenticate("true")
    assert shopper.reported() == [(EventKind.CHARGED, Decimal("1234.50"))]


def test_a_refused_challenge_and_a_declined_card_have_their_reasons(url: str) -> None:
    refused, declined = Shopper(url), Shopper(url)
    refused.pay(CHALLENGED)
    refused.authenticate("false")
    declined.pay(DECLINED)
    for shopper, reason in ((refused, "authentication_failed"), (declined, "declined")):
        (event,) = shopper.provider.look_up(shopper.payment)
        assert (event.kind, event.reason) == (EventKind.DECLINED, reason)


def test_an_unknown_payment_is_not_found(url: str) -> None:
    with pytest.raises(NotFound):
        Shopper(url).provider.look_up("pi_nothing")
