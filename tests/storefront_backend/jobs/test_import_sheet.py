"""`manage.py import_sheet`: the operator's door to a brand's catalogue."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from storefront_backend.catalog.models import Brand, Product, ProductVariant
from storefront_backend.models3d.models import Model
from tests.builders import make_brand, make_product, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx

pytestmark = pytest.mark.django_db
PRICED = {"fixed_price": 12_800}


@pytest.fixture
def brand() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lingnan")


def run(sheet: Path, *arguments: str) -> tuple[int, str]:
    """The exit status, and what it said."""
    said = StringIO()
    try:
        call_command(
            "import_sheet", str(sheet), "--brand", "lingnan", *arguments,
            stdout=said, stderr=StringIO(),
        )  # fmt: skip
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_a_sheet_becomes_products_of_its_brand(brand: Brand, tmp_path: Path) -> None:
    status, said = run(xlsx(tmp_path / "a.xlsx", row(**PRICED)))
    assert (status, Product.objects.get().brand) == (0, brand)
    assert "1 created, 0 updated" in said


def test_a_dry_run_shows_the_plan_and_writes_nothing(brand: Brand, tmp_path: Path) -> None:
    status, said = run(xlsx(tmp_path / "a.xlsx", row(**PRICED)), "--dry-run")
    assert (status, Product.objects.count()) == (0, 0)
    assert "+ LION" in said


def test_errors_write_nothing_unless_the_valid_products_are_asked_for(
    brand: Brand, tmp_path: Path
) -> None:
    wrong = row(product_code="W", sku="W-1", grams="?", **PRICED)
    sheet = xlsx(tmp_path / "a.xlsx", row(**PRICED), wrong)
    assert run(sheet)[0] == 3
    assert Product.objects.count() == 0
    assert run(sheet, "--only-valid")[0] == 3
    assert Product.objects.get().code == "LION"


def test_the_report_as_json_names_cell_code_text_and_hint(brand: Brand, tmp_path: Path) -> None:
    status, said = run(xlsx(tmp_path / "a.xlsx", row(grams="?", **PRICED)), "--json")
    report: dict[str, Any] = json.loads(said)
    (problem,) = report["problems"]
    assert (status, problem["cell"], problem["code"]) == (3, "F2", "not_a_number")
    assert problem["message"]
    assert problem["hint"]
    assert (report["counts"]["errors"], report["applied"]) == (1, False)


def test_cad_files_come_from_the_folder_that_is_named(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "cad").mkdir()
    (tmp_path / "cad" / "lion.stl").write_bytes(b"mesh")
    sheet = xlsx(tmp_path / "a.xlsx", row(model_file="lion.stl", **PRICED))
    assert run(sheet)[0] == 3
    assert run(sheet, "--files", str(tmp_path / "cad"))[0] == 0
    assert Model.objects.get().source_name == "lion.stl"


def test_a_second_sheet_retires_only_when_asked(brand: Brand, tmp_path: Path) -> None:
    run(xlsx(tmp_path / "a.xlsx", row(**PRICED)))
    other = xlsx(tmp_path / "b.xlsx", row(product_code="W", sku="W-1", **PRICED))
    run(other)
    assert Product.objects.filter(is_published=True).count() == 2
    _, said = run(other, "--retire-missing", "--dry-run")
    assert "- LION" in said
    run(other, "--retire-missing", "--confirm-retire", "1")
    assert Product.objects.get(is_published=True).code == "W"


def test_a_price_that_moves_too_far_waits_to_be_accepted(brand: Brand, tmp_path: Path) -> None:
    run(xlsx(tmp_path / "a.xlsx", row(**PRICED)))
    cheaper = xlsx(tmp_path / "b.xlsx", row(fixed_price=1280))
    assert "price held  LION-1: 12800.00 CNY → 1280.00 CNY (-90.0 %)" in run(cheaper)[1]
    assert ProductVariant.objects.get().price_formula["fixed"] == "12800"
    run(cheaper, "--accept-price-moves")
    assert ProductVariant.objects.get().price_formula["fixed"] == "1280"


def test_another_brands_pieces_are_out_of_reach(brand: Brand, tmp_path: Path) -> None:
    theirs = make_product(code="LION")
    run(xlsx(tmp_path / "a.xlsx", row(**PRICED)), "--retire-missing")
    theirs.refresh_from_db()
    assert (theirs.is_published, Product.objects.filter(code="LION").count()) == (True, 2)


@pytest.mark.parametrize(
    "arguments", [("--brand", "missing"), ("--warehouse", "moon"), ("--files", "/nowhere/at/all")]
)
def test_a_wrong_call_is_said_in_one_line(
    brand: Brand, tmp_path: Path, arguments: tuple[str, str]
) -> None:
    with pytest.raises(CommandError):
        run(xlsx(tmp_path / "a.xlsx", row(**PRICED)), *arguments)


def test_a_file_that_is_not_there_is_said_in_one_line(brand: Brand, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "none.xlsx")
