"""Questions to the API, through graphene-django's own test client."""

from __future__ import annotations

from typing import Any

from django.test import Client
from graphene_django.utils.testing import graphql_query


def answer(query: str, client: Client | None = None, **variables: Any) -> Any:
    """The whole answer of one operation: `data`, `errors` or both."""
    return graphql_query(query, variables=variables, client=client or Client()).json()


def ask(query: str, client: Client | None = None, **variables: Any) -> Any:
    """The value of the operation's one field. Fails where there are errors."""
    body = answer(query, client, **variables)
    assert "errors" not in body, body
    return next(iter(body["data"].values()))


def refusal(query: str, **variables: Any) -> str:
    """The code of the first error of an answer without data."""
    body = answer(query, **variables)
    assert body.get("data") is None, body
    return str(body["errors"][0].get("extensions", {}).get("code", ""))
