"""GraphQL over HTTP: JSON is posted, JSON comes back.

graphene-django's view answers; here is only what it does otherwise than an API of a shop should
(docs/adr/0010-requests-have-bounds.md). There is no page to try queries on: its script would need
the CSP opened.
"""

from __future__ import annotations

import json
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from graphene_django.views import GraphQLView, HttpError
from graphql import ExecutionResult, GraphQLError, execute_sync

from i18n.errors import I18nError
from storefront_backend.api.documents import UnsoundQuery, document
from storefront_backend.api.schema import schema
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.request_text import MalformedRequest, read_json

log = structlog.get_logger(__name__)
_MOST_BYTES = 100_000  # the longest documents of the usual tools have some 20,000
_FORM = 'Post JSON: {"query": "…", "variables": {…}, "operationName": "…"}'


class ShopGraphQLView(GraphQLView):
    """One operation a request, in a JSON body; 400 where nothing was executed, as Saleor does."""

    # Without its `ensure_csrf_cookie`: apps ask from other origins and send no cookie back.
    dispatch = GraphQLView.dispatch.__wrapped__

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The JSON object of the request; forms and GraphQL as text are not read."""
        if self.get_content_type(request) != "application/json":
            raise _refused("invalid_json", _FORM)
        if _length(request) > _MOST_BYTES:
            raise _refused("too_long", f"The request is longer than {_MOST_BYTES} bytes")
        try:
            said = read_json(request.body)
        except MalformedRequest as error:
            code = error.code
            raise _refused(code, _FORM if code == "invalid_json" else error.message) from None
        if not isinstance(said, dict):
            raise _refused("invalid_json", _FORM)
        return said

    @staticmethod
    def get_graphql_params(
        request: HttpRequest, data: dict[str, Any]
    ) -> tuple[str, dict[str, Any] | None, str | None, None]:
        """Of the body alone: an address is logged, and a link must change nothing."""
        query, variables, operation = (
            data.get(name) or None for name in ("query", "variables", "operationName")
        )
        kinds = ((query, str), (variables, dict | None), (operation, str | None))
        if not all(isinstance(value, kind) for value, kind in kinds):
            raise _refused("invalid_json", _FORM)
        return str(query), variables, operation, None

    def execute_graphql_request(
        self,
        request: HttpRequest,
        data: dict[str, Any],
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
        show_graphiql: bool = False,
    ) -> ExecutionResult:
        """Execute a document that has passed the limits, cached if it was parsed before."""
        try:
            return execute_sync(
                self.schema.graphql_schema,
                document(query),
                context_value=self.get_context(request),
                variable_values=variables,
                operation_name=operation_name,
            )
        except GraphQLError as error:
            return ExecutionResult(errors=[error])
        except UnsoundQuery as unsound:
            return ExecutionResult(errors=unsound.errors)

    @staticmethod
    def format_error(error: Exception) -> dict[str, Any]:
        """An error as the asker sees it; our own faults go to the log, not to the world."""
        if isinstance(error, HttpError):
            return dict(error.error.formatted)
        assert isinstance(error, GraphQLError)
        cause = error.original_error
        if cause is None or isinstance(cause, GraphQLError | CommerceError | I18nError):
            return dict(error.formatted)
        log.error("graphql failed", path=error.path, exc_info=cause)
        return dict(
            GraphQLError(
                "Something went wrong here; it has been logged",
                error.nodes,
                path=error.path,
                extensions={"code": "internal"},
            ).formatted
        )

    def json_encode(self, request: HttpRequest, d: object, pretty: bool = False) -> str:
        """Letters as they are: Chinese is a third as long as its escapes."""
        return json.dumps(d, separators=(",", ":"), ensure_ascii=False)


# No cookie carries any right to change something here: what a token opens, its holder may do. So
# there is no forgery to protect from.
graphql = csrf_exempt(require_POST(ShopGraphQLView.as_view(schema=schema, middleware=[])))


def _length(request: HttpRequest) -> int:
    said = request.headers.get("Content-Length") or "0"
    return int(said) if said.isdecimal() and len(said) < 12 else _MOST_BYTES + 1


def _refused(code: str, message: str) -> HttpError:
    refused = HttpError(HttpResponseBadRequest(), message)
    refused.error = GraphQLError(message, extensions={"code": code})
    return refused
