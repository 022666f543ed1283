"""A GraphQL server at the transport: Saleor's own API description, over any backend.

Every operation is parsed, validated and executed against that schema, so a field that does not
exist, a variable of the wrong type or an answer that the schema does not allow fails the test.
`faults` are answered first, one a request, in place of the real thing.
"""

from __future__ import annotations

import email
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

SALEOR_API = Path(__file__).resolve().parents[1] / "saleor_api"
SCHEMA = SALEOR_API / "schema.graphql"
URL = "http://saleor.test/graphql/"
TOKEN = "the-app's-token"

Fault = Callable[[httpx.Request], httpx.Response]


@cache
def schema() -> GraphQLSchema:
    """Saleor's API; seconds to build, so once a run."""
    return build_schema(SCHEMA.read_text("utf-8"), assume_valid=True)


@cache
def read(query: str) -> DocumentNode:
    """The operation, if Saleor's schema knows all of it."""
    parsed = parse(query)
    assert [error.message for error in validate(schema(), parsed)] == []
    return parsed


class SaleorWire:
    """Answers requests by the methods that bear the names of queries and mutations."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.after_write: Callable[[str], None] = lambda operation: None
        self.token = TOKEN

    def client(self) -> httpx.Client:
        """A client that ends here."""
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        said = self._read(request)
        self.requests.append(said["operationName"])
        if self.faults:
            return self.faults.pop(0)(request)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            error = {
                "message": "Invalid token",
                "extensions": {"exception": {"code": "InvalidTokenError"}},
            }
            return httpx.Response(200, json={"errors": [error]})
        parsed = read(said["query"])
        result = execute_sync(
            schema(),
            parsed,
            root_value=self,
            field_resolver=self._resolve,
            variable_values=said["variables"],
            operation_name=said["operationName"],
        )
        if "\nmutation " in f"\n{said['query']}":
            self.after_write(said["operationName"])
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [as_saleor_tells(error) for error in result.errors]
        return httpx.Response(200, json=body)

    def _read(self, request: httpx.Request) -> Any:
        if not request.headers["Content-Type"].startswith("multipart/"):
            return json.loads(request.content)
        # The two parts that we send: the operation, and the file that its variable stands for.
        head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
        parts = email.message_from_bytes(head + request.content).get_payload()
        assert isinstance(parts, list)
        by_name = {each.get_param("name", header="content-disposition"): each for each in parts}
        said = json.loads(by_name["operations"].get_payload(decode=True))
        said["variables"]["file"] = by_name["0"]
        return said

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        value = self._root(info.field_name) if source is self else source.get(info.field_name)
        return value(info, **arguments) if callable(value) else value

    def _root(self, name: str) -> Any:
        return getattr(self, name, None)


def edges(nodes: Iterable[Any]) -> dict[str, Any]:
    return {
        "edges": [{"node": each} for each in nodes],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


def pairs(rows: Iterable[Any] | None) -> dict[str, str]:
    return {row["key"]: row["value"] for row in rows or ()}


def error(field: str, code: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": f"{field} is {code}"}


def path(path: str, code: str) -> dict[str, str]:
    return {"path": path, "code": code, "message": f"{path} is {code}"}


def as_saleor_tells(error: GraphQLError) -> dict[str, Any]:
    return {
        "message": error.message,
        "extensions": {"exception": {"code": type(error.original_error or error).__name__}},
    }
