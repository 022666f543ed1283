"""Requests to a payment provider and its answers; no provider is named here."""

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
    DECLINED = "declined"  # one attempt failed; the shopper may try another card
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"  # the bank would not take the money back
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"  # the disputed money was taken from our account
    DISPUTE_REINSTATED = "dispute_reinstated"  # and put back into it
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why a payment was refused, in words that are the same for every provider.

    A bank that suspects fraud or theft is not to be quoted to the person paying, so those are
    DECLINED as well.
    """

    DECLINED = "declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    LIMIT_EXCEEDED = "limit_exceeded"
    EXPIRED_CARD = "expired_card"
    WRONG_DETAILS = "wrong_details"
    NOT_SUPPORTED = "not_supported"
    AUTHENTICATION_FAILED = "authentication_failed"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """`reference` is ours and unique a payment attempt; it doubles as the idempotency key.

    After `expires_at` the shopper cannot begin to pay any more.
    """

    reference: str
    amount: Money
    email: str
    description: str
    return_url: str
    cancel_url: str
    language: str
    expires_at: datetime | None = None


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
    """One thing that happened at the provider. The same `id` always means the same event.

    `id` names the thing and not the message, so a webhook, its repetition and a look-up that tell
    of the same charge give the same id. `request` is our own reference of a refund that we
    requested, and empty on one made at the provider's. `fee` is what the provider takes for a
    dispute, in the currency of its account; less than nothing where a fee is refunded.
    """

    id: str
    kind: EventKind
    reference: str
    provider_id: str
    amount: Money
    occurred_at: datetime
    reason: str = ""
    request: str = ""
    fee: Money | None = None


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A webhook as it came over the wire; `headers` in lower case."""

    body: bytes
    headers: Mapping[str, str]
