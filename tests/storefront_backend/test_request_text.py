"""Text that no database keeps, and JSON beyond all bounds, are answered with 400 everywhere."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from storefront_backend.accounts.models import User
from storefront_backend.request_text import MalformedRequest, read_json, utf_8_only
from tests.builders import make_shop

pytestmark = pytest.mark.django_db
NOBODYS = "86d8e407-e158-4abe-8c51-b2835b84fcaf"
VALUES = {
    "uuid:token": NOBODYS, "uuid:upload_id": NOBODYS, "market:market": "de",
    "language:language": "en", "int": "1",
}  # fmt: skip
DEEP = "[" * 100_000 + "]" * 100_000
JSON = [
    '{"query": "{ channels { slug } }", "variables": {"a": "\\u0000"}}',
    '{"query": "{ channels { slug } }", "variables": {"a": "\\ud800"}}',
    '{"query": "{ channels { slug } }", "variables": {"\\u0000": 1}}',
    '{"query": "{ product(channel: \\"de\\", slug: \\"\\\\u0000\\") { slug } }"}',
    '{"query": "{ channels { slug } }", "operationName": "\\udfff"}',
    f'{{"query": "{{ channels {{ slug }} }}", "variables": {{"a": {DEEP[:40]}{DEEP[-40:]}}}}}',
    '{"a":' * 30_000 + "1" + "}" * 30_000,
    f'{{"query": "{{ channels {{ slug }} }}", "variables": {{"a": {"9" * 5_000}}}}}',
    '{"query": "{ channels { slug } }", "variables": {"a": 1e999}}',
    '{"query": "{ channels { slug } }", "variables": {"a": NaN}}',
    '{"query": "\\u0000"}',
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
]


def paths() -> list[str]:
    """Every address of the shop, with something plausible for its parameters."""
    return sorted({_filled(route) for route in _routes(get_resolver().url_patterns, "")})


def _routes(patterns: list[Any], before: str) -> list[str]:
    found = []
    for each in patterns:
        route = before + str(each.pattern).lstrip("^").rstrip("$")
        if route.startswith("admin/"):
            continue  # of operators alone, and Django's own
        if isinstance(each, URLResolver):
            found += _routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and "(" not in route:
            found.append(route)
    return found


def _filled(route: str) -> str:
    parts = route.replace(">", "<").split("<")
    return "/" + "".join(
        VALUES.get(part, VALUES.get(part.partition(":")[0], "a")) if place % 2 else part
        for place, part in enumerate(parts)
    )


@pytest.fixture
def alice() -> Client:
    """An operator, who may open every page."""
    make_shop()
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("alice@example.com", "x"))
    return client


QUERIES = ("q=%00", "page=" + "9" * 5_000, "page=-1", "text=%ED%A0%80&alloy=%00", "q=%FF")
FORMS = ({"q": "\0"}, {"email": "a\0@b.ch", "sku": "\0"}, {"quantity": "9" * 5_000})


def test_no_page_fails_for_what_its_address_holds(alice: Client) -> None:
    requested = [
        (path, query, alice.get(f"{path}?{query}")) for path in paths() for query in QUERIES
    ]
    assert len(requested) > 200
    # /health/work is red where no background work has run: 503 is its answer.
    failed = [(path, query) for path, query, answer in requested if answer.status_code >= 500]
    assert [each for each in failed if each[0] != "/health/work"] == []


def test_no_page_fails_for_what_its_form_holds(alice: Client) -> None:
    requested = [(path, form, alice.post(path, form)) for path in paths() for form in FORMS]
    assert len(requested) > 100
    assert [(path, form) for path, form, answer in requested if answer.status_code >= 500] == []


@pytest.mark.parametrize("path", ["/a%00b", "/de/en/jewellery/%00/", "/assets/public/%00.glb"])
def test_a_nul_in_a_path_is_refused(path: str, alice: Client) -> None:
    answer = alice.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_text")


def test_a_nul_in_a_cookie_is_refused(alice: Client) -> None:
    answer = alice.get("/de/en/", headers={"Cookie": r'sessionid="a\000b"'})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_text")


@pytest.mark.parametrize("charset", ["utf-7", "hex", "utf-16", "nonsense", "idna"])
def test_another_encoding_is_refused_before_django(charset: str) -> None:
    environ = {"CONTENT_TYPE": f"text/plain; charset={charset}", "QUERY_STRING": "q=a"}
    statuses: list[str] = []
    (body,) = utf_8_only(_fails)(environ, lambda status, _: statuses.append(status))
    assert (statuses, json.loads(body)["code"]) == (["400 Bad Request"], "unsupported_charset")


def _fails(*_: object) -> NoReturn:
    raise AssertionError("Django was reached")


@pytest.mark.parametrize("body", JSON, ids=range(len(JSON)))
@pytest.mark.parametrize("path", ["/graphql/", "/api/desk/brands/a/uploads/", "/saleor/register"])
def test_no_json_fails(path: str, body: str | bytes, alice: Client) -> None:
    answer = alice.post(path, body, content_type="application/json")
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("body", JSON, ids=range(len(JSON)))
def test_graphql_answers_400_with_a_code(body: str | bytes, alice: Client) -> None:
    answer = alice.post("/graphql/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[" * 33 + "]" * 33, "json_too_deep"),
        (DEEP, "json_too_deep"),
        ("9007199254740993", "number_too_large"),
        ("1e999", "number_too_large"),
        ("Infinity", "invalid_json"),
        ("{", "invalid_json"),
        ('["\\ud83d"]', "invalid_text"),
    ],
)
def test_json_is_refused_with_the_reason(body: str, code: str) -> None:
    with pytest.raises(MalformedRequest) as refused:
        read_json(body.encode())
    assert refused.value.code == code


def test_json_of_any_letters_is_read() -> None:
    said = {"name": "周大福 💍", "parts": [{"number": 1}], "share": 0.5, "none": None}
    assert read_json(json.dumps(said).encode()) == said


@pytest.mark.parametrize("goods", ["1e999999", "NaN", "Infinity", "1e-999999", "9" * 50])
def test_an_amount_beyond_all_prices_is_refused(goods: str, alice: Client) -> None:
    query = """query ($goods: Decimal!) { landedCost(
        channel: "de", hs: "711319", origin: "CN", goods: $goods) { verdict } }"""
    for body in (
        {"query": query, "variables": {"goods": goods}},
        {"query": query.replace("query ($goods: Decimal!)", "").replace("$goods", f'"{goods}"')},
    ):
        answer = alice.post("/graphql/", body, content_type="application/json")
        assert answer.status_code == 400, answer.content


def test_every_answer_says_what_pages_may_use() -> None:
    assert "camera=()" in Client().get("/health/live")["Permissions-Policy"]
