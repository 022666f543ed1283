"""Stripe: hosted Checkout Sessions, or PaymentIntents for front ends of one's own.

Every write carries an idempotency key made of our reference and the verb, and every object our
reference as metadata, by which webhooks and listings find the way back. The API version is pinned:
an upgrade of the SDK does not change what Stripe sends us unawares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import stripe

from i18n.money import Money
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.payments import (
    EventKind,
    PaymentEvent,
    PaymentRequest,
    PaymentSession,
    PaymentState,
    WebhookRequest,
)
from storefront_backend.payments import stripe_events as events
from storefront_backend.payments.minor_units import to_minor
from storefront_backend.payments.stripe_errors import translated

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams
    from stripe.params.checkout import SessionCreateParams

API_VERSION = "2026-10-28.endive"
# Seconds. A shopper waits behind `start`; a timeout is retried with the same idempotency key.
_TIMEOUT = 15
_RETRIES = 1
# How old a signed webhook may be: https://docs.stripe.com/webhooks#replay-attacks
_TOLERANCE = 300
_PAGE = 100
# The languages of Stripe's checkout; it reads the browser's for the others.
# https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
LOCALES = frozenset((
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hi-IN", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt",
    "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
))  # fmt: skip
_SPELLED = {"zh-Hans": "zh", "zh-Hant": "zh-HK"}  # where Stripe's code is not ours
_SESSION = "cs_"
_DISPUTE_MONEY = {
    "charge.dispute.funds_withdrawn": EventKind.DISPUTE_WITHDRAWN,
    "charge.dispute.funds_reinstated": EventKind.DISPUTE_REINSTATED,
}


def stripe_locale(language: str) -> str:
    """The locale of Stripe's page for one of our languages, "auto" where Stripe has none."""
    code = _SPELLED.get(language, language)
    return code if code in LOCALES else "auto"


@dataclass(frozen=True, slots=True)
class StripeTerms:
    """How an operator wants to be paid.

    `hosted`: on Stripe's page; else a client secret for a front end of one's own. `capture_later`:
    the money is held when the shopper pays, and taken when the first parcel leaves.
    """

    hosted: bool = True
    capture_later: bool = False


