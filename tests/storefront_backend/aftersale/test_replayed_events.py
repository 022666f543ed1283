"""Hundreds of messages of Stripe, shuffled and doubled, end in the rows of the ordered ones.

The ledger's, too: refunds made at Stripe's, disputes with their money and fees, part captures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.commerce.payments import WebhookRequest
from storefront_backend.orders.models import (
    Checkout,
    LedgerEntry,
    LedgerMovement,
    Order,
    Transaction,
    TransactionEvent,
)
from tests.builders import make_shop, make_variant
from tests.fakes.stripe_server import StripeServer
from tests.storefront_backend.aftersale.paying import begin, ready_checkout
from tests.storefront_backend.stripe_shop import shop_with_stripe

START = int(datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp())


@pytest.fixture
def server(settings: Settings) -> Iterator[StripeServer]:
    with shop_with_stripe(settings, capture="on-fulfilment") as server:
        yield server


def messages_of(server: StripeServer, session: str, shopper: int) -> list[WebhookRequest]:
    """What Stripe tells of a shopper: paid, part captured, declined first, refunded, disputed."""
    reported: list[WebhookRequest] = []
    clock = iter(range(START + shopper * 1000, START + (shopper + 1) * 1000))

    def tell(kind: str, raw: dict[str, Any]) -> None:
        reported.append(server.webhook(kind, dict(raw), at=next(clock)))

    whole = server.objects[session]
    if shopper % 6 == 5:
        whole["status"] = "expired"
        tell("checkout.session.expired", whole)
        return reported
    for code in ("insufficient_funds", "expired_card")[: shopper % 3]:
        tell("payment_intent.payment_failed", server.decline(session, code))
    if shopper % 2:
        tell("payment_intent.requires_action", server.challenge(session))
    intent = server.pay(session)
    tell("payment_intent.amount_capturable_updated", intent)
    tell("checkout.session.completed", whole)
    part = intent["amount"] - (500 if shopper % 4 == 1 else 0)
    intent |= {"status": "succeeded", "amount_received": part}
    tell("payment_intent.succeeded", intent)
    tell("charge.succeeded", {"id": "ch_1", "object": "charge", "currency": "eur"})
    for number in range(shopper % 3):
        refund = {
            "id": f"re_{shopper}_{number}",
            "object": "refund",
            "amount": part // 2,
            "currency": "eur",
            "metadata": intent["metadata"] if number else {},
            "payment_intent": intent["id"],
            "status": "succeeded",
        }
        tell("refund.created", refund)
        tell("refund.updated", refund)
        if shopper % 5 == 0:
            tell("refund.failed", {**refund, "status": "failed"})
    if shopper % 4 == 0:
        for status in ("needs_response", "under_review", "won" if shopper % 8 else "lost"):
            closed = status in ("won", "lost")
            kind = "charge.dispute.closed" if closed else "charge.dispute.updated"
            tell(kind, server.dispute(intent["id"], status))
            if status == "needs_response":
                taken = server.move_disputed(intent["id"], fee=1500)
                tell("charge.dispute.funds_withdrawn", taken)
            if status == "won":
                back = server.move_disputed(intent["id"], back=True, fee=-1500)
                tell("charge.dispute.funds_reinstated", back)
    return reported


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that money has written."""
    payments = ("reference", "provider_id", "state", "charged", "refunded", "dispute", "reason")
    events = ("event_id", "kind", "amount", "currency", "reason", "occurred_at")
    orders = ("number", "payment_reference", "flag", "paid", "refunded", "state")
    of_movement = ("kind", "brand__slug", "order__number")
    of_entry = ("movement__key", "account", "currency", "amount")
    return {
        "payments": list(Transaction.objects.order_by("reference").values_list(*payments)),
        "events": list(TransactionEvent.objects.order_by("event_id").values_list(*events)),
        "orders": list(Order.objects.order_by("number").values_list(*orders)),
        "checkouts": list(Checkout.objects.order_by("pk").values_list("pk", "state")),
        "movements": list(LedgerMovement.objects.order_by("key").values_list("key", *of_movement)),
        "ledger": sorted(LedgerEntry.objects.order_by("pk").values_list(*of_entry)),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("shoppers", [12, pytest.param(36, marks=pytest.mark.long)])
def test_messages_in_any_order_and_any_number_end_in_the_same_rows(
    server: StripeServer, shoppers: int
) -> None:
    make_shop(variant := make_variant(stock=shoppers))
    sessions = [begin(ready_checkout(variant)).provider_id for _ in range(shoppers)]
    reported = [m for n, session in enumerate(sessions) for m in messages_of(server, session, n)]

    def after(messages: list[WebhookRequest]) -> dict[str, list[tuple[Any, ...]]]:
        before = transaction.savepoint_create()
        desk = wiring.payment_desk()
        for message in messages:
            desk.read_webhook(message)
        written = rows()
        transaction.savepoint_rollback(before)
        return written

    ordered = after(reported)
    assert len(ordered["orders"]) == shoppers * 5 // 6
    kinds = Counter(kind for _, kind, *_ in ordered["movements"])
    assert min(kinds[kind] for kind in ("sale", "provider-refund", "dispute", "dispute-fee")) > 0
    assert kinds["dispute"] == kinds["dispute-fee"]
    assert sum(amount for *_, amount in ordered["ledger"]) == 0
    most = 500 * shoppers // 36
    for seed, count in ((1, most), (2, most * 3 // 5), (3, most * 3 // 5)):
        chance = random.Random(seed)
        replayed = reported + chance.choices(reported, k=count - len(reported))
        chance.shuffle(replayed)
        assert len(replayed) == count
        assert after(replayed) == ordered
