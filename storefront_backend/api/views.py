"""GraphQL over HTTP: JSON is posted, JSON comes back. There is no page to try queries on: its
script would need the CSP opened."""

from __future__ import annotations

import json
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from graphql import GraphQLError
from graphql.execution import execute_sync

from i18n.errors import I18nError
from storefront_backend.api.documents import UnsoundQuery, document
from storefront_backend.api.schema import schema
from storefront_backend.commerce.errors import CommerceError

log = structlog.get_logger(__name__)
_FORM = 'Post JSON: {"query": "…", "variables": {…}, "operationName": "…"}'


# No cookie carries any right to change something here: what a token opens, its holder may do. So
# there is no forgery to protect from.
@csrf_exempt
@require_POST
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer one operation. 400 where nothing was executed, as Saleor does."""
    try:
        query, variables, operation = _asked(request)
        found = execute_sync(
            schema.graphql_schema,
            document(query),
            context_value=request,
            variable_values=variables,
            operation_name=operation,
        )
    except GraphQLError as error:
        return _answer({"errors": [error.formatted]}, 400)
    except UnsoundQuery as unsound:
        return _answer({"errors": [error.formatted for error in unsound.errors]}, 400)
    answer: dict[str, Any] = {}
    if found.errors:
        answer["errors"] = [_told(error) for error in found.errors]
        if not all(error.path for error in found.errors):
            return _answer(answer, 400)
    return _answer(answer | {"data": found.data}, 200)


def _asked(request: HttpRequest) -> tuple[str, dict[str, Any] | None, str | None]:
    if request.content_type != "application/json":
        raise GraphQLError(_FORM)
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise GraphQLError(_FORM) from error
    if not isinstance(body, dict):
        raise GraphQLError(_FORM)
    query, variables, operation = (
        body.get(name) or None for name in ("query", "variables", "operationName")
    )
    kinds = ((query, str), (variables, dict | None), (operation, str | None))
    if not all(isinstance(value, kind) for value, kind in kinds):
        raise GraphQLError(_FORM)
    return str(query), variables, operation


def _told(error: GraphQLError) -> dict[str, Any]:
    """An error as the asker sees it; what is our own fault goes to the log, not to the world."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError | CommerceError | I18nError):
        return dict(error.formatted)
    log.error("graphql failed", path=error.path, exc_info=cause)
    return dict(
        GraphQLError(
            "Something went wrong here; it has been written down",
            error.nodes,
            path=error.path,
            extensions={"code": "internal"},
        ).formatted
    )


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json")
