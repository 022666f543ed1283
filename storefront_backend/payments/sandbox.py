"""A payment provider of our own for the demo and for tests: real state, no real money.

It behaves as a provider does: it lives apart from the shop (a file of its own, as if another
company ran it), knows our reference as the idempotency key, never deletes an event, and signs
its webhooks. The shopper decides on its payment page: pays, is declined for a reason, is challenged
by the bank first, goes back. It can be set to hold the money until it is captured, to let calls
time out before or after their work is done (`fail_next`), and to send its webhooks late, twice
or out of order (`deliveries`). It refuses to start in production.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from i18n.money import Money
from storefront_backend.commerce.errors import (
    InvalidRequest,
    NotFound,
    ProviderError,
    ProviderUnavailable,
)
from storefront_backend.commerce.payments import (
    EventKind,
    PaymentEvent,
    PaymentRequest,
    PaymentSession,
    PaymentState,
    WebhookRequest,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, reference TEXT UNIQUE NOT NULL, amount TEXT NOT NULL,
    currency TEXT NOT NULL, description TEXT NOT NULL, state TEXT NOT NULL,
    return_url TEXT NOT NULL, cancel_url TEXT NOT NULL, language TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL REFERENCES payment (id), kind TEXT NOT NULL,
    amount TEXT NOT NULL, reason TEXT NOT NULL, occurred_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS trouble (
    verb TEXT PRIMARY KEY, times INTEGER NOT NULL, after INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS dispute_fee (
    event TEXT PRIMARY KEY REFERENCES event (id), amount TEXT NOT NULL, currency TEXT NOT NULL
);
"""
_AFTER = {
    EventKind.AUTHORIZED: PaymentState.AUTHORIZED,
    EventKind.CHARGED: PaymentState.CHARGED,
    EventKind.FAILED: PaymentState.FAILED,
    EventKind.CANCELED: PaymentState.CANCELED,
}


