"""What Stripe's objects say, as events of ours. Pure: plain dictionaries in, events out.

Only fields are read that have meant the same since API version 2019-02-11, so that a webhook
endpoint pinned to an old version is understood: not `charges` of a payment intent (until
2022-11-15) nor `refunds` of a charge. An event's id is made of the object and what became of it
(`pi_1.charged`), because Stripe may tell of one charge in several messages, each with its own id:
https://docs.stripe.com/webhooks#handle-duplicate-events
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.payments.declines import reason_of
from storefront_backend.payments.minor_units import from_minor

type Raw = Mapping[str, Any]

# A warning is a bank's inquiry: no money has been taken back yet.
_DISPUTE = {
    "won": EventKind.DISPUTE_WON,
    "warning_closed": EventKind.DISPUTE_WON,
    "lost": EventKind.DISPUTE_LOST,
}
_UNDONE_REFUND = ("failed", "canceled")


def reference_in(raw: Raw) -> str:
    """Our reference on a Stripe object; empty on an object that somebody else made."""
    return str((raw.get("metadata") or {}).get("reference", ""))


def payment_of(raw: Raw) -> str:
    """The payment intent that a session, refund or dispute belongs to; empty if none."""
    intent = raw.get("payment_intent")
    return str(intent["id"] if isinstance(intent, Mapping) else intent or "")


def intent_event(intent: Raw, at: int) -> PaymentEvent | None:
    """What a payment intent says of the money; None while nothing is decided."""
    amount, kind, name, reason = int(intent["amount"]), None, "", ""
    match intent["status"]:
        case "succeeded":
            kind, name, amount = EventKind.CHARGED, "charged", int(intent["amount_received"])
        case "requires_capture":
            kind, name = EventKind.AUTHORIZED, "authorized"
        case "canceled":
            kind, name = EventKind.CANCELED, "canceled"
            reason = intent.get("cancellation_reason") or ""
        case "requires_payment_method" if intent.get("last_payment_error"):
            error = intent["last_payment_error"]
            kind = EventKind.DECLINED
            # One intent may be declined many times, each time with a charge of its own.
            name = f"declined.{error.get('charge') or error.get('code') or at}"
            reason = reason_of(error.get("decline_code"), error.get("code"))
    if kind is None:
        return None
    return _event(f"{intent['id']}.{name}", kind, intent, amount, at, reason=reason)


def hold_event(intent: Raw, at: int) -> PaymentEvent | None:
    """That taken money was held first, which its intent does not say once it is taken."""
    if intent["status"] != "succeeded" or intent.get("capture_method") != "manual":
        return None
    name = f"{intent['id']}.authorized"
    return _event(name, EventKind.AUTHORIZED, intent, int(intent["amount"]), at)


def session_event(session: Raw, at: int) -> PaymentEvent | None:
    """What a checkout session says by itself; its intent, once there is one, says more."""
    intent = payment_of(session)
    amount = int(session["amount_total"])
    if session["payment_status"] == "paid" and intent:
        charged = _event(f"{intent}.charged", EventKind.CHARGED, session, amount, at)
        return _for_payment(charged, intent)
    if session["status"] == "expired":
        return _event(f"{session['id']}.canceled", EventKind.CANCELED, session, amount, at)
    return None


def failed_session_event(session: Raw, at: int) -> PaymentEvent:
    """A bank that takes days has said no: unlike a decline, this session cannot be tried again."""
    amount = int(session["amount_total"])
    return _event(f"{session['id']}.failed", EventKind.FAILED, session, amount, at)


def refund_event(refund: Raw, at: int, reference: str) -> PaymentEvent:
    """A refund counts from when it is requested, and stops counting when the bank sends it back."""
    undone = refund.get("status") in _UNDONE_REFUND
    event = _event(
        f"{refund['id']}.failed" if undone else str(refund["id"]),
        EventKind.REFUND_FAILED if undone else EventKind.REFUNDED,
        refund,
        int(refund["amount"]),
        at,
        reference=reference,
        reason=(refund.get("failure_reason") if undone else refund.get("reason")) or "",
        request=str((refund.get("metadata") or {}).get("request", "")),
    )
    return _for_payment(event, payment_of(refund))


def is_released_rest(refund: Raw, intent: Raw) -> bool:
    """Whether a refund is no refund of money but the rest of a hold, released by the capture."""
    rest = int(intent["amount"]) - int(intent["amount_received"])
    manual = intent.get("capture_method") == "manual"
    return bool(manual and rest and refund["amount"] == rest and not reference_in(refund))


def dispute_event(dispute: Raw, at: int, reference: str) -> PaymentEvent:
    """Open, won or lost."""
    kind = _DISPUTE.get(dispute["status"], EventKind.DISPUTED)
    event = _event(
        f"{dispute['id']}.{kind.value}",
        kind,
        dispute,
        int(dispute["amount"]),
        at,
        reference=reference,
        reason=dispute.get("reason") or "",
    )
    return _for_payment(event, payment_of(dispute))


def dispute_money(dispute: Raw, reference: str) -> list[PaymentEvent]:
    """What a dispute took out of our balance and put back, oldest first, each with its fee.

    An entry of the balance is in the account's own currency. Where that is not the payment's, the
    disputed amount is used for it, since the exchange is no part of what the shopper paid.
    https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions
    """
    found = []
    for entry in dispute.get("balance_transactions") or ():
        amount, currency = int(entry["amount"]), str(entry["currency"])
        if not amount:
            continue
        taken = amount < 0
        same = currency == dispute["currency"]
        event = _event(
            f"{dispute['id']}.{entry['id']}",
            EventKind.DISPUTE_WITHDRAWN if taken else EventKind.DISPUTE_REINSTATED,
            dispute,
            abs(amount) if same else int(dispute["amount"]),
            int(entry["created"]),
            reference=reference,
            reason=dispute.get("reason") or "",
        )
        fee = from_minor(int(entry.get("fee") or 0), currency)
        found.append(replace(_for_payment(event, payment_of(dispute)), fee=fee if fee else None))
    return sorted(found, key=lambda event: event.occurred_at)


def other_event(name: str, raw: Raw, at: int) -> PaymentEvent:
    """A message that changes nothing about a payment of ours."""
    return PaymentEvent(
        id=name,
        kind=EventKind.OTHER,
        reference=reference_in(raw),
        provider_id=str(raw.get("id", "")),
        amount=from_minor(0, str(raw.get("currency") or "usd")),
        occurred_at=_time(at),
    )


def _event(
    name: str,
    kind: EventKind,
    raw: Raw,
    amount: int,
    at: int,
    *,
    reference: str = "",
    reason: str = "",
    request: str = "",
) -> PaymentEvent:
    reference = reference or reference_in(raw)
    if not reference:
        raise NotFound("This payment was not made by this shop", field="reference")
    return PaymentEvent(
        id=name,
        kind=kind,
        reference=reference,
        provider_id=str(raw["id"]),
        amount=from_minor(amount, raw["currency"]),
        occurred_at=_time(at),
        reason=str(reason),
        request=request,
    )


def _for_payment(event: PaymentEvent, intent: str) -> PaymentEvent:
    return replace(event, provider_id=intent)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