class StripeProvider:
    """Implements PaymentProvider and PaymentStatement."""

    name = "stripe"

    def __init__(
        self, secret_key: str, webhook_secret: str, terms: StripeTerms, *, api_base: str = ""
    ) -> None:
        self._terms = terms
        self._webhook_secret = webhook_secret
        client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT),
        )
        self._stripe = client.v1

    def start(self, request: PaymentRequest) -> PaymentSession:
        """Begin a payment; the same request again gives the same one."""
        return self._start_session(request) if self._terms.hosted else self._start_intent(request)

    def _start_session(self, request: PaymentRequest) -> PaymentSession:
        metadata = {"reference": request.reference}
        amount = to_minor(request.amount)
        params: SessionCreateParams = {
            "mode": "payment",
            "client_reference_id": request.reference,
            "metadata": metadata,
            "success_url": request.return_url,
            "cancel_url": request.cancel_url,
            "locale": stripe_locale(request.language),
            # One line of the whole: what it is made of was shown on our page, with its taxes.
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": request.amount.currency.lower(),
                        "unit_amount": amount,
                        "product_data": {"name": request.description},
                    },
                }
            ],
            "payment_intent_data": {
                "capture_method": self._capture_method,
                "description": request.description,
                "metadata": metadata,
            },
        }
        if request.email:
            params["customer_email"] = request.email
        if request.expires_at is not None:
            params["expires_at"] = int(request.expires_at.timestamp())
        with translated():
            session = self._stripe.checkout.sessions.create(
                params, {"idempotency_key": f"{request.reference}-start"}
            )
        return PaymentSession(
            reference=request.reference,
            provider_id=session.id,
            state=PaymentState.PENDING,
            redirect_url=session.url or "",
        )

    def _start_intent(self, request: PaymentRequest) -> PaymentSession:
        params: PaymentIntentCreateParams = {
            "amount": to_minor(request.amount),
            "currency": request.amount.currency.lower(),
            "capture_method": self._capture_method,
            "description": request.description,
            "metadata": {"reference": request.reference},
        }
        with translated():
            intent = self._stripe.payment_intents.create(
                params, {"idempotency_key": f"{request.reference}-start"}
            )
        return PaymentSession(
            reference=request.reference,
            provider_id=intent.id,
            state=PaymentState.PENDING,
            client_secret=intent.client_secret or "",
        )

    @property
    def _capture_method(self) -> str:
        return "manual" if self._terms.capture_later else "automatic"

    def capture(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Take held money, once; what is not taken is released. Idempotent: the same event."""
        intent = self._intent_of(provider_id)
        if intent["status"] != "succeeded":
            with translated():
                intent = self._stripe.payment_intents.capture(
                    intent["id"],
                    {"amount_to_capture": to_minor(amount)},
                    {"idempotency_key": f"{reference}-capture"},
                ).to_dict()
        return _decided(events.intent_event(intent, _when(intent)))

    def refund(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Refund, whole or in part; idempotent by the reference."""
        intent = self._intent_of(provider_id)
        ours = events.reference_in(intent)
        if intent["status"] != "succeeded":
            raise InvalidRequest("Nothing was charged that could be refunded", field="provider_id")
        # Stripe forgets idempotency keys after a day; a refund must never happen twice.
        for known in self._refunds({"payment_intent": intent["id"], "limit": _PAGE}):
            if (known.get("metadata") or {}).get("request") == reference:
                return events.refund_event(known, known["created"], ours)
        with translated():
            refund = self._stripe.refunds.create(
                {
                    "payment_intent": intent["id"],
                    "amount": to_minor(amount),
                    "metadata": {"reference": ours, "request": reference},
                },
                {"idempotency_key": f"{reference}-refund"},
            ).to_dict()
        return events.refund_event(refund, refund["created"], ours)

    def cancel(self, provider_id: str, *, reference: str) -> PaymentEvent:
        """Release a payment that was not taken. Raises InvalidRequest when it was."""
        if provider_id.startswith(_SESSION):
            session = self._session(provider_id)
            if session["status"] == "open":
                with translated():
                    session = self._stripe.checkout.sessions.expire(
                        provider_id, {}, {"idempotency_key": f"{reference}-expire"}
                    ).to_dict()
            if session["status"] == "expired":
                return _decided(events.session_event(session, session["expires_at"]))
        intent = self._intent_of(provider_id)
        if intent["status"] != "canceled":
            with translated():
                intent = self._stripe.payment_intents.cancel(
                    intent["id"], {}, {"idempotency_key": f"{reference}-cancel"}
                ).to_dict()
        return _decided(events.intent_event(intent, _when(intent)))

    def read_event(self, request: WebhookRequest) -> PaymentEvent:
        """Verify the signature and read. Raises NotFound for a payment that is not of this shop."""
        try:
            stripe.WebhookSignature.verify_header(
                request.body,
                request.headers.get("stripe-signature"),
                self._webhook_secret,
                _TOLERANCE,
            )
            message = json.loads(request.body)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise InvalidRequest(
                "The signature does not match the body, or is too old", field="stripe-signature"
            ) from error
        raw, at = message["data"]["object"], int(message["created"])
        return self._read(message["type"], raw, at) or events.other_event(message["id"], raw, at)

    def _read(self, kind: str, raw: dict[str, Any], at: int) -> PaymentEvent | None:
        if kind.startswith("payment_intent."):
            return events.intent_event(raw, at) if events.reference_in(raw) else None
        if kind.startswith("checkout.session."):
            if not events.reference_in(raw):
                return None
            failed = kind == "checkout.session.async_payment_failed"
            return events.failed_session_event(raw, at) if failed else events.session_event(raw, at)
        if kind.startswith("refund.") or kind == "charge.refund.updated":
            if reference := events.reference_in(raw):
                return events.refund_event(raw, at, reference)
            intent = self._payment_of(raw)
            if events.is_released_rest(raw, intent):
                return None
            return events.refund_event(raw, at, events.reference_in(intent))
        if kind.startswith("charge.dispute."):
            reference = events.reference_in(raw) or events.reference_in(self._payment_of(raw))
            if kind in _DISPUTE_MONEY:
                moved = events.dispute_money(raw, reference)
                wanted = [event for event in moved if event.kind is _DISPUTE_MONEY[kind]]
                # For a balance that has not been moved yet another event follows when it is.
                return wanted[-1] if wanted else None
            return events.dispute_event(raw, at, reference)
        return None

    def look_up(self, provider_id: str) -> Sequence[PaymentEvent]:
        """Every event of a payment that still shows at Stripe, oldest first."""
        if not provider_id.startswith(_SESSION):
            return self._look_up(self._intent_of(provider_id))
        session = self._session(provider_id)
        known = events.session_event(session, session["created"])
        if intent := session.get("payment_intent"):
            return self._look_up(intent) or ([known] if known else [])
        return [known] if known else []

    def events_since(self, since: datetime) -> Iterator[PaymentEvent]:
        """Every event of our payments that were begun since then, newest payment first."""
        listing: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        # No refund or dispute is older than its payment, so three listings are the whole account.
        refunds, disputes = (
            _by_payment(self._refunds(listing)),
            _by_payment(self._disputes(listing)),
        )
        listing["expand"] = ["data.latest_charge"]
        with translated():
            for intent in self._stripe.payment_intents.list(listing).auto_paging_iter():  # type: ignore[arg-type]  # built as a plain dictionary
                raw = intent.to_dict()
                if events.reference_in(raw):
                    yield from _events_of(
                        raw, refunds.get(raw["id"], ()), disputes.get(raw["id"], ())
                    )

    def _look_up(self, intent: dict[str, Any]) -> list[PaymentEvent]:
        of_intent = {"payment_intent": intent["id"], "limit": _PAGE}
        charge = intent.get("latest_charge")
        if not isinstance(charge, dict):
            return _events_of(intent, (), ())
        disputes = self._disputes(of_intent) if charge.get("disputed") else ()
        return _events_of(intent, self._refunds(of_intent), disputes)

    def _session(self, session_id: str) -> dict[str, Any]:
        with translated():
            return self._stripe.checkout.sessions.retrieve(
                session_id, {"expand": ["payment_intent.latest_charge"]}
            ).to_dict()

    def _intent_of(self, provider_id: str) -> dict[str, Any]:
        """The payment intent behind an id, with its charge."""
        if provider_id.startswith(_SESSION):
            intent = self._session(provider_id).get("payment_intent")
            if intent is None:
                raise InvalidRequest("This has not been paid yet", field="provider_id")
            return dict(intent)
        with translated():
            return self._stripe.payment_intents.retrieve(
                provider_id, {"expand": ["latest_charge"]}
            ).to_dict()

    def _refunds(self, listing: dict[str, Any]) -> list[dict[str, Any]]:
        with translated():
            found = self._stripe.refunds.list(listing)  # type: ignore[arg-type]  # as above
            return [refund.to_dict() for refund in found.auto_paging_iter()]

    def _disputes(self, listing: dict[str, Any]) -> list[dict[str, Any]]:
        with translated():
            found = self._stripe.disputes.list(listing)  # type: ignore[arg-type]  # as above
            return [dispute.to_dict() for dispute in found.auto_paging_iter()]

    def _payment_of(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The payment of a refund or dispute made in the Dashboard: only it has our reference."""
        intent = events.payment_of(raw)
        if not intent:
            raise NotFound("This payment was not made by this shop", field="reference")
        return self._intent_of(intent)


def _events_of(
    intent: dict[str, Any],
    refunds: Sequence[dict[str, Any]],
    disputes: Sequence[dict[str, Any]],
) -> list[PaymentEvent]:
    """What shows of a payment at Stripe, oldest first."""
    reference, at = events.reference_in(intent), _when(intent)
    found = [events.hold_event(intent, at), events.intent_event(intent, at)]
    found += [
        events.refund_event(refund, refund["created"], reference)
        for refund in refunds
        if not events.is_released_rest(refund, intent)
    ]
    for dispute in disputes:
        found.append(events.dispute_event(dispute, dispute["created"], reference))
        found += events.dispute_money(dispute, reference)
    decided = [event for event in found if event is not None]
    return sorted(decided, key=lambda event: event.occurred_at)


def _by_payment(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        grouped.setdefault(events.payment_of(each), []).append(each)
    return grouped


def _when(intent: dict[str, Any]) -> int:
    charge = intent.get("latest_charge")
    charged = charge["created"] if isinstance(charge, dict) else None
    return int(intent.get("canceled_at") or charged or intent["created"])


def _decided(event: PaymentEvent | None) -> PaymentEvent:
    if event is None:
        raise InvalidRequest("Stripe has not decided this payment", field="provider_id")
    return event
