"""A brand's sheet is read whole, and all that is wrong with it is said at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog_import import Problem, Severity, check
from catalog_import.sheets import Limits
from tests.catalog_import.workbooks import row, shared_strings, text, xlsx


def _only(path: Path) -> Problem:
    (problem,) = check(path).problems
    return problem


def test_a_right_row_becomes_a_product_with_its_passport(tmp_path: Path) -> None:
    stone = {"stone_1_kind": "diamond", "stone_1_count": 12, "stone_1_carat": 0.36}
    (product,) = check(xlsx(tmp_path / "a.xlsx", row(**stone, stock=3))).products
    (variant,) = product.variants
    assert (product.code, product.kind, product.markets) == ("LION", "pendant", ("us", "gb"))
    assert variant.passport.grams == Decimal("4.2")
    assert variant.passport.stones[0].carat == Decimal("0.36")
    assert (variant.price.currency, variant.stock, variant.made_to_order_days) == ("CNY", 3, None)


@pytest.mark.parametrize(
    ("changes", "code", "column", "cell"),
    [
        ({"alloy": "18K gold"}, "unknown_alloy", "alloy", "E2"),
        ({"grams": "1,234"}, "ambiguous_number", "grams", "F2"),
        ({"grams": "heavy"}, "not_a_number", "grams", "F2"),
        ({"grams": -1}, "out_of_range", "grams", "F2"),
        ({"grams": "=2+2"}, "formula", "grams", "F2"),
        ({"grams": "#REF!"}, "sheet_error", "grams", "F2"),
        ({"grams": None}, "missing_value", "grams", "F2"),
        ({"name_en": None}, "missing_value", "name_en", "D2"),
        ({"name_en": "Lion\u202eecnad"}, "control_characters", "name_en", "D2"),
        ({"currency": "DEM"}, "unknown_currency", "currency", "G2"),
        ({"markets": "us, atlantis"}, "unknown_market", "markets", "H2"),
        ({"sku": "LION 1"}, "bad_code", "sku", "B2"),
        ({"stone_1_kind": "dimond"}, "unknown_stone", "stone_1_kind", "I2"),
        ({"stone_1_kind": "ruby", "stone_1_count": 1}, "incomplete_stone", "stone_1_carat", "A2"),
        ({"hs_code": "7113"}, "bad_hs_code", "hs_code", "I2"),
        ({"ring_size": "54"}, "ring_size_on_other", "ring_size", "I2"),
        ({"making_kind": "per-gram"}, "missing_value", "making", "A2"),
        ({"making": 30}, "making_without_kind", "making_kind", "A2"),
        ({"alloy_2": "silver-925"}, "incomplete_alloy", "grams_2", "A2"),
        ({"loss_percent": 0.15}, "percent_below_one", "loss_percent", "I2"),
        ({"stock": 1.5}, "not_whole", "stock", "I2"),
        ({"kind": "ring"}, "missing_value", "ring_size", "A2"),
        ({"model_file": "../secret.3dm"}, "bad_model_file", "model_file", "I2"),
        ({"model_file": "lost.3dm"}, "model_missing", "model_file", "I2"),
    ],
)  # fmt: skip
def test_an_error_names_its_cell_and_holds_the_product(
    tmp_path: Path, changes: dict[str, Any], code: str, column: str, cell: str
) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(**changes)))
    (problem,) = result.problems
    assert (problem.code, problem.column, problem.cell) == (code, column, cell)
    assert (problem.sheet, problem.product, problem.severity) == (
        "Catalogue",
        "LION",
        Severity.ERROR,
    )
    assert problem.message
    assert problem.hint
    assert result.products == ()
    assert result.held == {"LION"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grams": 4200}, "unlikely_weight"),
        ({"stone_1_kind": "ruby", "stone_1_count": 1, "stone_1_carat": 900}, "unlikely_carat"),
        ({"hs_code": "611020"}, "hs_not_jewellery"),
        ({"markets": None}, "no_markets"),
    ],
)
def test_what_is_only_unlikely_warns_and_goes_ahead(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(**changes)))
    assert [(problem.code, problem.severity) for problem in result.problems] == [(code, "warning")]
    assert [product.code for product in result.products] == ["LION"]


def test_all_problems_come_at_once_in_reading_order(tmp_path: Path) -> None:
    wrong = row(sku="KAPOK-1", product_code="KAPOK", alloy="golden", grams=0, currency="XXL")
    result = check(xlsx(tmp_path / "a.xlsx", row(kind="hat"), wrong))
    assert [problem.cell for problem in result.problems] == ["C2", "E3", "F3", "G3"]


def test_an_error_in_one_product_does_not_hold_another(tmp_path: Path) -> None:
    good = row(product_code="KAPOK", sku="KAPOK-1")
    result = check(xlsx(tmp_path / "a.xlsx", row(grams="?"), good))
    assert [product.code for product in result.products] == ["KAPOK"]
    assert result.held == {"LION"}


def test_one_bad_variant_holds_its_whole_product(tmp_path: Path) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(), row(sku="LION-2", grams="?")))
    assert result.products == ()


def test_rows_of_a_product_inherit_what_they_leave_blank(tmp_path: Path) -> None:
    second = row(sku="LION-2", kind=None, name_en=None, markets=None, alloy="silver-925")
    (product,) = check(xlsx(tmp_path / "a.xlsx", row(), second)).products
    assert [variant.sku for variant in product.variants] == ["LION-1", "LION-2"]
    assert product.variants[1].passport.kind == "pendant"


def test_rows_of_a_product_that_disagree_name_both_cells(tmp_path: Path) -> None:
    problem = _only(xlsx(tmp_path / "a.xlsx", row(), row(sku="LION-2", name_en="Lion")))
    assert (problem.code, problem.cell) == ("conflicting_value", "D3")
    assert "Catalogue!D2" in problem.message


def test_a_sku_used_twice_names_both_cells(tmp_path: Path) -> None:
    problem = _only(xlsx(tmp_path / "a.xlsx", row(), row(product_code="KAPOK")))
    assert (problem.code, problem.cell) == ("duplicate_sku", "B3")
    assert "Catalogue!B2" in problem.message


def test_the_nearest_known_word_is_suggested(tmp_path: Path) -> None:
    problem = _only(xlsx(tmp_path / "a.xlsx", row(alloy="gold-750-yelow")))
    assert problem.hint.startswith("Did you mean gold-750-yellow")


@pytest.mark.parametrize(
    ("word", "alloy"),
    [("18K黄金", "gold-750-yellow"), ("18k White Gold", "gold-750-white"),
     ("Pt950", "platinum-950"), ("925銀", "silver-925"),
     ("Sterling Silver", "silver-925"), ("24K gold", "gold-999")],
)  # fmt: skip
def test_an_alloy_is_known_by_the_trades_own_words(tmp_path: Path, word: str, alloy: str) -> None:
    (product,) = check(xlsx(tmp_path / "a.xlsx", row(alloy=word))).products
    assert product.variants[0].passport.metals[0].alloy == alloy


@pytest.mark.parametrize("word", ["足金", "18K gold", "锆石"])
def test_a_word_with_two_meanings_is_asked_about(tmp_path: Path, word: str) -> None:
    assert _only(xlsx(tmp_path / "a.xlsx", row(alloy=word))).code == "unknown_alloy"


def test_a_traversing_model_is_never_looked_for(tmp_path: Path) -> None:
    requested: list[str] = []
    sheet = xlsx(tmp_path / "a.xlsx", row(model_file="..\\a.3dm"))
    result = check(sheet, has_model=lambda name: bool(requested.append(name)) or True)
    assert [problem.code for problem in result.problems] == ["bad_model_file"]
    assert requested == []


def test_a_model_that_links_out_of_the_folder_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "outside.3dm").write_bytes(b"mesh")
    folder = tmp_path / "brand"
    folder.mkdir()
    (folder / "a.3dm").symlink_to(tmp_path / "outside.3dm")
    assert _only(xlsx(folder / "a.xlsx", row(model_file="a.3dm"))).code == "model_missing"


def test_headers_are_understood_in_chinese_and_with_units(tmp_path: Path) -> None:
    chinese = {
        "款号": "LION", "货号": "LION-1", "類別": "吊墜", "英文名称": "Lion", "材质": "18K玫瑰金",
        "金重 (g)": 4.2, "币种": "CNY", "市场": "美国、香港", "主石种类": "红宝石",
        "主石数量": "2粒", "主石重量": "0.4克拉", "零售价（人民币）": 12800,
    }  # fmt: skip
    result = check(xlsx(tmp_path / "a.xlsx", chinese))
    assert result.problems == ()
    (product,) = result.products
    assert product.markets == ("us", "hk")
    assert product.variants[0].passport.stones[0].kind == "ruby"


def test_title_rows_may_stand_above_the_header(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", row())
    sheet.write_text("House of Lions,spring\n\n" + sheet.read_text())
    assert [product.code for product in check(sheet).products] == ["LION"]


def test_a_header_that_lacks_a_required_column_says_which(tmp_path: Path) -> None:
    without = {name: value for name, value in row().items() if name != "grams"}
    problem = _only(xlsx(tmp_path / "a.xlsx", without))
    assert (problem.code, problem.column, problem.cell) == ("missing_column", "grams", "A1")


def test_an_unknown_or_doubled_header_is_reported(tmp_path: Path) -> None:
    headers = [*row(), "gramms2", "weight"]
    result = check(xlsx(tmp_path / "a.xlsx", row(), headers=headers))
    assert [(p.code, p.cell) for p in result.problems] == [
        ("unknown_column", "J1"),
        ("duplicate_column", "K1"),
    ]


def test_a_sheet_without_a_catalogue_says_so(tmp_path: Path) -> None:
    assert _only(xlsx(tmp_path / "a.xlsx", {"month": "May", "sales": 3})).code == "no_catalogue"


def test_a_catalogue_without_rows_says_so(tmp_path: Path) -> None:
    assert _only(xlsx(tmp_path / "a.xlsx", headers=list(row()))).code == "no_rows"


def test_more_problems_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    rows = [row(sku=f"L-{n}", product_code=f"P-{n}", grams="?") for n in range(5)]
    result = check(xlsx(tmp_path / "a.xlsx", *rows), limits=Limits(problems=3))
    assert [problem.code for problem in result.problems] == ["not_a_number"] * 3 + ["more_problems"]
    assert result.problems[-1].message == "And 2 more errors and 0 more warnings"
    assert result.held == {f"P-{n}" for n in range(5)}


def test_a_code_that_became_a_date_is_reported(tmp_path: Path) -> None:
    problem = _only(xlsx(tmp_path / "a.xlsx", row(), row(sku=date(2026, 3, 12))))
    assert (problem.code, problem.cell) == ("unexpected_date", "B3")


def test_texts_that_a_workbook_shares_are_read_as_excel_writes_them(tmp_path: Path) -> None:
    sheet = shared_strings(xlsx(tmp_path / "a.xlsx", row(name_zh_hant="醒獅吊墜")))
    result = check(sheet)
    assert result.problems == ()
    assert result.products[0].names == {"en": "Lion dance pendant", "zh-Hant": "醒獅吊墜"}
