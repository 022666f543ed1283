"""A price can be wrong by a header alone: nothing goes on sale for its metal by mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog_import import CheckOptions, Problem, check
from tests.catalog_import.workbooks import PENDANT, xlsx

BARE = dict(PENDANT)


def _checked(path: Path, **cells: Any) -> tuple[set[str], list[str]]:
    """The codes of the errors, and the fixed prices that were read."""
    result = check(xlsx(path / "a.xlsx", {**BARE, **cells}))
    prices = [str(v.price.fixed) for product in result.products for v in product.variants]
    return {problem.code for problem in result.errors}, prices


@pytest.mark.parametrize(
    "header",
    ["售价", "零售价", "零售價", "价格", "吊牌价", "标价", "建议零售价", "Retail Price",
     "List price", "Selling Price", "unit_price", "RRP", "MSRP", "Price", "零售价（元）",
     "Price (CNY)", "售价 RMB", "RMB price", "Price in CNY", "零售价(人民币)",
     "Retail Price (excl. VAT)", "不含税售价"],
)  # fmt: skip
def test_a_price_is_known_by_the_trades_own_headers(tmp_path: Path, header: str) -> None:
    assert _checked(tmp_path, **{header: 12_800}) == (set(), ["12800"])


@pytest.mark.parametrize(
    "header",
    ["批发价", "会员价", "代理價", "dealer price", "Price tier 1", "our_price", "WholesalePrice",
     "Verkaufspreis Preis", "販売料金", "판매가격", "工费合计", "Total amount"],
)  # fmt: skip
def test_a_header_that_sounds_like_a_price_and_is_not_read_is_an_error(
    tmp_path: Path, header: str
) -> None:
    codes, prices = _checked(tmp_path, **{header: 12_800, "making_kind": "metal-value"})
    assert (codes, prices) == ({"price_not_read"}, [])


@pytest.mark.parametrize("value", ["HK$12,800", "¥12,800", "12,800元", "1250.00 USD", "RMB 980"])
def test_amounts_under_a_header_that_means_nothing_are_an_error(tmp_path: Path, value: str) -> None:
    codes, _ = _checked(tmp_path, spring=value, making_kind="metal-value")
    assert codes == {"price_not_read"}


def test_numbers_that_the_workbook_shows_as_money_are_an_error(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {**BARE, "making_kind": "metal-value", "spring": 12_800})
    book = load_workbook(path)
    book.active["J2"].number_format = '"¥"#,##0.00'  # type: ignore[index]  # there is a sheet
    book.save(path)
    (problem,) = check(path).problems
    assert (problem.code, problem.cell) == ("price_not_read", "J1")


def test_a_column_is_left_out_where_that_is_said(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {**BARE, "making_kind": "metal-value", "成本价": 700})
    assert check(path, options=CheckOptions(ignored=("成本价",))).problems == ()


def test_a_sheet_without_any_price_is_one_error_and_holds_all(tmp_path: Path) -> None:
    chain = {**BARE, "kind": "chain", "grams": 10}
    result = check(xlsx(tmp_path / "a.xlsx", BARE, {**chain, "product_code": "C", "sku": "C-1"}))
    assert [problem.code for problem in result.problems] == ["no_price_column"]
    assert (result.products, result.held) == ((), {"LION", "C"})


@pytest.mark.parametrize(
    "cells",
    [{"fixed_price": None}, {"making": None, "making_kind": None},
     {"making_kind": "none", "making": 0},
     {"stones_price": 900, "margin_percent": None}, {"price_floor": 10, "making": None}],
)  # fmt: skip
def test_a_row_without_price_and_making_charge_is_an_error(
    tmp_path: Path, cells: dict[str, Any]
) -> None:
    codes, prices = _checked(tmp_path, **cells)
    assert (codes, prices) == ({"no_price"}, [])


def test_metal_value_can_be_said_in_the_sheet_or_for_the_brand(tmp_path: Path) -> None:
    said = check(xlsx(tmp_path / "a.xlsx", {**BARE, "making_kind": "按金价"}))
    agreed = check(xlsx(tmp_path / "b.xlsx", BARE), options=CheckOptions(metal_value=True))
    assert said.problems == agreed.problems == ()
    assert said.products[0].variants[0].price.at_least == 0


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("售价(HKD)", "currency_conflict"),
        ("Price (US$)", "currency_conflict"),
        ("HKD price", "currency_conflict"),
        ("售价（港币）", "currency_conflict"),
        ("Price (€)", "currency_conflict"),
        ("售价(万元)", "unit_in_header"),
        ("Price (k)", "unit_in_header"),
        ("Price per gram (/g)", "price_not_read"),
        ("Price (USD/g)", "unit_in_header"),
        ("Price (dealer)", "unit_in_header"),
        ("Price (incl. VAT)", "price_with_tax"),
        ("含税售价", "price_with_tax"),
        ("售价(含税)", "price_with_tax"),
    ],
)
def test_a_header_that_changes_what_the_number_is_worth_is_an_error(
    tmp_path: Path, header: str, code: str
) -> None:
    codes, prices = _checked(tmp_path, **{header: 12_800})
    assert code in codes
    assert prices == []


@pytest.mark.parametrize(
    ("header", "name"),
    [("金重(钱)", "grams"), ("weight (kg)", "grams"), ("width (cm)", "width_mm"),
     ("主石重量(分)", "stone_1_carat"), ("Net weight (oz)", "grams")],
)  # fmt: skip
def test_a_unit_that_a_column_is_not_read_in_is_an_error(
    tmp_path: Path, header: str, name: str
) -> None:
    cells = {key: value for key, value in BARE.items() if key != name}
    result = check(xlsx(tmp_path / "a.xlsx", {**cells, "price": 900, header: 2}))
    assert "unit_in_header" in {problem.code for problem in result.errors}
    assert result.products == ()


def test_the_headers_currency_is_the_rows_where_there_is_no_other(tmp_path: Path) -> None:
    cells = {name: value for name, value in BARE.items() if name != "currency"}
    result = check(xlsx(tmp_path / "a.xlsx", {**cells, "售价(HKD)": 12_800}))
    assert result.problems == ()
    assert result.products[0].variants[0].price.currency == "HKD"


def test_two_price_columns_are_never_chosen_between(tmp_path: Path) -> None:
    codes, prices = _checked(tmp_path, 售价=12_800, 吊牌价=15_800)
    assert (codes, prices) == ({"duplicate_column"}, [])


def test_row_errors_are_reported_though_a_column_is_missing(tmp_path: Path) -> None:
    cells = {name: value for name, value in BARE.items() if name != "currency"}
    result = check(xlsx(tmp_path / "a.xlsx", {**cells, "price": 900, "alloy": "golden"}))
    assert [(p.code, p.cell) for p in result.problems] == [
        ("missing_column", "A1"), ("unknown_alloy", "E2"),
    ]  # fmt: skip


def _hint(path: Path, **cells: Any) -> Problem:
    (problem,) = check(xlsx(path / "a.xlsx", {**BARE, "price": 900, **cells})).errors
    return problem


@pytest.mark.parametrize(
    ("column", "word"),
    [("stone_1_kind", "tanzanite"), ("stone_1_kind", "坦桑石"), ("stone_1_kind", "海蓝宝"),
     ("stone_1_kind", "aquamarine"), ("stone_1_kind", "mother of pearl"), ("currency", "RUR"),
     ("origin", "Made in China"), ("markets", "uk, atlantis"), ("kind", "Jewelry > Hats")],
)  # fmt: skip
def test_a_word_of_law_is_never_guessed(tmp_path: Path, column: str, word: str) -> None:
    cells = {"stone_1_count": 1, "stone_1_carat": 1} if column.startswith("stone") else {}
    assert "Did you mean" not in _hint(tmp_path, **cells, **{column: word}).hint


@pytest.mark.parametrize(
    ("column", "word", "hint"),
    [("alloy", "18k rose gld", "Did you mean gold-750-rose?"),
     ("alloy", "18K gold", "Of which colour? Write it as 18K yellow gold")],
)  # fmt: skip
def test_what_is_known_to_be_asked_has_an_answer(
    tmp_path: Path, column: str, word: str, hint: str
) -> None:
    assert _hint(tmp_path, **{column: word}).hint == hint
