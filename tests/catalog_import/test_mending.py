"""A sheet comes back with its problems in it, and its cells are mended beside the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from catalog_import import check, marked
from catalog_import.checks import CheckOptions
from catalog_import.corrections import Corrections, place
from catalog_import.mending import to_mend
from catalog_import.problems import Problem, grouped
from tests.catalog_import.workbooks import row, xlsx


def faulty(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "rings.xlsx", row(), row(sku="LION-2", grams="heavy"))


def cell_of(path: Path, code: str) -> tuple[str, str]:
    [problem] = [each for each in check(path).problems if each.code == code]
    return problem.sheet, problem.cell


def marked_book(path: Path, **given):
    out = io.BytesIO()
    marked.write(path, check(path).problems, out, **given)
    return load_workbook(out)


def test_a_mended_cell_is_read_in_the_files_place(tmp_path: Path) -> None:
    path = faulty(tmp_path)
    [problem] = check(path).errors
    mended: Corrections = {problem.sheet: {problem.cell: "3.8"}}
    result = check(path, options=CheckOptions(corrections=mended))
    assert result.errors == ()
    assert [str(each.passport.main_metal.grams) for each in result.products[0].variants] == [
        "4.2",
        "3.8",
    ]


def test_a_correction_may_be_wrong_too_and_is_named_in_its_cell(tmp_path: Path) -> None:
    path = faulty(tmp_path)
    [problem] = check(path).errors
    mended: Corrections = {problem.sheet: {problem.cell: "light"}}
    [again] = check(path, options=CheckOptions(corrections=mended)).errors
    assert (again.cell, again.value) == (problem.cell, "light")


def test_an_emptied_cell_is_empty(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", row(collection="Lions"))
    header = [cell.value for cell in load_workbook(path).active[1]]
    letter = "ABCDEFGHIJKLMN"[header.index("collection")]
    mended: Corrections = {"Catalogue": {f"{letter}2": ""}}
    [product] = check(path, options=CheckOptions(corrections=mended)).products
    assert product.collection == ""


@pytest.mark.parametrize("cell", ["", "7D", "D0", "d7", "D7:E8", "ABCD1", "=D7"])
def test_what_is_no_address_is_none(cell: str) -> None:
    assert place(cell) is None


def test_the_workbook_comes_back_with_the_cell_coloured_and_commented(tmp_path: Path) -> None:
    path = faulty(tmp_path)
    [problem] = check(path).errors
    cell = marked_book(path)[problem.sheet][problem.cell]
    assert cell.fill.fgColor.rgb.endswith("F3C9C4")
    assert problem.message in cell.comment.text
    assert problem.hint in cell.comment.text
    assert cell.value == "heavy"


def test_the_comment_is_in_the_readers_language(tmp_path: Path) -> None:
    path = faulty(tmp_path)
    [problem] = check(path).errors
    text = marked_book(path, language="zh-Hans")[problem.sheet][problem.cell].comment.text
    assert problem.text("zh-Hans")[0] in text
    assert problem.message not in text


def test_the_marked_workbook_is_checked_as_the_first_was(tmp_path: Path) -> None:
    path = faulty(tmp_path)
    with (tmp_path / "back.xlsx").open("wb") as out:
        marked.write(path, check(path).problems, out)
    before, after = check(path), check(tmp_path / "back.xlsx")
    assert [(e.code, e.cell) for e in after.errors] == [(e.code, e.cell) for e in before.errors]
    assert after.products == before.products


def test_a_text_file_comes_back_as_a_workbook_of_the_rows_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "rings.csv"
    lines = ["product_code,sku,kind,name_en,alloy,grams,currency,markets,margin_percent"]
    good = "A{0},A{0}-1,pendant,Lion pendant,gold-750-yellow,4.2,CNY,us,60"
    lines += [good.format(number) for number in range(100)]
    lines.append("B,B-1,pendant,Lion pendant,gold-750-yellow,heavy,CNY,us,60")
    path.write_text("\n".join(lines), encoding="utf-8")
    page = marked_book(path)["rings.csv"]
    assert page["A1"].value == "product_code"
    assert (page["B102"].value, page["F102"].value) == ("B-1", "heavy")
    assert page["A60"].value is None


def test_a_value_that_begins_as_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = tmp_path / "rings.csv"
    path.write_text(
        "product_code,sku,kind,name_en,alloy,grams,currency,markets,margin_percent\n"
        "=1+1,B-1,pendant,Lion pendant,gold-750-yellow,heavy,CNY,us,60\n",
        encoding="utf-8",
    )
    book = marked_book(path)
    assert book["rings.csv"]["A2"].data_type == "s"
    assert all(cell.data_type != "f" for line in book["Pavilion"].iter_rows() for cell in line)


def test_two_faults_of_one_cell_are_both_told() -> None:
    at = {"sheet": "Catalogue", "cell": "H2", "column": "markets", "value": "us, gb"}
    duty = Problem("market_rule", "The HS code is missing", **at)
    hallmark = Problem("market_rule", "The hallmark is missing", **at)
    groups = grouped([duty, hallmark, duty])
    assert [(str(each.first.message), each.count) for each in groups] == [
        ("The HS code is missing", 2),
        ("The hallmark is missing", 1),
    ]


def test_what_is_wrong_with_a_header_is_no_row_to_mend(tmp_path: Path) -> None:
    odd = row(sku="LION-2", grams="heavy") | {"净重量X": "3.2"}
    path = xlsx(tmp_path / "rings.xlsx", odd)
    result = check(path)
    assert "unknown_column" in {each.code for each in result.problems}
    [sheet] = to_mend(path, result.problems, result.recognition)
    assert [each.number for each in sheet.rows] == [2]
