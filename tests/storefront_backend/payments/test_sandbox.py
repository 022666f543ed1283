"""What is particular to the sandbox: it fails on demand, and not in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, ProviderError
from storefront_backend.commerce.payments import EventKind, PaymentRequest
from storefront_backend.payments.sandbox import SandboxProvider


def sandbox(folder: Path) -> SandboxProvider:
    return SandboxProvider(folder / "x.sqlite", "http://pay/{provider_id}", "s", production=False)


def begun(provider: SandboxProvider) -> str:
    request = PaymentRequest("ref-1", Money.zero("EUR"), "", "", "http://b", "http://c", "en")
    return provider.start(request).provider_id


def test_a_payment_is_decided_once(tmp_path: Path) -> None:
    provider = sandbox(tmp_path)
    payment = begun(provider)
    provider.decide(payment, EventKind.FAILED, "declined")
    with pytest.raises(InvalidRequest):
        provider.pay(payment)
    assert [event.kind for event in provider.look_up(payment)] == [EventKind.FAILED]


def test_webhooks_may_come_twice_and_the_wrong_way_round(tmp_path: Path) -> None:
    provider = sandbox(tmp_path)
    payment = begun(provider)
    provider.pay(payment)
    provider.dispute(payment)
    late = provider.deliveries(payment, copies=2, newest_first=True)
    kinds = [provider.read_event(webhook).kind for webhook in late]
    assert kinds == [EventKind.DISPUTED] * 2 + [EventKind.CHARGED] * 2


def test_the_sandbox_refuses_to_start_in_production(tmp_path: Path) -> None:
    with pytest.raises(ProviderError):
        SandboxProvider(tmp_path / "x", "{provider_id}", "secret", production=True)
    assert not (tmp_path / "x").exists()
