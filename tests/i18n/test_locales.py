"""Languages in every spelling, negotiation by a stated chain, money and dates by CLDR."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from i18n import locales
from i18n.errors import UnknownCode
from i18n.money import Money


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("zh-hant", "zh-Hant"), ("zh_Hant", "zh-Hant"), ("zh-TW", "zh-Hant"), ("zh", "zh-Hans"),
     ("zh-HK", "zh-Hant"), ("de-AT", "de"), ("ar-AE", "ar"), ("EN", "en")],
)  # fmt: skip
def test_a_language_is_known_by_every_spelling(spelling: str, code: str) -> None:
    assert locales.language(spelling).code == code


def test_each_system_gets_its_own_spelling() -> None:
    hant = locales.language("zh-Hant")
    assert (hant.django, hant.folder, hant.chain) == (
        "zh-hant", "zh_Hant", ("zh-Hant", "zh-Hans", "en"),
    )  # fmt: skip


def test_only_arabic_runs_from_right_to_left() -> None:
    rightward = [each.code for each in locales.LANGUAGES.values() if each.direction == "rtl"]
    assert rightward == ["ar"]


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UnknownCode) as refusal:
        locales.language("tlh")
    assert "zh-Hant" in refusal.value.hint


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        ("de-AT,en;q=0.8", ("en", "de"), "de"),
        ("fr;q=0.2,ja;q=0.9", ("en", "fr", "ja"), "ja"),
        ("zh-TW", ("en", "zh-Hans"), "zh-Hans"),
        ("tlh,*;q=0.1", ("ar", "en"), "ar"),
        ("de;q=x,,fr", ("en", "fr"), "fr"),
        ("", ("ja", "en"), "ja"),
        ("de;q=0", ("en", "de"), "en"),
    ],
)
def test_a_header_is_negotiated(accept: str, offered: tuple[str, ...], chosen: str) -> None:
    assert locales.negotiate(accept, offered) == chosen


@pytest.mark.parametrize(
    ("code", "country", "said"),
    [
        ("de", "DE", "1.234,50\u00a0€"),
        ("en", "GB", "€1,234.50"),
        ("fr", "FR", "1\u202f234,50\u00a0€"),
    ],
)
def test_money_is_written_as_the_reader_does(code: str, country: str, said: str) -> None:
    assert locales.format_money(Money(Decimal("1234.50"), "EUR"), code, country) == said


def test_yen_have_no_decimals() -> None:
    assert locales.format_money(Money(Decimal(142606), "JPY"), "ja", "JP") == "￥142,606"


def test_dates_and_shares() -> None:
    assert locales.format_date(date(2026, 11, 24), "ja") == "2026年11月24日"
    assert locales.format_rate(Decimal("0.003464"), "en") == "0.3464%"
    assert locales.country_name("JP", "de") == "Japan"
