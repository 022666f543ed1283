"""The transaction app: what Saleor asks it, and the answers that a PaymentProvider's words make.

| Saleor asks                        | we                    | the provider knows it by  |
|------------------------------------|-----------------------|---------------------------|
| PAYMENT_GATEWAY_INITIALIZE_SESSION | say who takes money   |                           |
| TRANSACTION_INITIALIZE_SESSION     | start a payment       | the transaction's token   |
| TRANSACTION_PROCESS_SESSION        | look up what it is    |                           |
| TRANSACTION_CHARGE_REQUESTED       | capture               | the request event's id    |
| TRANSACTION_REFUND_REQUESTED       | refund                | the request event's id    |
| TRANSACTION_CANCELATION_REQUESTED  | release               | the request event's id    |

Every reference is Saleor's own name for the thing, so a question that comes twice is one
payment and one refund. What the provider reports later is sent by transactionEventReport under
the name that Saleor may know it by already (`_reference`): it takes each once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from i18n.money import Money
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.commerce.payments import EventKind, PaymentEvent, PaymentSession
from storefront_backend.saleor.ids import decoded
from storefront_backend.saleor.transport import Saleor, accepted

# What each of a provider's events is to Saleor; what is missing is not sent.
REPORTED = {
    EventKind.AUTHORIZED: "AUTHORIZATION_SUCCESS",
    EventKind.CHARGED: "CHARGE_SUCCESS",
    EventKind.FAILED: "CHARGE_FAILURE",
    EventKind.CANCELED: "CANCEL_SUCCESS",
    EventKind.REFUNDED: "REFUND_SUCCESS",
    EventKind.REFUND_FAILED: "REFUND_REVERSE",
    EventKind.DISPUTED: "INFO",
    EventKind.DISPUTE_LOST: "CHARGE_BACK",
    EventKind.DISPUTE_WON: "INFO",
}
_ACTIONS = {
    "AUTHORIZATION_SUCCESS": ("CHARGE", "CANCEL"),
    "CHARGE_SUCCESS": ("REFUND",),
    "REFUND_SUCCESS": ("REFUND",),
}
_DECISIVE = (EventKind.CHARGED, EventKind.AUTHORIZED, EventKind.CANCELED, EventKind.FAILED)
_WANTED = {"CHARGE": "CHARGE", "AUTHORIZATION": "AUTHORIZATION"}


@dataclass(frozen=True, slots=True)
class Session:
    """A shopper who is to pay. `token` names the Saleor transaction, `psp` ours at the provider."""

    transaction: str
    token: str
    psp: str
    amount: Money
    action: str  # CHARGE or AUTHORIZATION
    source: str
    email: str
    language: str
    return_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody in the Dashboard wants money captured, refunded or released."""

    transaction: str
    token: str
    psp: str
    amount: Money
    action: str  # CHARGE, REFUND or CANCEL
    reference: str


