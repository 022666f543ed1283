"""A Stripe on this machine, with a memory: what its public reference says, for what we use.

Sessions, payment intents, refunds, disputes, idempotency keys (same key and body: the first answer
again; another body: `idempotency_error`), list pages, and the shopper and the bank as methods. It
can lose its line before or after it has done its work. https://docs.stripe.com/api, 2026-11-24.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from storefront_backend.commerce.payments import WebhookRequest

type Raw = dict[str, Any]


class Refusal(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status: int, kind: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


def refused(message: str, **more: str) -> Refusal:
    """A 400 of the most usual kind."""
    return Refusal(400, "invalid_request_error", message, **more)


class StripeServer:
    """One account. `url` is its API's address."""

    key = "sk_test_local"
    webhook_secret = "whsec_local"
    headers: Raw = {"Authorization": f"Bearer {key}"}  # noqa: RUF012 - read only

    def __init__(self) -> None:
        self.objects: dict[str, Raw] = {}
        self.answers: dict[str, tuple[bytes, int, Raw]] = {}
        self.faults: list[tuple[str, int]] = []
        self.url = ""
        self._count = itertools.count(1)
        self._lock = threading.RLock()

    # --- what a shopper and a bank do ---------------------------------------------------------

    def pay(self, payment: str) -> Raw:
        """The shopper pays: the money is taken, or held where it is captured later."""
        with self._lock:
            intent = self._opened(payment)
            charge = self._new("ch", "charge", amount=intent["amount"], disputed=False)
            intent["latest_charge"] = charge["id"]
            later = intent["capture_method"] == "manual"
            intent["status"] = "requires_capture" if later else "succeeded"
            intent["amount_received"] = 0 if later else intent["amount"]
            intent["last_payment_error"] = intent["next_action"] = None
            for session in self._sessions_of(intent):
                session["status"] = "complete"
                session["payment_status"] = "unpaid" if later else "paid"
            return intent

    def decline(self, payment: str, decline_code: str) -> Raw:
        """The shopper's bank says no; another card may be tried."""
        with self._lock:
            intent = self._opened(payment)
            charge = self._new("ch", "charge", amount=intent["amount"], disputed=False)
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {
                "code": "card_declined",
                "decline_code": decline_code,
                "charge": charge["id"],
            }
            return intent

    def challenge(self, payment: str) -> Raw:
        """The bank wants to see the shopper (3-D Secure)."""
        with self._lock:
            intent = self._opened(payment)
            intent["status"] = "requires_action"
            intent["next_action"] = {"type": "redirect_to_url"}
            return intent

    def dispute(self, intent_id: str, status: str = "needs_response") -> Raw:
        """The shopper's bank asks the money back, or decides about that."""
        with self._lock:
            intent = self.objects[intent_id]
            self.objects[intent["latest_charge"]]["disputed"] = True
            known = [o for o in self._of("dispute") if o["payment_intent"] == intent_id]
            dispute = (
                known[0]
                if known
                else self._new("dp", "dispute", metadata={}, balance_transactions=[])
            )
            dispute |= {
                "payment_intent": intent_id,
                "amount": intent["amount_received"],
                "currency": intent["currency"],
                "reason": "fraudulent",
                "status": status,
            }
            return dispute

    def move_disputed(self, intent_id: str, *, back: bool = False, fee: int = 0) -> Raw:
        """The disputed money leaves the account's balance, or comes back into it."""
        with self._lock:
            dispute = next(o for o in self._of("dispute") if o["payment_intent"] == intent_id)
            amount = dispute["amount"] if back else -dispute["amount"]
            entry = self._new(
                "txn",
                "balance_transaction",
                amount=amount,
                currency=dispute["currency"],
                fee=fee,
                net=amount - fee,
                source=dispute["id"],
                type="adjustment",
            )
            dispute["balance_transactions"] = [*dispute["balance_transactions"], entry]
            return dispute

    def webhook(self, kind: str, raw: Raw, *, at: int | None = None) -> WebhookRequest:
        """A message about an object, signed now."""
        message = {
            "id": f"evt_{next(self._count)}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": at or int(time.time()),
            "type": kind,
            "data": {"object": raw},
        }
        return signed(json.dumps(message), self.webhook_secret)

    # --- the API ------------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: bytes, headers: Raw) -> tuple[int, Raw]:
        """One call: authentication, idempotency, then the resource."""
        if headers.get("Authorization") != f"Bearer {self.key}":
            return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}
        with self._lock:
            key = headers.get("Idempotency-Key")
            try:
                if key and key in self.answers:
                    before, status, answer = self.answers[key]
                    if before != path.encode() + body:
                        raise Refusal(400, "idempotency_error", "Keys are for one request only")
                    return status, answer
                split = urlsplit(path)
                given = nested(body.decode() if method == "POST" else split.query)
                answer = self._serve(method, split.path.removeprefix("/v1/"), given)
                status = 200
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body
            answer = json.loads(json.dumps(answer))
            if key:
                self.answers.setdefault(key, (path.encode() + body, status, answer))
            return status, answer

    def _serve(self, method: str, path: str, given: Raw) -> Raw:
        match [method, *path.split("/")]:
            case ["POST", "checkout", "sessions"]:
                return self._create_session(given)
            case ["GET", "checkout", "sessions", name]:
                return self._expanded(self._find(name), given)
            case ["POST", "checkout", "sessions", name, "expire"]:
                return self._expire(self._find(name))
            case ["POST", "payment_intents"]:
                return self._create_intent(given)
            case ["GET", "payment_intents", name]:
                return self._expanded(self._find(name), given)
            case ["POST", "payment_intents", name, "capture"]:
                return self._capture(self._find(name), given)
            case ["POST", "payment_intents", name, "cancel"]:
                return self._cancel(self._find(name))
            case ["POST", "refunds"]:
                return self._create_refund(given)
            case ["GET", "payment_intents" | "refunds" | "disputes" as kind]:
                return self._list(kind, given)
        raise Refusal(404, "invalid_request_error", f"Unrecognized request URL {path}")

    def _create_session(self, given: Raw) -> Raw:
        price = given["line_items"]["0"]["price_data"]
        lasts = int(given.get("expires_at", time.time() + 86_400)) - time.time()
        if not 1_790 <= lasts <= 86_410:
            raise refused("expires_at must be 30 minutes to 24 hours away", param="expires_at")
        session = self._new(
            "cs",
            "checkout.session",
            amount_total=int(price["unit_amount"]),
            currency=price["currency"],
            metadata=given.get("metadata", {}),
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            expires_at=int(given.get("expires_at", time.time() + 86_400)),
            success_url=given["success_url"],
        )
        session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
        session["_intent"] = given["payment_intent_data"]
        return session

    def _expire(self, session: Raw) -> Raw:
        if session["status"] != "open":
            raise refused("Only Checkout Sessions with a status in [open] can be expired")
        session["status"] = "expired"
        if session["payment_intent"]:
            self.objects[session["payment_intent"]]["status"] = "canceled"
        return session

    def _create_intent(self, given: Raw) -> Raw:
        if not re.fullmatch(r"[1-9]\d*", given["amount"]):
            raise refused("Invalid integer", param="amount")
        intent = self._new(
            "pi",
            "payment_intent",
            amount=int(given["amount"]),
            amount_received=0,
            canceled_at=None,
            cancellation_reason=None,
            capture_method=given.get("capture_method", "automatic"),
            currency=given["currency"],
            last_payment_error=None,
            latest_charge=None,
            metadata=given.get("metadata", {}),
            next_action=None,
            status="requires_payment_method",
        )
        intent["client_secret"] = f"{intent['id']}_secret"
        return intent

    def _capture(self, intent: Raw, given: Raw) -> Raw:
        if intent["status"] != "requires_capture":
            raise refused("Not capturable", code="payment_intent_unexpected_state")
        wanted = int(given.get("amount_to_capture", intent["amount"]))
        if wanted > intent["amount"]:
            raise refused("More than is held", param="amount_to_capture")
        intent |= {"status": "succeeded", "amount_received": wanted}
        return self._expanded(intent, given)

    def _cancel(self, intent: Raw) -> Raw:
        if intent["status"] in ("succeeded", "canceled", "processing"):
            raise refused("Not cancelable", code="payment_intent_unexpected_state")
        intent |= {"status": "canceled", "canceled_at": int(time.time())}
        return intent

    def _create_refund(self, given: Raw) -> Raw:
        intent = self._find(given["payment_intent"])
        amount = int(given["amount"])
        before = sum(r["amount"] for r in self._of("refund") if r["payment_intent"] == intent["id"])
        if before + amount > intent["amount_received"]:
            raise refused("Refund amount is greater than unrefunded amount", param="amount")
        return self._new(
            "re",
            "refund",
            amount=amount,
            currency=intent["currency"],
            metadata=given.get("metadata", {}),
            payment_intent=intent["id"],
            reason=None,
            status="succeeded",
        )

    def _list(self, path: str, given: Raw) -> Raw:
        found = [o for o in self._of(path.removesuffix("s")) if _fits(o, given)][::-1]
        names = [o["id"] for o in found]
        start = names.index(given["starting_after"]) + 1 if "starting_after" in given else 0
        page = found[start : start + int(given.get("limit", 10))]
        more = start + len(page) < len(found)
        data = [self._expanded(o, given) for o in page]
        return {"object": "list", "url": f"/v1/{path}", "has_more": more, "data": data}

    # --- its memory ---------------------------------------------------------------------------

    def _new(self, prefix: str, kind: str, **fields: Any) -> Raw:
        name = f"{prefix}_{next(self._count):06}"
        self.objects[name] = {"id": name, "object": kind, "created": int(time.time()), **fields}
        return self.objects[name]

    def _find(self, name: str) -> Raw:
        if name not in self.objects:
            raise Refusal(404, "invalid_request_error", f"No such object: {name}")
        return self.objects[name]

    def _of(self, kind: str) -> list[Raw]:
        return [o for o in self.objects.values() if o["object"] == kind]

    def _opened(self, payment: str) -> Raw:
        """The intent of an intent or session; a session makes its own when it is first paid."""
        found = self.objects[payment]
        if found["object"] == "payment_intent":
            assert found["status"] not in ("succeeded", "canceled"), "decided already"
            return found
        assert found["status"] == "open", "this session is closed"
        if found["payment_intent"] is None:
            given = {"amount": str(found["amount_total"]), "currency": found["currency"]}
            found["payment_intent"] = self._create_intent({**found["_intent"], **given})["id"]
        return self.objects[found["payment_intent"]]

    def _sessions_of(self, intent: Raw) -> list[Raw]:
        return [s for s in self._of("checkout.session") if s["payment_intent"] == intent["id"]]

    def _expanded(self, found: Raw, given: Raw) -> Raw:
        expanded = dict(found)
        for path in given.get("expand", {}).values():
            for field in ("payment_intent", "latest_charge"):
                if field in path and isinstance(expanded.get(field), str):
                    expanded[field] = self._expanded(self.objects[expanded[field]], given)
        return expanded


