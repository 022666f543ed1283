"""`landedCost` in GraphQL: the options of the command, its lines, its refusals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.builders import make_rates

pytestmark = pytest.mark.django_db

ASK = """
query ($channel: String!, $region: String, $terms: String, $certificates: [String!]) {
  landedCost(channel: $channel, hs: "7113.19", origin: "cn", goods: "1200", shipping: "20",
             region: $region, terms: $terms, certificates: $certificates) {
    verdict
    total { amount currency }
    lines { kind label(languageCode: "de") rate payer rule source { url } }
    explanation(languageCode: "de") { text rule }
  }
}"""


def ask(channel: str, **options: object) -> dict[str, Any]:
    make_rates()
    variables = {"channel": channel, **options}
    response = Client().post(
        "/graphql/", {"query": ASK, "variables": variables}, content_type="application/json"
    )
    answer: dict[str, Any] = response.json()
    return answer


def line_of(answer: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        line for line in answer["data"]["landedCost"]["lines"] if line["kind"] == kind
    )
    return found


def test_labels_and_sentences_are_in_the_language_asked_for() -> None:
    answer = ask("de", terms="DDP")
    assert line_of(answer, "duty")["label"] == "Zoll auf Schmuck aus Edelmetall"
    assert line_of(answer, "goods")["label"] == "Ware"
    sentences = answer["data"]["landedCost"]["explanation"]
    assert sentences[-1]["text"] == "Insgesamt zahlen Sie 1.488,10\u00a0€."


def test_the_region_decides_the_tax() -> None:
    ontario = ask("ca", region="CA-ON")["data"]["landedCost"]
    alberta = ask("ca", region="CA-AB")["data"]["landedCost"]
    assert Decimal(ontario["total"]["amount"]) > Decimal(alberta["total"]["amount"])


def test_a_certificate_of_origin_lowers_the_duty() -> None:
    assert Decimal(line_of(ask("au"), "duty")["rate"]) == Decimal("0.05")
    assert Decimal(line_of(ask("au", certificates=["ChAFTA"]), "duty")["rate"]) == 0


def test_under_dap_the_importer_pays_at_the_door() -> None:
    assert line_of(ask("de", terms="DAP"), "duty")["payer"] == "importer"
    assert line_of(ask("de"), "duty")["payer"] == "seller"


def test_a_refusal_names_its_rule() -> None:
    answer = ask("in")
    assert answer["errors"][0]["extensions"]["code"] == "sale_refused"
    assert answer["errors"][0]["extensions"]["rule"] == "in.restriction.licence"


def test_unknown_terms_are_refused() -> None:
    assert ask("de", terms="EXW")["errors"][0]["extensions"]["field"] == "terms"


def test_an_unknown_language_is_an_error_with_a_code() -> None:
    query = ASK.replace('languageCode: "de"', 'languageCode: "xx"')
    make_rates()
    response = Client().post(
        "/graphql/", {"query": query, "variables": {"channel": "hk"}},
        content_type="application/json",
    )  # fmt: skip
    assert "xx" in response.json()["errors"][0]["message"]
