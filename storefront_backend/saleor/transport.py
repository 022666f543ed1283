"""Sending operations to a Saleor, and judging what comes back.

| what happened                             | sent again                        |
|-------------------------------------------|-----------------------------------|
| no connection, 429                        | always: nothing was done          |
| timeout, cut line, 5xx, half or no JSON   | when the operation is idempotent  |
| 401, 403, permission or token error       | never: a person must act          |
| an operation that the schema does not know| never: it is our mistake          |
| the breaker is open                       | never: nothing is sent at all     |

Tokens never reach a log: requests are logged by operation, cost and duration alone.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from storefront_backend.saleor.breaker import Breaker
from storefront_backend.saleor.documents import Document, document
from storefront_backend.saleor.errors import (
    Problem,
    SaleorForbidden,
    SaleorMisread,
    SaleorRefused,
    SaleorUnavailable,
)

log = structlog.get_logger(__name__)

_TOKEN_ERRORS = {
    "PermissionDenied",
    "InvalidTokenError",
    "ExpiredSignatureError",
    "InvalidSignatureError",
    "JSONWebTokenError",
}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_REINSTALL = "Install the app again in the Saleor Dashboard, then run manage.py saleor_check"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a Saleor: seconds, and attempts in all.

    No further attempt begins once `total` seconds have passed since the first.
    """

    connect: float = 5.0
    read: float = 30.0
    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 10.0
    total: float = math.inf

    def wait(self, attempt: int) -> float:
        """Seconds before the attempt of this number, from 1 on: doubled each time."""
        return float(min(self.first_wait * 2 ** (attempt - 1), self.longest_wait))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gave; `cost` is Saleor's own measure, at most 50,000 by default."""

    data: dict[str, Any]
    cost: int


