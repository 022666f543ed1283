"""Ugly sheets and other shops' exports: each with the problems and the pieces that it must give.

A case is data (tests/cases/import): the rows as a person has typed them, what was answered, and
what must come out. A new kind of sheet is a new file.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from catalog_import import Answers, CheckOptions, CheckResult, ProductDraft, VariantDraft, check
from catalog_import.recognition import Recognition

_CASES = sorted((Path(__file__).parents[1] / "cases" / "import").glob("*.toml"))


def _written(case: dict[str, Any], path: Path) -> Path:
    if case["kind"] == "csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(case["rows"])
        return path
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Catalogue"
    for row in case["rows"]:
        sheet.append(row)
    book.save(path)
    return path


def _said(product: ProductDraft, variant: VariantDraft) -> str:
    metal, price = variant.passport.metals[0], variant.price
    system, label = variant.ring_size_system, variant.ring_size_label
    size = f"size {system} {label}" if label else "no size"
    stones = "".join(
        f", {s.count} {s.origin.value} {s.kind} {s.carat} ct" for s in variant.passport.stones
    )
    return (
        f"{variant.sku} of {product.code}: {product.kind}, {metal.alloy} {metal.grams} g,"
        f" {price.fixed} {price.currency}, {size}, stock {variant.stock}{stones}"
    )


def _checked(case: dict[str, Any], folder: Path, name: str) -> CheckResult:
    path = _written(case, folder / f"{name}.{case['kind']}")
    answers = Answers.from_json(case.get("answers", {}))
    return check(path, options=CheckOptions(answers=answers))


@pytest.mark.parametrize("file", _CASES, ids=lambda file: file.stem)
def test_a_sheet_gives_its_problems_and_its_pieces(file: Path, tmp_path: Path) -> None:
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    result = _checked(case, tmp_path, file.stem)
    problems = [f"{p.severity.value} {p.cell or '-'} {p.code}" for p in result.problems]
    variants = [_said(product, each) for product in result.products for each in product.variants]
    assert (problems, variants) == (case["problems"], case["variants"])


@pytest.mark.parametrize("file", _CASES, ids=lambda file: file.stem)
def test_what_was_recognised_is_shown_for_every_header(file: Path, tmp_path: Path) -> None:
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    (sheet,) = _checked(case, tmp_path, file.stem).recognition
    assert len(sheet.headings) == max(map(len, case["rows"]))
    assert Recognition.from_json(sheet.to_json()) == sheet


def test_answers_are_remembered_for_a_sheet_with_the_same_headers(tmp_path: Path) -> None:
    file = next(file for file in _CASES if file.stem.endswith("answered"))
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    path = _written(case, tmp_path / "a.xlsx")
    (sheet,) = check(path).recognition
    remembered = {sheet.signature: Answers.from_json(case["answers"])}
    result = check(path, options=CheckOptions(remembered=remembered))
    assert [product.code for product in result.products] == ["U1"]
    assert check(path).products == ()


def test_a_problem_is_told_in_the_readers_language(tmp_path: Path) -> None:
    file = next(file for file in _CASES if "words-of-law" in file.stem)
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    problem = _checked(case, tmp_path, "a").errors[-1]
    assert problem.text("en")[0] == "钱 is not the same weight everywhere"
    assert problem.text("zh-Hans")[0] == "钱 在各地并不等重"
    assert type(problem).from_json(problem.to_json()).text("zh-hant")[0] == "钱 在各地並不等重"
