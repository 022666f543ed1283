"""Addresses and tax numbers: everything wrong at once, fields in the country's order."""

from __future__ import annotations

import pytest

from i18n.addresses import form, validate
from i18n.errors import UnknownCode
from i18n.rulebook import load_rulebook

BERLIN = {
    "name": "Ada Lovelace",
    "street_address": "Unter den Linden 1",
    "postal_code": "10117",
    "city": "Berlin",
}


def test_a_good_address_is_printed_as_its_country_does() -> None:
    checked = validate("DE", BERLIN)
    assert checked.ok
    assert checked.lines() == ("Ada Lovelace", "Unter den Linden 1", "10117 BERLIN", "GERMANY")


def test_all_faults_of_an_address_come_at_once() -> None:
    checked = validate("us", {"city": "Miami", "country_area": "Atlantis"})
    assert {error.field: error.code for error in checked.errors} == {
        "name": "required",
        "street_address": "required",
        "country_area": "invalid",
        "postal_code": "required",
    }


def test_a_postal_code_of_the_wrong_form_is_invalid() -> None:
    (error,) = validate("DE", {**BERLIN, "postal_code": "1011"}).errors
    assert (error.field, error.code) == ("postal_code", "invalid")


def test_japan_begins_with_the_postal_code_and_lists_its_prefectures() -> None:
    fields = {field.name: field for field in form("JP")}
    assert next(iter(fields)) == "postal_code"
    assert fields["country_area"].kind == "prefecture"
    assert len(fields["country_area"].choices) == 47


def test_every_market_has_a_form() -> None:
    for market in load_rulebook().markets:
        assert {"name", "street_address"} <= {field.name for field in form(market.country)}


def test_a_country_without_a_form_is_refused() -> None:
    with pytest.raises(UnknownCode):
        validate("QQ", {})


def test_a_city_where_the_form_has_none_stays_on_the_parcel() -> None:
    given = {
        "name": "佐藤 愛", "street_address": "丸の内1-9-1", "city": "千代田区",
        "country_area": "東京都", "postal_code": "100-0005",
    }  # fmt: skip
    once = validate("JP", given)
    assert "千代田区丸の内1-9-1" in once.lines()
    assert validate("JP", {**given, **once.fields}).lines() == once.lines()
    whole = {**given, "street_address": "千代田区丸の内1-9-1"}
    assert validate("JP", whole).lines() == once.lines()
