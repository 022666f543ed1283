"""What a payment provider is asked and what it says; no provider is named here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from i18n.money import Money


class PaymentState(StrEnum):
    """The provider's side of one payment."""

    PENDING = "pending"  # the shopper has not finished
    AUTHORIZED = "authorized"  # the money is held
    CHARGED = "charged"  # the money is ours
    FAILED = "failed"
    CANCELED = "canceled"


class EventKind(StrEnum):
    """What a provider's event says has happened."""

    AUTHORIZED = "authorized"
    CHARGED = "charged"
    FAILED = "failed"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """`reference` is ours and unique a payment attempt; it doubles as the idempotency key."""

    reference: str
    amount: Money
    email: str
    description: str
    return_url: str
    cancel_url: str
    language: str


@dataclass(frozen=True, slots=True)
class PaymentSession:
    """A started payment: our reference, the provider's id, where the shopper goes to pay."""

    reference: str
    provider_id: str
    state: PaymentState
    redirect_url: str = ""
    client_secret: str = ""


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One thing that happened at the provider. The same `id` always means the same event."""

    id: str
    kind: EventKind
    reference: str
    provider_id: str
    amount: Money
    occurred_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A webhook as it came over the wire; `headers` in lower case."""

    body: bytes
    headers: Mapping[str, str]