def _fits(found: Raw, given: Raw) -> bool:
    intent = given.get("payment_intent")
    since = int(given.get("created", {}).get("gte", 0))
    return (intent is None or found.get("payment_intent") == intent) and found["created"] >= since


def nested(form: str) -> Raw:
    """`a[b][0]=1` as {"a": {"b": {"0": "1"}}}."""
    tree: Raw = {}
    for key, value in parse_qsl(form, keep_blank_values=True):
        *path, last = [part for part in re.split(r"[\[\]]+", key) if part]
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = value
    return tree


def signed(body: str, secret: str, at: int | None = None) -> WebhookRequest:
    """A webhook with Stripe's signature over it."""
    header = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return WebhookRequest(body=body.encode(), headers={"stripe-signature": header})


@contextmanager
def running(port: int = 0) -> Iterator[StripeServer]:
    """The server on a port of this machine; 0: any that is free."""
    account = StripeServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            when, status = account.faults.pop(0) if account.faults else ("", 0)
            answer: Raw = {"error": {"type": "api_error", "message": "A requested fault"}}
            if when != "before":
                code, said = account.answer(self.command, self.path, body, dict(self.headers))
                status, answer = (status, answer) if when == "after" else (code, said)
            if status == 0:  # the line breaks
                self.close_connection = True
                return
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    account.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
