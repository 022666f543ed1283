"""Queries, parsed and found sound once: an app asks the same few again and again.

Parsing and checking a query costs more than answering many a one, and neither depends on the
variables. Only sound queries are kept, short ones, the last that were asked.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from graphql import DocumentNode, GraphQLError, parse, specified_rules, validate

from storefront_backend.api.limits import limit_rule
from storefront_backend.api.schema import schema

# The longest introspection query of the usual tools has some 400 tokens.
_MOST_TOKENS = 2_000
_MOST_ERRORS = 20
_KEPT = 256
_KEPT_LENGTH = 8_000  # characters; some 200 kB parsed


class UnsoundQuery(Exception):
    """What is wrong with a query: its form, its reach, or its fields and types."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


def document(query: str) -> DocumentNode:
    """The query, ready to be executed. Raises UnsoundQuery."""
    return _kept(query) if len(query) <= _KEPT_LENGTH else _read(query)


def _read(query: str) -> DocumentNode:
    try:
        read = parse(query, max_tokens=_MOST_TOKENS)
    except GraphQLError as error:
        raise UnsoundQuery([error]) from error
    # The limits come first, alone: some of the other rules take long over what is too large.
    limits = limit_rule(settings.GRAPHQL_MAX_DEPTH, settings.GRAPHQL_MAX_COST)
    graph = schema.graphql_schema
    for rules in ((limits,), specified_rules):
        if errors := validate(graph, read, rules, _MOST_ERRORS):
            raise UnsoundQuery(errors)
    return read


_kept = lru_cache(_KEPT)(_read)
