"""GraphQL itself: what is refused before anything runs, what is kept, what an error reveals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from storefront_backend.api import documents
from storefront_backend.api.documents import UnsoundQuery, document
from tests.builders import make_product, make_shop, make_variant

pytestmark = pytest.mark.django_db
CHANNELS = "{ channels { slug } }"


def post(body: object, **headers: Any):
    return Client().post("/graphql/", body, **({"content_type": "application/json"} | headers))


def messages(body: object) -> list[str]:
    answer = post(body)
    assert answer.status_code == 400
    assert "data" not in answer.json()
    return [error["message"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ channels { price } }", "Cannot query field 'price' on type 'Channel'."),
        ("{ channels }", "must have a selection of subfields"),
        ('{ product(channel: "de") { slug } }', "argument 'slug' of type 'String!' is required"),
        ('{ products(channel: "de", first: "x") { totalCount } }', "Int cannot represent"),
        ("query ($a: Int) { channels { slug } }", "Variable '$a' is never used."),
        ("{ channels { slug }", "Syntax Error"),
        ("{ a" + " b" * 2_000 + " }", "Document contains more than 2000 tokens"),
        ("{" * 900, "Brackets are nested more than 40 deep"),
    ],
)
def test_an_unsound_query_is_refused_before_anything_runs(
    query: str, said: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        found = messages({"query": query})
    assert any(said in message for message in found), found


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", {}, {"query": 7}, {"query": CHANNELS, "variables": [1]}]
)
def test_a_body_of_another_form_is_told_the_form(body: object) -> None:
    assert [message[:9] for message in messages(body)] == ["Post JSON"]


def test_a_form_and_a_link_are_no_way_to_ask() -> None:
    assert post({"query": CHANNELS}, content_type="text/plain").status_code == 400
    assert Client().get("/graphql/", {"query": CHANNELS}).status_code == 405


def test_an_operation_that_is_not_there_is_named() -> None:
    named = f"query a {CHANNELS} query b {CHANNELS}"
    assert messages({"query": named, "operationName": "c"}) == ["Unknown operation named 'c'."]
    answer = post({"query": named, "operationName": "b"})
    assert answer.json()["data"]["channels"]


def test_a_query_is_parsed_once_and_answered_by_its_variables() -> None:
    pieces = [make_variant(make_product(names={"en": name, "de": name})) for name in ("Löwe", "花")]
    make_shop(*pieces)
    query = 'query ($s: String!) { product(channel: "de", slug: $s) { name } }'
    before = documents._kept.cache_info()
    found = [
        post({"query": query, "variables": {"s": piece.product.slug}}).json() for piece in pieces
    ]
    after = documents._kept.cache_info()
    assert [answer["data"]["product"]["name"] for answer in found] == ["Löwe", "花"]
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 1)


def test_what_is_unsound_or_long_is_not_kept() -> None:
    before = documents._kept.cache_info().currsize
    with pytest.raises(UnsoundQuery):
        document("{ nothing }")
    assert document(CHANNELS + " " * 8_000) is not document(CHANNELS + " " * 8_000)
    assert documents._kept.cache_info().currsize == before


def test_our_own_fault_is_written_down_and_not_told(monkeypatch, caplog) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret of the house")

    channels = documents.schema.graphql_schema.query_type.fields["channels"]
    monkeypatch.setattr(channels, "resolve", fail)
    answer = post({"query": CHANNELS})
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "internal"}
    assert error["path"] == ["channels"]
    assert "secret" not in answer.content.decode()
    assert "secret of the house" in caplog.text