@dataclass(frozen=True, slots=True)
class _Failed:
    """An attempt without a result; `again` says whether another may help."""

    error: Exception
    again: bool
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that travels beside the variables, in the variable `file`."""

    name: str
    content: bytes
    media_type: str


_Outcome = httpx.Response | httpx.TransportError


@dataclass(slots=True)
class _Conversation:
    """One operation: what is sent for it, and what an answer means."""

    url: str
    token: str = field(repr=False)
    patience: Patience
    doc: Document
    variables: Mapping[str, Any]
    upload: Upload | None = None

    def request(self) -> httpx.Request:
        """The operation as it is sent, each time."""
        body = {
            "query": self.doc.text,
            "operationName": self.doc.name,
            "variables": dict(self.variables),
        }
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = httpx.Timeout(self.patience.read, connect=self.patience.connect).as_dict()
        if self.upload is None:
            return httpx.Request(
                "POST", self.url, json=body, headers=headers, extensions={"timeout": timeout}
            )
        # https://github.com/jaydenseric/graphql-multipart-request-spec, version 2
        body["variables"] = {**self.variables, "file": None}
        return httpx.Request(
            "POST",
            self.url,
            data={"operations": json.dumps(body), "map": json.dumps({"0": ["variables.file"]})},
            files={"0": (self.upload.name, self.upload.content, self.upload.media_type)},
            headers=headers,
            extensions={"timeout": timeout},
        )

    def judge(self, outcome: _Outcome) -> Answer | _Failed:
        """The answer, or why there is none and whether asking again may help."""
        repeatable = self.doc.repeatable
        if isinstance(outcome, httpx.TransportError):
            again = repeatable or isinstance(outcome, _NOT_SENT)
            return _Failed(self._unavailable(f"no answer ({type(outcome).__name__})"), again)
        if outcome.status_code == httpx.codes.TOO_MANY_REQUESTS:
            wait = _retry_after(outcome, self.patience.longest_wait)
            return _Failed(self._unavailable("rate limited (429)"), True, wait)
        if outcome.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return _Failed(self._forbidden(f"HTTP {outcome.status_code}"), False)
        if outcome.is_server_error:
            return _Failed(self._unavailable(f"HTTP {outcome.status_code}"), repeatable)
        try:
            said = outcome.json()
            assert isinstance(said, dict)
        except (ValueError, AssertionError):
            status = outcome.status_code
            return _Failed(self._unavailable(f"no JSON (HTTP {status})"), repeatable)
        return self._read(said)

    def _read(self, said: Mapping[str, Any]) -> Answer | _Failed:
        errors, data = said.get("errors") or [], said.get("data")
        if errors:
            first = errors[0] if isinstance(errors[0], dict) else {}
            kind = str(first.get("extensions", {}).get("exception", {}).get("code", ""))
            message = str(first.get("message", ""))[:300]
            if kind in _TOKEN_ERRORS:
                return _Failed(self._forbidden(message), False)
            if kind == "IntegrityError":
                # Somebody wrote the same thing between Saleor's own look and its write.
                return _Failed(self._unavailable("a collision with another write"), False)
            if isinstance(data, dict) and any(value is not None for value in data.values()):
                half = self._unavailable(f"half an answer ({message})")
                return _Failed(half, self.doc.repeatable)
            return _Failed(SaleorMisread(f"Saleor does not take {self.doc.name}: {message}"), False)
        if not isinstance(data, dict):
            return _Failed(self._unavailable("an answer without data"), self.doc.repeatable)
        cost = said.get("extensions", {}).get("cost", {}).get("requestedQueryCost", 0)
        return Answer(data, int(cost))

    def _unavailable(self, reason: str) -> SaleorUnavailable:
        return SaleorUnavailable(
            f"Saleor gave {self.doc.name} {reason}",
            hint="Saleor may be down or overloaded; what was begun is retried later",
        )

    def _forbidden(self, reason: str) -> SaleorForbidden:
        return SaleorForbidden(f"Saleor does not let us {self.doc.name}: {reason}", hint=_REINSTALL)


class Saleor:
    """A Saleor as one app or person sees it. `http` may be a test's own client."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        http: httpx.Client | None = None,
        patience: Patience | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.url = url
        self._token = token
        self._http = http or httpx.Client()
        self._patience = patience or Patience()
        self._breaker = breaker

    def __repr__(self) -> str:
        return f"Saleor({self.url!r})"

    def with_token(self, token: str) -> Saleor:
        """The same Saleor for somebody else, over the same connections."""
        return Saleor(
            self.url, token, http=self._http, patience=self._patience, breaker=self._breaker
        )

    def run(self, path: str, *, upload: Upload | None = None, **variables: Any) -> Answer:
        """Send the operation of that file. Raises SaleorUnavailable, SaleorForbidden, …Misread."""
        return self.send(document(path), variables, upload=upload)

    def send(
        self, doc: Document, variables: Mapping[str, Any], *, upload: Upload | None = None
    ) -> Answer:
        """Send an operation that was put together, as `batch` does."""
        talk = _Conversation(self.url, self._token, self._patience, doc, variables, upload)
        if self._breaker is None:
            return self._attempts(talk)
        with self._breaker.watching(SaleorUnavailable):
            return self._attempts(talk)

    def _attempts(self, talk: _Conversation) -> Answer:
        began = time.monotonic()
        for attempt in range(1, self._patience.attempts + 1):
            result = talk.judge(self._outcome(talk.request()))
            if isinstance(result, Answer):
                _trace(talk.doc, result, began)
                return result
            last = attempt == self._patience.attempts or (
                time.monotonic() - began >= self._patience.total
            )
            log.warning(
                "saleor attempt failed",
                operation=talk.doc.name,
                attempt=attempt,
                reason=str(result.error),
                again=result.again and not last,
            )
            if last or not result.again:
                raise result.error
            time.sleep(max(result.wait, self._patience.wait(attempt)))
        raise AssertionError("there is at least one attempt")

    def _outcome(self, request: httpx.Request) -> _Outcome:
        try:
            return self._http.send(request)
        except httpx.TransportError as error:
            return error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def problems_in(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The `errors` of one mutation's payload."""
    return tuple(Problem.read(raw) for raw in payload.get("errors") or ())


def accepted(answer: Answer, operation: str) -> dict[str, Any]:
    """The payload of an answer's only mutation. Raises SaleorRefused when it has errors."""
    payload: dict[str, Any] = next(iter(answer.data.values())) or {}
    problems = problems_in(payload)
    if problems:
        raise SaleorRefused(operation, problems)
    return payload


def _retry_after(response: httpx.Response, longest: float) -> float:
    said = response.headers.get("Retry-After", "")
    return min(float(said), longest) if said.isdigit() else 0.0


def _trace(doc: Document, answer: Answer, began: float) -> None:
    took = round((time.monotonic() - began) * 1000)
    log.debug("saleor answered", operation=doc.name, cost=answer.cost, milliseconds=took)
