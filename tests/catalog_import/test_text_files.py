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


@pytest.mark.parametrize(
    ("encoding", "column", "name"),
    [
        ("gb18030", "name_zh_hans", "岭南木棉花戒指，十八开金镶嵌红宝石"),
        ("big5", "name_zh_hant", "嶺南木棉花戒指，十八開金鑲嵌紅寶石"),
        ("big5", "name_zh_hant", "黃金吊墜"),
        ("cp932", "name_ja", "木綿の指輪リング"),
        ("euc_jp", "name_ja", "木綿の指輪リング"),
        ("cp949", "name_ko", "광저우의 목화 반지 18K 금"),
        ("cp949", "name_ko", "목화 반지"),
    ],
)
def test_an_old_encoding_is_detected_by_its_language(
    tmp_path: Path, encoding: str, column: str, name: str
) -> None:
    result = check(text(tmp_path / "a.csv", row(**{column: name}), encoding=encoding))
    assert [problem.code for problem in result.problems] == ["guessed_encoding"]
    assert name in result.products[0].names.values()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp932", "橘橙"), ("cp949", "뷁쀏"), ("cp1251", "Кольцо"), ("cp1252", "Bague dorée"),
     ("gb18030", "饕餮"), ("big5", "饕餮"), ("latin-1", "Ämne ö")],
)  # fmt: skip
def test_what_cannot_be_detected_is_refused_and_never_published(
    tmp_path: Path, encoding: str, name: str
) -> None:
    result = check(text(tmp_path / "a.csv", row(name_fr=name), encoding=encoding))
    assert [problem.code for problem in result.problems] == ["unknown_encoding"]
    assert "UTF-8" in result.problems[0].hint
    assert result.products == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_may_begin_with_chinese(tmp_path: Path, encoding: str) -> None:
    cells = {"款号" if key == "product_code" else key: value for key, value in row().items()}
    sheet = text(tmp_path / "a.csv", {**cells, "name_zh_hans": CHINESE}, encoding=encoding)
    assert check(sheet).products[0].names["zh-Hans"] == CHINESE