def read_session(said: Mapping[str, Any]) -> Session:
    """The content of TRANSACTION_{INITIALIZE,PROCESS}_SESSION. Raises InvalidRequest."""
    try:
        transaction, action = said["transaction"], said["action"]
        source = said.get("sourceObject") or {}
        given = said.get("data") if isinstance(said.get("data"), dict) else {}
        assert given is not None
        return Session(
            transaction=transaction["id"],
            # Saleor sends the id as the merchant's reference; the token inside it is the UUID.
            token=transaction.get("token") or _token_in(transaction["id"]),
            psp=transaction.get("pspReference") or "",
            amount=_amount(action),
            action=_WANTED[action["actionType"]],
            source=source.get("id") or "",
            email=source.get("email") or source.get("userEmail") or "",
            language=str(source.get("languageCode") or source.get("languageCodeEnum") or "EN"),
            return_url=str(given.get("returnUrl") or ""),
            cancel_url=str(given.get("cancelUrl") or ""),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidRequest(f"That is not a payment ({type(error).__name__}: {error})") from error


def read_request(said: Mapping[str, Any]) -> Request:
    """The content of TRANSACTION_{CHARGE,REFUND,CANCELATION}_REQUESTED. Raises InvalidRequest."""
    try:
        transaction, action = said["transaction"], said["action"]
        kind = action["actionType"]
        # The body is written when the request is made, so the latest one in it is this one.
        requested = [
            event["id"] for event in transaction["events"] if event["type"] == f"{kind}_REQUEST"
        ]
        if not requested:
            raise InvalidRequest("The transaction holds no such request")
        return Request(
            transaction=transaction["id"],
            token=transaction.get("token") or _token_in(transaction["id"]),
            psp=transaction.get("pspReference") or "",
            amount=_amount(action),
            action=kind,
            reference=max(requested, key=_number_in),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidRequest(f"That is not a request ({type(error).__name__}: {error})") from error


def started(session: Session, begun: PaymentSession) -> dict[str, Any]:
    """The answer to TRANSACTION_INITIALIZE_SESSION: the shopper has to go and pay."""
    return {
        "pspReference": begun.provider_id,
        "result": f"{session.action}_ACTION_REQUIRED",
        "amount": str(session.amount.amount),
        "actions": [],
        "externalUrl": begun.redirect_url,
        "data": {"redirectUrl": begun.redirect_url, "clientSecret": begun.client_secret},
    }


def became(session: Session, events: Sequence[PaymentEvent]) -> dict[str, Any]:
    """The answer to TRANSACTION_PROCESS_SESSION, from all that the provider knows."""
    known = {event.kind: event for event in sorted(events, key=lambda event: event.occurred_at)}
    for kind in _DECISIVE:
        event = known.get(kind)
        if event is None:
            continue
        result = REPORTED[kind]
        if kind in (EventKind.CANCELED, EventKind.FAILED):
            result = f"{session.action}_FAILURE"
        amount = event.amount if event.amount.amount else session.amount
        return {
            "pspReference": session.psp,
            "result": result,
            "amount": str(amount.amount),
            "actions": list(_ACTIONS.get(result, ())),
            "message": event.reason[:500],
        }
    return {
        "pspReference": session.psp,
        "result": f"{session.action}_ACTION_REQUIRED",
        "amount": str(session.amount.amount),
        "message": "The shopper has not paid yet",
    }


def done(request: Request, event: PaymentEvent) -> dict[str, Any]:
    """The answer to a request that the provider has carried out."""
    said = {"CHARGE": "CHARGE_SUCCESS", "REFUND": "REFUND_SUCCESS", "CANCEL": "CANCEL_SUCCESS"}
    result = said[request.action]
    return {
        "pspReference": event.id,
        "result": result,
        "amount": str(request.amount.amount),
        "actions": list(_ACTIONS.get(result, ())),
    }


def refused(request: Request, error: CommerceError) -> dict[str, Any]:
    """The answer to a request that cannot be carried out, and never will be."""
    said = {"CHARGE": "CHARGE_FAILURE", "REFUND": "REFUND_FAILURE", "CANCEL": "CANCEL_FAILURE"}
    return {
        # A failure needs a name, too, or Saleor takes a second one for the first.
        "pspReference": f"{request.reference}-refused",
        "result": said[request.action],
        "amount": str(request.amount.amount),
        "message": error.message[:500],
    }


def report(saleor: Saleor, event: PaymentEvent, *, token: str = "", transaction: str = "") -> bool:
    """Send Saleor an event of the provider; False where it knew. By token or by id.

    A payment that Saleor began itself goes by its token. Raises SaleorRefused (NOT_FOUND).
    """
    kind = REPORTED.get(event.kind)
    if kind is None:
        return False
    by: dict[str, Any] = {"id": transaction} if transaction else {"token": token}
    payload = accepted(
        saleor.run(
            "sales/report",
            **by,
            type=kind,
            amount=str(event.amount.amount),
            reference=event.id if transaction else _reference(saleor, token, event),
            time=event.occurred_at.isoformat(),
            actions=list(_ACTIONS.get(kind, ())),
            message=event.reason[:500],
        ),
        "ReportPayment",
    )
    return not payload.get("alreadyProcessed")


def _reference(saleor: Saleor, token: str, event: PaymentEvent) -> str:
    """The name of an event for Saleor, the same on every way to it, so that it counts it once.

    What a session came to bears the payment's own name, as in the answer to PROCESS_SESSION: Saleor
    makes that name the transaction's. All else bears the event's, as in the answer to a request;
    and so does money that is charged after it was held, which staff asks for.
    """
    found = saleor.run("sales/transaction", token=token).data["transaction"] or {}
    held = any(each["type"] == "AUTHORIZATION_SUCCESS" for each in found.get("events") or ())
    of_session = event.kind is EventKind.AUTHORIZED or (
        event.kind is EventKind.CHARGED and not held
    )
    return str((of_session and found.get("pspReference")) or event.id)


def _amount(action: Mapping[str, Any]) -> Money:
    return Money(Decimal(str(action["amount"])), action["currency"]).quantized()


def _token_in(transaction_id: str) -> str:
    return decoded(transaction_id).partition(":")[2]


def _number_in(event_id: str) -> int:
    digits = decoded(event_id).partition(":")[2]
    return int(digits) if digits.isdecimal() else 0
