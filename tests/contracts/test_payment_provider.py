"""What every PaymentProvider does, told by the shopper's decision at its payment page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound, ProviderError
from storefront_backend.commerce.payments import (
    EventKind,
    PaymentRequest,
    PaymentState,
    WebhookRequest,
)
from storefront_backend.payments.sandbox import SandboxProvider

PRICE = Money(Decimal("1234.50"), "EUR")


@pytest.fixture
def provider(tmp_path: Path) -> SandboxProvider:
    return SandboxProvider(
        tmp_path / "sandbox.sqlite", "http://pay/{provider_id}", "secret", production=False
    )


def request(reference: str = "ref-1", amount: Money = PRICE) -> PaymentRequest:
    return PaymentRequest(
        reference=reference,
        amount=amount,
        email="alice@example.com",
        description="A ring",
        return_url="http://shop/back",
        cancel_url="http://shop/bag",
        language="en",
    )


def test_a_started_payment_waits_for_the_shopper(provider: SandboxProvider) -> None:
    session = provider.start(request())
    assert session.state is PaymentState.PENDING
    assert session.provider_id in session.redirect_url
    assert provider.look_up(session.provider_id) == []


def test_the_same_reference_is_the_same_payment(provider: SandboxProvider) -> None:
    assert provider.start(request()) == provider.start(request())


def test_one_reference_is_not_used_for_two_amounts(provider: SandboxProvider) -> None:
    provider.start(request())
    with pytest.raises(InvalidRequest):
        provider.start(request(amount=Money(Decimal(1), "EUR")))


def test_a_charge_is_an_event_of_the_whole_amount(provider: SandboxProvider) -> None:
    session = provider.start(request())
    event = provider.decide(session.provider_id, EventKind.CHARGED)
    assert (event.kind, event.amount, event.reference) == (EventKind.CHARGED, PRICE, "ref-1")
    assert provider.look_up(session.provider_id) == [event]


def test_a_payment_is_decided_once(provider: SandboxProvider) -> None:
    session = provider.start(request())
    provider.decide(session.provider_id, EventKind.FAILED, "no funds")
    with pytest.raises(InvalidRequest):
        provider.decide(session.provider_id, EventKind.CHARGED)


def test_refunds_add_up_to_the_charge_and_no_further(provider: SandboxProvider) -> None:
    payment = provider.start(request()).provider_id
    provider.decide(payment, EventKind.CHARGED)
    provider.refund(payment, Money(Decimal(1000), "EUR"), reference="a")
    provider.refund(payment, Money(Decimal("234.50"), "EUR"), reference="b")
    with pytest.raises(InvalidRequest):
        provider.refund(payment, Money(Decimal("0.01"), "EUR"), reference="c")
    assert len(provider.look_up(payment)) == 3


def test_a_refund_with_the_same_reference_is_made_once(provider: SandboxProvider) -> None:
    payment = provider.start(request()).provider_id
    provider.decide(payment, EventKind.CHARGED)
    assert provider.refund(payment, PRICE, reference="a") == provider.refund(
        payment, PRICE, reference="a"
    )


def test_what_was_not_charged_is_not_refunded(provider: SandboxProvider) -> None:
    payment = provider.start(request()).provider_id
    with pytest.raises(InvalidRequest):
        provider.refund(payment, PRICE, reference="a")


def test_a_canceled_payment_may_be_canceled_again(provider: SandboxProvider) -> None:
    payment = provider.start(request()).provider_id
    assert provider.cancel(payment, reference="x") == provider.cancel(payment, reference="x")


def test_a_webhook_reads_back_as_the_event_it_tells_of(provider: SandboxProvider) -> None:
    event = provider.decide(provider.start(request()).provider_id, EventKind.CHARGED)
    assert provider.read_event(provider.webhook(event)) == event


def test_a_forged_webhook_is_refused(provider: SandboxProvider) -> None:
    event = provider.decide(provider.start(request()).provider_id, EventKind.CHARGED)
    true = provider.webhook(event)
    forged = WebhookRequest(body=true.body.replace(b"1234.50", b"9.00"), headers=true.headers)
    with pytest.raises(InvalidRequest):
        provider.read_event(forged)


def test_an_unknown_payment_is_not_found(provider: SandboxProvider) -> None:
    with pytest.raises(NotFound):
        provider.look_up("sbx_nothing")


def test_the_sandbox_refuses_to_start_in_production(tmp_path: Path) -> None:
    with pytest.raises(ProviderError):
        SandboxProvider(tmp_path / "x", "{provider_id}", "secret", production=True)
    assert not (tmp_path / "x").exists()
