"""Queries, parsed and found sound once: an app asks the same few again and again.

Parsing and checking a query costs more than answering many a one, and neither depends on the
variables. Only sound queries are kept, short ones, the most recent. A query passes, in
this order, checks of its tokens, of its size, and of its fields and types; each bounds the work
of the next.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from graphql import DocumentNode, GraphQLError, parse, specified_rules, validate

from storefront_backend.api.limits import Limits, check
from storefront_backend.api.schema import schema
from storefront_backend.api.tokens import MOST_TOKENS, check_tokens

_MOST_ERRORS = 20
_KEPT = 256
_KEPT_LENGTH = 8_000  # characters; some 200 kB parsed


class UnsoundQuery(Exception):
    """What is wrong with a query: its form, its size, or its fields and types."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


def document(query: str) -> DocumentNode:
    """The query, ready to be executed. Raises UnsoundQuery."""
    return _kept(query) if len(query) <= _KEPT_LENGTH else _read(query)


def _read(query: str) -> DocumentNode:
    try:
        check_tokens(query)
        read = parse(query, max_tokens=MOST_TOKENS)
        check(read, Limits(settings.GRAPHQL_MAX_DEPTH, settings.GRAPHQL_MAX_COST))
    except GraphQLError as error:
        raise UnsoundQuery([error]) from error
    if errors := validate(schema.graphql_schema, read, specified_rules, _MOST_ERRORS):
        raise UnsoundQuery(errors)
    return read


_kept = lru_cache(_KEPT)(_read)
