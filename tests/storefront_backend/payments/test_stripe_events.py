"""Recorded messages of Stripe, in the shapes of its reference, read as events of ours."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.payments.stripe_provider import StripeProvider, StripeTerms
from tests.fakes.stripe_server import signed

EVENTS = Path(__file__).parent / "events"
REFERENCE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PI = "pi_3QF0aLC7Zz1PaviL0oNvx0Qm"
CS = "cs_live_b1Fh8Tg2Wk9Pavilion4s6uY"
RE = "re_3QF0aLC7Zz1PaviL0u8Xk2Bd"
DP = "dp_1QF9bTC7Zz1PaviLq3c5N8ea"
SECRET = "whsec_recorded"
PROVIDER = StripeProvider("sk_test_nobody", SECRET, StripeTerms(), api_base="http://127.0.0.1:9")


def read(name: str) -> PaymentEvent:
    return PROVIDER.read_event(signed((EVENTS / f"{name}.json").read_text(), SECRET))


@pytest.mark.parametrize(
    ("name", "kind", "event_id", "yen", "reason"),
    [
        ("payment_intent.succeeded", EventKind.CHARGED, f"{PI}.charged", 184_000, ""),
        ("payment_intent.succeeded.2019", EventKind.CHARGED, f"{PI}.charged", 184_000, ""),
        ("payment_intent.succeeded.partial", EventKind.CHARGED, f"{PI}.charged", 120_000, ""),
        ("checkout.session.completed", EventKind.CHARGED, f"{PI}.charged", 184_000, ""),
        (
            "payment_intent.amount_capturable_updated",
            EventKind.AUTHORIZED,
            f"{PI}.authorized",
            184_000,
            "",
        ),
        (
            "payment_intent.payment_failed",
            EventKind.DECLINED,
            f"{PI}.declined.ch_3QF0aLC7Zz1PaviL0Ci2rJ4t",
            184_000,
            "insufficient_funds",
        ),
        (
            "payment_intent.payment_failed.3ds",
            EventKind.DECLINED,
            f"{PI}.declined.payment_intent_authentication_failure",
            184_000,
            "authentication_failed",
        ),
        (
            "payment_intent.payment_failed.stolen",
            EventKind.DECLINED,
            f"{PI}.declined.ch_3QF0aLC7Zz1PaviL0Stolen",
            184_000,
            "declined",
        ),
        ("payment_intent.canceled", EventKind.CANCELED, f"{PI}.canceled", 184_000, "abandoned"),
        ("checkout.session.expired", EventKind.CANCELED, f"{CS}.canceled", 184_000, ""),
        ("checkout.session.async_payment_failed", EventKind.FAILED, f"{CS}.failed", 184_000, ""),
        ("refund.created", EventKind.REFUNDED, RE, 20_000, ""),
        (
            "refund.failed",
            EventKind.REFUND_FAILED,
            f"{RE}.failed",
            20_000,
            "expired_or_canceled_card",
        ),
        ("charge.dispute.created", EventKind.DISPUTED, f"{DP}.disputed", 184_000, "fraudulent"),
        (
            "charge.dispute.closed.won",
            EventKind.DISPUTE_WON,
            f"{DP}.dispute_won",
            184_000,
            "fraudulent",
        ),
        (
            "charge.dispute.closed.lost",
            EventKind.DISPUTE_LOST,
            f"{DP}.dispute_lost",
            184_000,
            "fraudulent",
        ),
    ],
)
def test_a_message_is_read_as_what_has_happened(
    name: str, kind: EventKind, event_id: str, yen: int, reason: str
) -> None:
    event = read(name)
    assert (event.kind, event.id, event.reason) == (kind, event_id, reason)
    assert event.amount == Money(Decimal(yen), "JPY")
    assert event.reference == REFERENCE


@pytest.mark.parametrize(
    "name",
    [
        "payment_intent.requires_action",
        "checkout.session.completed.held",
        "charge.refunded",
        "payment_intent.succeeded.elsewhere",
        "payout.paid",
    ],
)
def test_a_message_that_decides_nothing_here_is_read_as_other(name: str) -> None:
    assert read(name).kind is EventKind.OTHER


def test_two_messages_about_one_charge_are_one_event() -> None:
    reported = {read(n).id for n in ("payment_intent.succeeded", "checkout.session.completed")}
    assert reported == {f"{PI}.charged"}


@pytest.mark.parametrize(("age", "is_read"), [(290, True), (310, False)])
def test_a_signature_is_good_for_five_minutes(age: int, is_read: bool) -> None:
    body = (EVENTS / "refund.created.json").read_text()
    old = signed(body, SECRET, int(time.time()) - age)
    if is_read:
        assert PROVIDER.read_event(old).id == RE
    else:
        with pytest.raises(InvalidRequest):
            PROVIDER.read_event(old)


def test_a_signature_of_another_secret_is_refused() -> None:
    body = json.dumps(json.loads((EVENTS / "refund.created.json").read_text()))
    with pytest.raises(InvalidRequest):
        PROVIDER.read_event(signed(body, "whsec_other"))
