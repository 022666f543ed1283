"""Queries made to keep a server busy are refused before they cost anything."""

from __future__ import annotations

import pytest
from django.test import Client
from graphql import GraphQLObjectType, get_introspection_query, get_named_type, parse
from graphql.type import is_list_type, is_non_null_type, is_object_type

from storefront_backend.api.documents import document
from storefront_backend.api.limits import LISTS, Limits, TooLarge, check
from storefront_backend.api.schema import schema
from tests.storefront_backend.api.asking import answer, refusal

pytestmark = pytest.mark.django_db
PRODUCT = 'product(slug: "a", channel: "de")'


def doubling(levels: int, of: str, on: str, first: str, start: str) -> str:
    """Fragments of which each spreads the one before it twice: 2^levels fields in 50 bytes each."""
    fragments = [f"fragment F0 on {on} {{ {first} }}"]
    fragments += [
        f"fragment F{level} on {on} {{ {of.format(f'...F{level - 1}')} }}"
        for level in range(1, levels + 1)
    ]
    return start.format(f"...F{levels}") + " ".join(fragments)


SPREADS_TWICE = doubling(24, "{0} {0}", "Query", "channels { slug }", "{{ {} }} ")
FIELDS_TWICE = doubling(
    24,
    "brand {{ {0} }} b: brand {{ {0} }}",
    "Product",
    "slug",
    f"{{{{ {PRODUCT} {{{{ {{}} }}}} }}}} ",
)
MANY = {
    "a fragment cycle of fields": "{ ...A } fragment A on Query { a: channels { ...B } } "
    "fragment B on Channel { b: name { ...B } }",
    "fields of one name": "{ channels { " + "slug " * 1_900 + "} }",
    "spreads of one name": "{ " + "...F " * 1_990 + "} fragment F on Query { channels { slug } }",
    "aliases": "{ " + " ".join(f"a{i}: channels {{ slug }}" for i in range(140)) + " }",
    "operations": " ".join(f"query q{i} {{ channels {{ slug }} }}" for i in range(11)),
    "fragments": "{ channels { slug } } "
    + " ".join(f"fragment F{i} on Channel {{ slug }}" for i in range(61)),
    "variables": "query (" + " ".join(f"$v{i}: Int" for i in range(51)) + ") { channels { slug } }",
    "directives": "{ channels" + " @skip(if: true)" * 10_000 + " { slug } }",
    "a megabyte of tokens": "{ " + "a " * 500_000 + "}",
    "a list of thousands": f"{{ landedCost(certificates: [{'1 ' * 5_000}]) {{ verdict }} }}",
    "nested lists": "{ landedCost(channel: " + "[" * 900 + "]" * 900 + ") { verdict } }",
    "nested objects": "{ products(filter: " + "{a: " * 400 + "1" + "}" * 400 + ") { totalCount } }",
    "nested types": "query ($a: " + "[" * 900 + "Int" + "]" * 900 + ") { channels { slug } }",
    "nested selections": "{a" * 900 + "}" * 900,
    "a number of 5,000 digits": f"{{ orders(first: {'9' * 5_000}) {{ edges {{ cursor }} }} }}",
    "introspection of introspection": "{ __schema { types { fields { type { fields { type {"
    " fields { type { name } } } } } } } } }",
    "introspection many times": "{ "
    + " ".join(
        f"a{i}: __schema {{ types {{ fields {{ args {{ type {{ name }} }} }} }} }}"
        for i in range(10)
    )
    + " b: __schema { types { fields { args { type { ofType { ofType { name } } } } } } } }",
}
CODES = {"query_too_large", "query_too_deep", "query_too_costly", "number_too_large", "too_long"}


@pytest.mark.parametrize("name", MANY)
def test_a_query_that_grows_is_refused_with_a_code(name: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert refusal(MANY[name]) in CODES


def test_fragments_that_double_are_looked_at_once_in_each_place() -> None:
    document(SPREADS_TWICE)  # 2^24 spreads of one and the same field
    with pytest.raises(TooLarge):
        check(parse(FIELDS_TWICE), Limits(depth=100))


def test_mutations_of_a_request_are_few_and_each_of_its_own_name() -> None:
    one = 'checkoutCreate(channel: "de", lines: []) { errors { code } }'
    twice = f"mutation {{ a: {one} b: {one} }}"
    assert refusal(twice) == "query_too_large"
    assert "errors" in answer(f"mutation {{ {one} }}")["data"]["checkoutCreate"]


def test_the_introspection_of_the_usual_tools_is_answered() -> None:
    query = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True,
        schema_description=True, input_value_deprecation=True,
    )  # fmt: skip
    assert len(answer(query)["data"]["__schema"]["types"]) > 40


def test_a_depth_and_a_cost_over_the_limit_are_refused_and_at_it_are_not() -> None:
    query = parse('{ products(channel: "de", first: 1) { edges { node { slug } } } }')
    check(query, Limits(depth=4, cost=4))
    for limits in (Limits(depth=3), Limits(cost=3)):
        with pytest.raises(TooLarge):
            check(query, limits)


def test_a_fragment_that_holds_itself_is_refused_by_name() -> None:
    body = answer("{ channels { ...a } } fragment a on Channel { slug ...a }")
    assert body["errors"][0]["message"] == "Cannot spread fragment 'a' within itself."


def test_every_list_of_the_schema_has_a_length_in_the_limits() -> None:
    kinds = schema.graphql_schema.type_map.values()
    ours = [kind for kind in kinds if isinstance(kind, GraphQLObjectType)]
    lists = {
        name
        for kind in ours
        if not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if _is_list(field.type) and is_object_type(get_named_type(field.type))
    }
    assert lists - LISTS.keys() == set()


def _is_list(kind: object) -> bool:
    while is_non_null_type(kind):
        kind = kind.of_type  # type: ignore[attr-defined]
    return is_list_type(kind)


def test_a_request_over_100_kilobytes_is_refused_unread() -> None:
    body = '{"query": "{ channels { slug } }' + " " * 100_000 + '"}'
    found = Client().post("/graphql/", body, content_type="application/json")
    assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (400, "too_long")
