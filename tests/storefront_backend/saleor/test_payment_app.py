"""The transaction app: what Saleor asks, with the sandbox as the provider."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest

from storefront_backend import wiring
from tests.fakes.saleor_keys import SigningSaleor
from tests.storefront_backend.saleor.selling import Wire, selling_saleor

pytestmark = pytest.mark.django_db
_KEYS = SigningSaleor()


@pytest.fixture
def wire() -> Wire:
    return selling_saleor(_KEYS)[1]


def session(kind: str, token: str, psp: str = "", **data: str) -> dict[str, Any]:
    """A shopper of another storefront is to pay 20 euros."""
    return {
        "__typename": kind,
        "data": data,
        "action": {"amount": 20.0, "currency": "EUR", "actionType": "CHARGE"},
        "transaction": {"id": _id("TransactionItem", token), "token": token, "pspReference": psp},
        "sourceObject": {"id": "c", "email": "bob@example.com", "languageCode": "DE"},
    }


def refund(token: str, psp: str, amount: float, *events: int) -> dict[str, Any]:
    """Somebody in the Dashboard gives money back."""
    return {
        "__typename": "TransactionRefundRequested",
        "action": {"amount": amount, "currency": "EUR", "actionType": "REFUND"},
        "transaction": {
            "id": _id("TransactionItem", token),
            "token": token,
            "pspReference": psp,
            "events": [
                {"id": _id("TransactionEvent", str(number)), "type": "REFUND_REQUEST"}
                for number in events
            ],
        },
    }


def _id(kind: str, key: str) -> str:
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def paid(wire: Wire) -> tuple[str, str]:
    """A payment that the shopper has made: Saleor's token and the provider's id."""
    token = str(uuid.uuid4())
    psp = wire.ask("payments", session("TransactionInitializeSession", token))["pspReference"]
    wiring.sandbox().pay(psp)
    return token, psp


def test_a_payment_is_begun_once_however_often_it_is_asked(wire: Wire) -> None:
    token = str(uuid.uuid4())
    first, again = (
        wire.ask("payments", session("TransactionInitializeSession", token)) for _ in range(2)
    )
    assert first == again
    assert first["result"] == "CHARGE_ACTION_REQUIRED"
    assert first["data"]["redirectUrl"].endswith(f"/{first['pspReference']}/")


def test_what_became_of_it_is_told(wire: Wire) -> None:
    token = str(uuid.uuid4())
    psp = wire.ask("payments", session("TransactionInitializeSession", token))["pspReference"]
    requested = session("TransactionProcessSession", token, psp)
    assert wire.ask("payments", requested)["result"] == "CHARGE_ACTION_REQUIRED"
    wiring.sandbox().pay(psp)
    said = wire.ask("payments", requested)
    assert (said["result"], said["amount"]) == ("CHARGE_SUCCESS", "20.00")


def test_shoppers_are_sent_back_to_known_addresses_only(wire: Wire) -> None:
    requested = session(
        "TransactionInitializeSession", str(uuid.uuid4()), returnUrl="https://phish.example/"
    )
    assert wire.post("payments", requested).status_code == 400


def test_a_refund_is_made_once_a_request(wire: Wire) -> None:
    token, psp = paid(wire)
    first, again = (wire.ask("payment_requests", refund(token, psp, 5.0, 7)) for _ in range(2))
    assert first == again
    second = wire.ask("payment_requests", refund(token, psp, 5.0, 7, 8))
    assert second["pspReference"] != first["pspReference"]
    refunded = [e.amount.amount for e in wiring.sandbox().look_up(psp) if e.kind == "refunded"]
    assert refunded == [5, 5]


def test_more_than_was_paid_is_refused_and_said(wire: Wire) -> None:
    token, psp = paid(wire)
    said = wire.ask("payment_requests", refund(token, psp, 21.0, 7))
    assert said["result"] == "REFUND_FAILURE"
    assert said["message"]
    assert [e.kind for e in wiring.sandbox().look_up(psp) if e.kind == "refunded"] == []
