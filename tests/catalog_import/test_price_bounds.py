"""Floor, ceiling, engraving and the price before a reduction: read, and held against each other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog_import import Severity, check
from i18n.price_formula import PriceFormula
from tests.catalog_import.workbooks import row, xlsx

PARTS = {"stones_price": 1000, "setting_price": 200, "engraving_price": 50, "margin_percent": 20}


def test_they_reach_the_price_formula_as_they_stand_in_the_sheet(tmp_path: Path) -> None:
    cells = PARTS | {"price_floor": 1200, "price_ceiling": 9000, "compare_at_price": 9900}
    (product,) = check(xlsx(tmp_path / "a.xlsx", row(**cells))).products
    formula = product.variants[0].price
    assert (formula.engraving, formula.floor, formula.ceiling, formula.compare_at) == (
        50, 1200, 9000, 9900,
    )  # fmt: skip


def test_headers_in_chinese_are_known(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(刻字费=30, 最低价=500, 最高价=900, 原价=950))
    price = check(sheet).products[0].variants[0].price
    assert (price.engraving, price.floor, price.ceiling, price.compare_at) == (30, 500, 900, 950)


@pytest.mark.parametrize(
    ("changes", "code", "column", "cell"),
    [
        ({"price_floor": 900, "price_ceiling": 800}, "floor_above_ceiling", "price_floor", "I2"),
        ({"price_floor": 0}, "out_of_range", "price_floor", "I2"),
        ({"price_ceiling": -5}, "out_of_range", "price_ceiling", "I2"),
        ({"compare_at_price": 500, "fixed_price": 500}, "no_reduction", "compare_at_price", "I2"),
        ({"compare_at_price": 700, "price_floor": 700}, "no_reduction", "compare_at_price", "I2"),
        ({"compare_at_price": 1500, **PARTS}, "no_reduction", "compare_at_price", "I2"),
        ({"engraving_price": "free"}, "not_a_number", "engraving_price", "I2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_an_error_in_its_cell(
    tmp_path: Path, changes: dict[str, Any], code: str, column: str, cell: str
) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(**changes)))
    (problem,) = result.problems
    assert (problem.code, problem.column, problem.cell) == (code, column, cell)
    assert (problem.is_error, result.products) == (True, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fixed_price": 500, "price_floor": 400}, "bounds_unused"),
        ({"price_ceiling": 1500, **PARTS}, "ceiling_always_holds"),
    ],
)
def test_what_does_nothing_is_a_warning(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(**changes)))
    (problem,) = result.problems
    assert (problem.code, problem.severity) == (code, Severity.WARNING)
    assert len(result.products) == 1


def test_the_ceiling_may_hold_a_price_below_its_parts_and_then_counts(tmp_path: Path) -> None:
    cells = PARTS | {"price_ceiling": 1400, "compare_at_price": 1450}
    result = check(xlsx(tmp_path / "a.xlsx", row(**cells)))
    assert result.products[0].variants[0].price.at_least == 1400


def test_a_state_from_before_these_columns_is_still_read() -> None:
    old = PriceFormula("CNY", stones=Decimal(5)).to_json()
    for name in ("engraving", "floor", "ceiling", "compare_at"):
        del old[name]
    assert PriceFormula.from_json(old) == PriceFormula("CNY", stones=Decimal(5))
