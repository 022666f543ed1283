"""A sheet speaks of its own columns and rows; of everything else it says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog_import import CheckOptions, ProductDraft, check
from catalog_import.plan import Action, plan_check
from tests.catalog_import.workbooks import row, text, xlsx

FULL: dict[str, Any] = {
    "kind": "ring", "ring_size": "US 7", "description_en": "A lion in gold.", "collection": "岭南",
    "stock": 3, "making_kind": "per-gram", "making": 60, "engraving_price": 30, "hs_code": "711319",
    "stone_1_kind": "ruby", "stone_1_count": 2, "stone_1_carat": 0.4, "stone_1_cut": "cushion",
    "stone_2_kind": "diamond", "stone_2_count": 9, "stone_2_carat": 0.1, "hallmarks": "750",
    "width_mm": 4, "alloy_2": "silver-925", "grams_2": 1, "made_to_order_days": 20,
}  # fmt: skip


@pytest.fixture
def before(tmp_path: Path) -> dict[str, ProductDraft]:
    result = check(xlsx(tmp_path / "before.xlsx", row(**FULL)))
    assert result.problems == ()
    return {product.code: product for product in result.products}


def _after(tmp_path: Path, before: dict[str, ProductDraft], **cells: Any) -> ProductDraft:
    result = check(xlsx(tmp_path / "after.xlsx", cells), options=CheckOptions(earlier=before))
    assert result.errors == ()
    (change,) = plan_check(result, before).changes
    assert change.action in (Action.UPDATE, Action.UNCHANGED)
    return change.product


def test_a_sheet_of_codes_alone_changes_nothing(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    cells = {"product_code": "LION", "sku": "LION-1", "kind": "ring"}
    assert _after(tmp_path, before, **cells) == before["LION"]


def test_a_stock_sheet_changes_the_stock_alone(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    after = _after(tmp_path, before, 货号="LION-1", 库存=7, 类别="戒指")
    assert after.variants[0].stock == 7
    assert (after.descriptions, after.collection) == ({"en": "A lion in gold."}, "岭南")
    assert after.variants[0].passport == before["LION"].variants[0].passport


def test_two_columns_are_a_stock_sheet(tmp_path: Path, before: dict[str, ProductDraft]) -> None:
    assert _after(tmp_path, before, sku="LION-1", stock=0).variants[0].stock == 0


def test_an_empty_cell_in_a_column_that_is_there_empties_the_value(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    cells = row(**{**FULL, "description_en": None, "stone_2_kind": None, "stone_2_count": None,
                   "stone_2_carat": None, "collection": None})  # fmt: skip
    after = _after(tmp_path, before, **cells)
    assert (after.descriptions, after.collection) == ({}, "")
    assert [stone.kind for stone in after.variants[0].passport.stones] == ["ruby"]


def test_another_stone_does_not_take_the_cut_of_the_one_before(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    cells = {"product_code": "LION", "sku": "LION-1", "stone_1_kind": "emerald",
             "stone_1_count": 1, "stone_1_carat": 0.3}  # fmt: skip
    stones = _after(tmp_path, before, **cells).variants[0].passport.stones
    assert [(stone.kind, stone.cut) for stone in stones] == [("emerald", ""), ("diamond", "")]


def test_a_new_variant_takes_what_its_product_has(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    cells = {"product_code": "LION", "sku": "LION-2", "alloy": "gold-750-white", "grams": 4,
             "ring_size": "US 8", "currency": "CNY", "price": 900}  # fmt: skip
    after = _after(tmp_path, before, **cells)
    assert [variant.sku for variant in after.variants] == ["LION-2", "LION-1"]
    assert after.names == before["LION"].names


def test_a_fixed_price_of_before_is_said_to_hold_over_a_formula(tmp_path: Path) -> None:
    first = check(xlsx(tmp_path / "a.xlsx", row(fixed_price=900))).products
    terms = CheckOptions(earlier={product.code: product for product in first})
    (problem,) = check(xlsx(tmp_path / "b.xlsx", row(margin_percent=80)), options=terms).problems
    assert (problem.code, problem.is_error) == ("fixed_price_holds", False)


def test_another_currency_is_refused_while_an_amount_of_the_old_one_is_kept(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    cells = {"product_code": "LION", "sku": "LION-1", "currency": "HKD", "price": 900}
    result = check(xlsx(tmp_path / "b.xlsx", cells), options=CheckOptions(earlier=before))
    assert [problem.code for problem in result.errors] == ["currency_conflict"]


def test_a_code_in_other_case_is_the_piece_that_the_shop_has(
    tmp_path: Path, before: dict[str, ProductDraft]
) -> None:
    after = _after(
        tmp_path, before, **{**FULL, "product_code": "lion", "sku": "Lion-1", "stock": 1}
    )
    assert (after.code, after.variants[0].sku) == ("LION", "LION-1")


def test_codes_that_differ_in_case_alone_are_an_error_in_one_sheet(tmp_path: Path) -> None:
    rows = (row(product_code="R1", sku="R1-1"), row(product_code="r1", sku="r1-1"))
    result = check(xlsx(tmp_path / "a.xlsx", *rows))
    assert {problem.code for problem in result.errors} == {"differs_in_case", "duplicate_sku"}


def test_a_code_in_full_width_letters_is_the_plain_one(tmp_path: Path) -> None:
    (product,) = check(xlsx(tmp_path / "a.xlsx", row(product_code="ＬＩＯＮ－１"))).products
    assert product.code == "LION-1"


@pytest.mark.parametrize("value", [690123456789011968, 6.9e17, 12.5, True])
def test_a_number_that_is_not_what_was_typed_is_no_code(tmp_path: Path, value: object) -> None:
    (problem,) = check(xlsx(tmp_path / "a.xlsx", row(sku=value))).problems
    assert (problem.code, problem.cell) == ("code_as_number", "B2")


def test_a_number_keeps_the_zeros_that_its_format_shows(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", row(product_code=12, sku=7))
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["A2"].number_format, sheet["B2"].number_format = "00000", '"RN-"000'
    book.save(path)
    (product,) = check(path).products
    assert (product.code, product.variants[0].sku) == ("00012", "RN-007")


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [("name_en", "醒狮吊坠", "wrong_script"), ("description_en", "黄金醒狮", "wrong_script"),
     ("name_fr", "醒獅", "wrong_script"), ("name_ar", "醒獅", "wrong_script")],
)  # fmt: skip
def test_a_text_that_its_readers_cannot_read_is_an_error(
    tmp_path: Path, column: str, text: str, code: str
) -> None:
    (problem,) = check(xlsx(tmp_path / "a.xlsx", row(**{column: text}))).problems
    assert (problem.code, problem.column, problem.is_error) == (code, column, True)


def test_a_name_with_a_word_of_chinese_is_a_warning(tmp_path: Path) -> None:
    (problem,) = check(xlsx(tmp_path / "a.xlsx", row(name_en="Lion dance 醒狮 pendant"))).problems
    assert (problem.code, problem.is_error) == ("wrong_script", False)


def test_units_in_full_width_letters_and_slashes_between_markets_are_read(tmp_path: Path) -> None:
    cells = row(grams="３.２ｇ", loss_percent="8％", markets="US/GB／hk")
    (product,) = check(text(tmp_path / "a.csv", cells)).products
    assert str(product.variants[0].passport.grams) == "3.2"
    assert product.markets == ("us", "gb", "hk")