class SandboxProvider:
    """Implements PaymentProvider over a SQLite file; `page_url` shows its payment page."""

    name = "sandbox"

    def __init__(
        self,
        path: Path,
        page_url: str,
        secret: str,
        *,
        production: bool,
        capture_later: bool = False,
    ) -> None:
        if production:
            raise ProviderError(
                "The sandbox takes no real money and refuses to start in production",
                hint="Set PAYMENT_PROVIDER to a real provider",
            )
        self._path = path
        self._page_url = page_url
        self._secret = secret.encode()
        self._capture_later = capture_later
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._database() as database:
            database.executescript(_SCHEMA)

    def start(self, request: PaymentRequest) -> PaymentSession:
        """Begin; idempotent: the same reference gives the same payment."""
        payment = "sbx_" + hashlib.sha256(request.reference.encode()).hexdigest()[:24]
        with self._answering("start"), self._database() as database:
            database.execute(
                "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    payment,
                    request.reference,
                    str(request.amount.amount),
                    request.amount.currency,
                    request.description,
                    PaymentState.PENDING.value,
                    request.return_url,
                    request.cancel_url,
                    request.language,
                ),
            )
            row = self._payment(database, payment)
        if Money(Decimal(row["amount"]), row["currency"]) != request.amount:
            raise InvalidRequest("That reference was used for another amount", field="reference")
        return PaymentSession(
            reference=request.reference,
            provider_id=payment,
            state=PaymentState(row["state"]),
            redirect_url=self._page_url.format(provider_id=payment),
        )

    def pay(self, provider_id: str) -> PaymentEvent:
        """The shopper pays: the money is taken, or held where the shop captures later."""
        held = EventKind.AUTHORIZED if self._capture_later else EventKind.CHARGED
        return self.decide(provider_id, held)

    def decide(self, provider_id: str, kind: EventKind, reason: str = "") -> PaymentEvent:
        """What comes of the payment page: authorized, charged, failed or canceled, once."""
        with self._database() as database:
            row = self._payment(database, provider_id)
            if row["state"] != PaymentState.PENDING:
                raise InvalidRequest("This payment has been decided already", field="provider_id")
            return self._move(database, row, kind, reason)

    def capture(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Take held money, once, whole or in part; the rest is released."""
        with self._answering("capture"), self._database() as database:
            row = self._payment(database, provider_id)
            known = self._known_event(database, provider_id, EventKind.CHARGED.value)
            if known:
                return known
            if row["state"] != PaymentState.AUTHORIZED:
                raise InvalidRequest("No money is held that could be captured", field="provider_id")
            if amount.currency != row["currency"] or amount.amount > Decimal(row["amount"]):
                raise InvalidRequest("More than is held cannot be captured", field="amount")
            return self._move(database, row, EventKind.CHARGED, "", amount)

    def refund(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Refund, never more than was charged; idempotent by the reference."""
        with self._answering("refund"), self._database() as database:
            row = self._payment(database, provider_id)
            known = self._known_event(database, provider_id, reference)
            if known:
                return known
            charged = self._sum(database, provider_id, EventKind.CHARGED)
            refunded = self._sum(database, provider_id, EventKind.REFUNDED)
            if amount.currency != row["currency"] or refunded + amount.amount > charged:
                raise InvalidRequest("More than was charged cannot be refunded", field="amount")
            return self._event(database, provider_id, reference, EventKind.REFUNDED, amount, "")

    def cancel(self, provider_id: str, *, reference: str) -> PaymentEvent:
        """Release a payment whose money was not taken."""
        with self._answering("cancel"), self._database() as database:
            row = self._payment(database, provider_id)
            known = self._known_event(database, provider_id, EventKind.CANCELED.value)
            if known:
                return known
            if row["state"] not in (PaymentState.PENDING, PaymentState.AUTHORIZED):
                raise InvalidRequest("This payment has been decided already", field="provider_id")
            return self._move(database, row, EventKind.CANCELED, "canceled by the shop")

    def dispute(
        self, provider_id: str, kind: EventKind = EventKind.DISPUTED, *, fee: Money | None = None
    ) -> PaymentEvent:
        """The shopper's bank demands the money back, decides about that, takes it or puts it back.

        `fee` is what the provider takes for it, in any currency.
        """
        with self._database() as database:
            charged = self._sum(database, provider_id, EventKind.CHARGED)
            row = self._payment(database, provider_id)
            amount = Money(charged, row["currency"])
            if fee is not None:
                database.execute(
                    "INSERT INTO dispute_fee VALUES (?, ?, ?)",
                    (f"{provider_id}.{kind.value}", str(fee.amount), fee.currency),
                )
            return self._event(database, provider_id, kind.value, kind, amount, "fraudulent")

    def fail_next(self, verb: str, *, times: int = 1, after: bool = False) -> None:
        """The next calls of `verb` time out; `after`: once their work is done, which is worse."""
        with self._database() as database:
            database.execute(
                "INSERT OR REPLACE INTO trouble VALUES (?, ?, ?)", (verb, times, after)
            )

    def deliveries(
        self, provider_id: str, *, copies: int = 1, newest_first: bool = False
    ) -> list[WebhookRequest]:
        """The webhooks of a payment as a bad line brings them: late, repeated, out of order."""
        events = sorted(
            self.look_up(provider_id), key=lambda event: event.occurred_at, reverse=newest_first
        )
        return [self.webhook(event) for event in events for _ in range(copies)]

    def events_since(self, since: datetime) -> Iterator[PaymentEvent]:
        """What happened since then."""
        with self._database() as database:
            payments = database.execute(
                "SELECT DISTINCT payment FROM event WHERE occurred_at >= ?", (since.isoformat(),)
            ).fetchall()
            found = [event for row in payments for event in self._events(database, row["payment"])]
        yield from found

    def look_up(self, provider_id: str) -> Sequence[PaymentEvent]:
        """Every event of the payment, oldest first."""
        with self._answering("look_up"), self._database() as database:
            self._payment(database, provider_id)
            return self._events(database, provider_id)

    def details(self, provider_id: str) -> dict[str, str]:
        """What the payment page shows: amount, currency, description, state, addresses back."""
        with self._database() as database:
            return dict(self._payment(database, provider_id))

    def webhook(self, event: PaymentEvent) -> WebhookRequest:
        """The event as the sandbox would send it."""
        body = json.dumps(
            {
                "id": event.id,
                "kind": event.kind.value,
                "reference": event.reference,
                "provider_id": event.provider_id,
                "amount": str(event.amount.amount),
                "currency": event.amount.currency,
                "occurred_at": event.occurred_at.isoformat(),
                "reason": event.reason,
                "request": event.request,
                "fee": [str(event.fee.amount), event.fee.currency] if event.fee else None,
            }
        ).encode()
        return WebhookRequest(body=body, headers={"sandbox-signature": self._sign(body)})

    def read_event(self, request: WebhookRequest) -> PaymentEvent:
        """Verify the signature and read."""
        given = request.headers.get("sandbox-signature", "")
        if not hmac.compare_digest(given, self._sign(request.body)):
            raise InvalidRequest("The signature does not match the body", field="sandbox-signature")
        raw = json.loads(request.body)
        return PaymentEvent(
            id=raw["id"],
            kind=EventKind(raw["kind"]),
            reference=raw["reference"],
            provider_id=raw["provider_id"],
            amount=Money(Decimal(raw["amount"]), raw["currency"]),
            occurred_at=datetime.fromisoformat(raw["occurred_at"]),
            reason=raw["reason"],
            request=raw["request"],
            fee=Money(Decimal(raw["fee"][0]), raw["fee"][1]) if raw["fee"] else None,
        )

    @contextmanager
    def _answering(self, verb: str) -> Iterator[None]:
        trouble = self._trouble(verb)
        if trouble is not None and not trouble["after"]:
            raise ProviderUnavailable("The sandbox does not answer")
        yield
        if trouble is not None:
            raise ProviderUnavailable("The sandbox did it and does not answer")

    def _trouble(self, verb: str) -> sqlite3.Row | None:
        with self._database() as database:
            row: sqlite3.Row | None = database.execute(
                "SELECT * FROM trouble WHERE verb = ? AND times > 0", (verb,)
            ).fetchone()
            database.execute("UPDATE trouble SET times = times - 1 WHERE verb = ?", (verb,))
            return row

    def _move(
        self,
        database: sqlite3.Connection,
        row: sqlite3.Row,
        kind: EventKind,
        reason: str,
        amount: Money | None = None,
    ) -> PaymentEvent:
        """Into the state that follows, with an event of its name: each kind happens once."""
        database.execute(
            "UPDATE payment SET state = ? WHERE id = ?", (_AFTER[kind].value, row["id"])
        )
        whole = Money(Decimal(row["amount"]), row["currency"])
        return self._event(database, row["id"], kind.value, kind, amount or whole, reason)

    def _sum(self, database: sqlite3.Connection, provider_id: str, kind: EventKind) -> Decimal:
        amounts = (e.amount.amount for e in self._events(database, provider_id) if e.kind is kind)
        return sum(amounts, Decimal(0))

    def _sign(self, body: bytes) -> str:
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        # BEGIN IMMEDIATE: two processes that decide at once must see one another.
        with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as database:
            database.row_factory = sqlite3.Row
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.rollback()
                raise
            if database.in_transaction:
                database.commit()

    def _payment(self, database: sqlite3.Connection, provider_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = database.execute(
            "SELECT * FROM payment WHERE id = ?", (provider_id,)
        ).fetchone()
        if row is None:
            raise NotFound(f"The sandbox has no payment {provider_id}", field="provider_id")
        return row

    def _event(
        self,
        database: sqlite3.Connection,
        provider_id: str,
        name: str,
        kind: EventKind,
        amount: Money,
        reason: str,
    ) -> PaymentEvent:
        database.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
            (
                f"{provider_id}.{name}",
                provider_id,
                kind.value,
                str(amount.amount),
                reason,
                datetime.now(UTC).isoformat(),
            ),
        )
        event = self._known_event(database, provider_id, name)
        assert event is not None  # written one statement ago, in the same transaction
        return event

    def _known_event(
        self, database: sqlite3.Connection, provider_id: str, name: str
    ) -> PaymentEvent | None:
        wanted = f"{provider_id}.{name}"
        return next((e for e in self._events(database, provider_id) if e.id == wanted), None)

    def _events(self, database: sqlite3.Connection, provider_id: str) -> list[PaymentEvent]:
        rows = database.execute(
            "SELECT event.*, payment.reference, payment.currency, dispute_fee.amount AS fee,"
            " dispute_fee.currency AS fee_currency FROM event"
            " JOIN payment ON payment.id = event.payment"
            " LEFT JOIN dispute_fee ON dispute_fee.event = event.id WHERE payment.id = ?"
            " ORDER BY occurred_at, event.id",
            (provider_id,),
        )
        return [
            PaymentEvent(
                id=row["id"],
                kind=EventKind(row["kind"]),
                reference=row["reference"],
                provider_id=provider_id,
                amount=Money(Decimal(row["amount"]), row["currency"]),
                occurred_at=datetime.fromisoformat(row["occurred_at"]),
                reason=row["reason"],
                # A refund's event is named after the reference of the request.
                request=_request_in(row) if row["kind"] == EventKind.REFUNDED.value else "",
                fee=Money(Decimal(row["fee"]), row["fee_currency"]) if row["fee"] else None,
            )
            for row in rows
        ]


def _request_in(row: sqlite3.Row) -> str:
    return str(row["id"]).removeprefix(f"{row['payment']}.")
