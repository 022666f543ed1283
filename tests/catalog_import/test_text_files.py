"""Delimited text in the encodings and dialects that spreadsheet programs write."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from catalog_import import check
from tests.catalog_import.workbooks import row, text

CHINESE = "醒狮吊坠"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_text_reads_the_same(tmp_path: Path, encoding: str, delimiter: str) -> None:
    sheet = text(
        tmp_path / "a.csv", row(name_zh_hans=CHINESE), encoding=encoding, delimiter=delimiter
    )
    result = check(sheet)
    assert result.problems == ()
    assert result.products[0].names == {"en": "Lion dance pendant", "zh-Hans": CHINESE}


def test_gb18030_is_read_and_said_to_be_a_guess(tmp_path: Path) -> None:
    result = check(text(tmp_path / "a.csv", row(name_zh_hans=CHINESE), encoding="gb18030"))
    assert [(p.code, p.severity) for p in result.problems] == [("guessed_encoding", "warning")]
    assert result.products[0].names["zh-Hans"] == CHINESE


def test_excels_own_word_for_the_delimiter_is_believed(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", row(grams="4,25", markets="us"), delimiter=";")
    sheet.write_text("sep=;\n" + sheet.read_text())
    (product,) = check(sheet).products
    assert product.variants[0].passport.grams == Decimal("4.25")


@pytest.mark.parametrize(("delimiter", "price"), [(",", "1234"), (";", "1.234")])
def test_the_delimiter_tells_what_a_comma_means(tmp_path: Path, delimiter: str, price: str) -> None:
    sheet = text(tmp_path / "a.csv", row(fixed_price="1,234"), delimiter=delimiter)
    (product,) = check(sheet).products
    assert product.variants[0].price.fixed == Decimal(price)


def test_a_problem_names_the_cell_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    first = row(description_en="two\nlines, one cell")
    (problem,) = check(text(tmp_path / "a.csv", first, row(sku="LION-2", grams="?"))).problems
    assert (problem.sheet, problem.cell) == ("a.csv", "F3")
