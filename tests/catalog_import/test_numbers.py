"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_import.numbers import Notation, read_decimal
from catalog_import.problems import Fault


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("1 234,5", "1234.5"), ("1'234.50", "1234.5"),
        ("１２", "12"), ("１，２３４．５", "1234.5"), ("٣٫٥", "3.5"), ("12,34,567.5", "1234567.5"),
        ("1.234.567", "1234567"), ("3,25", "3.25"), ("0,125", "0.125"), (".5", "0.5"), ("−2", "-2"),
        ("3.20", "3.2"), ("100", "100"), ("1.234", "1.234"),
    ],
)  # fmt: skip
def test_a_number_is_read_in_the_notations_of_the_world(text: str, number: str) -> None:
    assert str(read_decimal(text)) == number


@pytest.mark.parametrize(
    ("text", "notation", "number"),
    [
        ("1,234", Notation.POINT, "1234"), ("1,234", Notation.COMMA, "1.234"),
        ("1.234", Notation.POINT, "1.234"), ("1.234,5", Notation.POINT, "1234.5"),
    ],
)  # fmt: skip
def test_the_files_own_notation_settles_what_a_comma_is(
    text: str, notation: Notation, number: str
) -> None:
    assert str(read_decimal(text, notation)) == number


@pytest.mark.parametrize(
    ("text", "notation"), [("1,234", Notation.UNKNOWN), ("1.234", Notation.COMMA)]
)
def test_a_thousandfold_doubt_is_asked_about_never_guessed(text: str, notation: Notation) -> None:
    fault = read_decimal(text, notation)
    assert isinstance(fault, Fault)
    assert fault.code == "ambiguous_number"
    assert "1234" in fault.hint


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "1.2,3.4", "1e5", "--1", "1" * 26, "1" + "0" * 35, "NaN", "6½"]
)
def test_what_is_no_number_is_a_fault(text: str) -> None:
    fault = read_decimal(text)
    assert isinstance(fault, Fault)
    assert fault.code == "not_a_number"


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_number_written_in_english_or_german_comes_back(number: Decimal) -> None:
    english = f"{number:,.2f}"
    german = english.translate({ord(","): ".", ord("."): ","})
    assert read_decimal(english) == number
    assert read_decimal(german) == number


@given(st.text(max_size=50))
def test_any_text_at_all_is_a_number_or_a_fault(text: str) -> None:
    assert isinstance(read_decimal(text), Decimal | Fault)
