"""A catalogue that is exported and brought in again changes nothing, and runs no formula."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalog_import import CheckOptions, ProductDraft, check, export, plan_check
from catalog_import.neutral import neutral, read_back
from catalog_import.plan import Action
from tests.catalog_import.products import product
from tests.catalog_import.test_roundtrip import _catalogues
from tests.catalog_import.workbooks import row, xlsx

FORMATS = ("xlsx", "csv")


def written(
    products: Sequence[ProductDraft], folder: Path, kind: str, language: str = "en"
) -> Path:
    path = folder / f"catalogue.{kind}"
    if kind == "csv":
        path.write_text("".join(export.csv_lines(products, language)), encoding="utf-8", newline="")
    else:
        with path.open("wb") as out:
            export.write_workbook(products, out, language)
    return path


def actions(sheet: Path, products: Sequence[ProductDraft]) -> set[Action]:
    existing = {each.code: each for each in products}
    options = CheckOptions(earlier=existing, metal_value=True, models_later=True)
    result = check(sheet, options=options)
    assert [str(problem) for problem in result.errors] == []
    plan = plan_check(result, existing, retire_missing=True)
    assert len(plan.changes) == len(products)
    return {change.action for change in plan.changes}


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=25, deadline=None)
@given(products=_catalogues())
def test_a_round_trip_changes_nothing(kind: str, products: tuple[ProductDraft, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert actions(written(products, Path(folder), kind), products) == {Action.UNCHANGED}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_round_trip_in_chinese_changes_nothing(kind: str, language: str, tmp_path: Path) -> None:
    lion = product("LION", descriptions={"zh-Hant": "舞獅\n吊墜"}, collection="嶺南")
    assert actions(written([lion], tmp_path, kind, language), [lion]) == {Action.UNCHANGED}


@pytest.mark.parametrize("size", [{"ring_size": "6½", "ring_size_system": "us"},
                                  {"ring_size": "54", "ring_size_system": "iso"},
                                  {"inner_diameter_mm": 17.3}], ids=str)  # fmt: skip
@pytest.mark.parametrize("kind", FORMATS)
def test_a_ring_keeps_its_size(kind: str, size: dict[str, object], tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(kind="ring", fixed_price=900, **size))
    products = check(sheet).products
    assert products
    assert actions(written(products, tmp_path, kind), products) == {Action.UNCHANGED}


@pytest.mark.parametrize(
    "text", ["=1+1", "+A", "-A", "@SUM(A1)", "'=x", "''=x", "'x", "\t=1", "＝1"]
)
def test_no_text_is_run_as_a_formula_and_each_is_read_back(text: str) -> None:
    assert neutral(text)[0] not in "=+-@\t\r＝"
    assert read_back(neutral(text)) == text


@given(st.text(alphabet="'=+-@\t\rax"))
def test_reading_back_undoes_what_makes_a_text_harmless(text: str) -> None:
    assert read_back(neutral(text)) == text


@pytest.mark.parametrize("kind", FORMATS)
def test_a_dangerous_name_comes_out_harmless_and_comes_back_as_it_was(
    kind: str, tmp_path: Path
) -> None:
    names = {"en": "+HYPERLINK(1)", "ja": "@x"}
    lion = product("LION", names=names, collection="-x")
    sheet = written([lion], tmp_path, kind)
    for cell in _cells(sheet):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert actions(sheet, [lion]) == {Action.UNCHANGED}


def _cells(sheet: Path) -> list[str]:
    if sheet.suffix == ".csv":
        text = sheet.read_text(encoding="utf-8-sig")
        return [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    book = load_workbook(sheet, read_only=True)
    return [str(cell) for line in book.active.iter_rows(values_only=True) for cell in line if cell]


def test_a_withdrawn_variant_is_not_in_the_sheet(tmp_path: Path) -> None:
    lion = product("LION", skus=("L-1", "L-2"))
    sheet = written([replace(lion, variants=lion.variants[:1])], tmp_path, "csv")
    assert "L-2" not in sheet.read_text(encoding="utf-8")
