"""A checked sheet is mended at the desk: its cells in a grid, its columns by answers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from catalog_import.marked import CHECKED_FILLS
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, ImportRun, ProductVariant
from storefront_backend.jobs.sheet_imports import run_import
from storefront_backend.storage.keys import SOURCE_TYPE
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx
from tests.storefront_backend.desk.test_brand_pages import signed_in
from tests.storefront_backend.desk.test_sheet_pages import PRICED, applied, brought, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]


@pytest.fixture
def lotus() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lotus")


@pytest.fixture
def alice(lotus: Brand) -> Client:
    return signed_in("alice", lotus)


def mended(client: Client, page: str, **fields: str) -> None:
    assert client.post(f"{page}cells/", fields).status_code == 302
    run_import.call(page.split("/")[-2])


def test_a_cell_mended_in_the_grid_is_applied(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    mended(alice, page, cells=json.dumps({"Catalogue": {"F2": "3.8"}}))
    assert alice.get(page).context["report"].counts["errors"] == 0
    applied(alice, page)
    assert ProductVariant.objects.get().passport["metals"][0]["grams"] == "3.8"


def test_a_cell_mended_without_a_script_is_the_same(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    assert 'name="cell:Catalogue!F2"' in alice.get(f"{page}cells/").content.decode()
    fields = {"cell:Catalogue!F2": "3.8", "was:Catalogue!F2": "heavy"}
    mended(alice, page, **fields)
    assert alice.get(page).context["report"].counts["errors"] == 0


def test_the_grid_has_the_rows_with_problems_alone(alice: Client, tmp_path: Path) -> None:
    good = row(product_code="G", sku="G-1", **PRICED)
    page = brought(alice, sheet(tmp_path, good, row(grams="heavy", **PRICED)))
    [shown] = alice.get(f"{page}cells/").context["sheets"]
    wrong = [
        (each["number"], letter, each["cells"][letter])
        for each in shown["rows"]
        for letter, fault in each["faults"].items()
        if fault["severity"] == "error"
    ]
    assert wrong == [(3, "F", "heavy")]


@pytest.mark.parametrize("cells", ["nonsense", "[]", '{"A": {"no cell": "1"}}', '{"A": "b"}'])
def test_corrections_that_cannot_be_read_change_nothing(
    alice: Client, tmp_path: Path, cells: str
) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    assert alice.post(f"{page}cells/", {"cells": cells}).status_code == 422
    run = ImportRun.objects.get()
    assert (run.state, run.options.get("corrections", {})) == ("checked", {})


def test_a_sheet_that_is_applied_is_not_mended(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    applied(alice, page)
    answer = alice.post(f"{page}cells/", {"cells": '{"Catalogue": {"F2": "9"}}'})
    assert answer.status_code == 422
    assert ImportRun.objects.get().state == "done"


def test_the_marked_workbook_holds_the_problem_in_its_cell(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    sent = alice.get(f"{page}marked.xlsx")
    assert "rings-marked.xlsx" in sent.headers["Content-Disposition"]
    cell = load_workbook(io.BytesIO(sent.content))["Catalogue"]["F2"]
    assert cell.value == "heavy"
    assert cell.fill.fgColor.rgb[-6:] == CHECKED_FILLS["error"]
    assert cell.comment is not None


def test_a_file_that_its_reader_dies_of_is_told_on_the_page(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    key = ImportRun.objects.get().source_key
    wiring.assets().delete(key)
    ImportRun.objects.update(source_key=wiring.assets().put(
        io.BytesIO(b"PK\x03\x04 cut off"), media_type=SOURCE_TYPE, public=False
    ))  # fmt: skip
    shown = alice.get(f"{page}cells/")
    assert "damaged" in shown.context["problem"]
    assert shown.context["sheets"] == []
    sent = alice.get(f"{page}marked.xlsx", follow=True)
    assert sent.redirect_chain == [(page, 302)]
    assert "damaged" in sent.content.decode()


def test_an_answer_about_a_column_is_used_and_remembered(alice: Client, tmp_path: Path) -> None:
    odd = row(**PRICED)
    odd["净重量X"] = odd.pop("grams")
    page = brought(alice, sheet(tmp_path, odd))
    [asked] = alice.get(f"{page}columns/").context["sheets"]
    [heading] = [each for each in asked["headings"] if each["header"] == "净重量X"]
    assert heading["is_open"]
    answer = alice.post(f"{page}columns/", {f"column-0-{heading['index']}": "grams"})
    assert answer.status_code == 302
    run_import.call(page.split("/")[-2])
    assert alice.get(page).context["report"].counts["create"] == 1
    again = SimpleUploadedFile("next.xlsx", xlsx(tmp_path / "next.xlsx", odd, odd).read_bytes())
    [remembered] = alice.get(f"{brought(alice, again)}columns/").context["sheets"]
    assert not any(each["is_open"] for each in remembered["headings"])


def test_what_every_row_has_in_common_is_said_once(alice: Client, tmp_path: Path) -> None:
    lacking = row(**PRICED)
    del lacking["currency"]
    page = brought(alice, sheet(tmp_path, lacking))
    assert alice.get(page).context["report"].counts["create"] == 0
    alice.post(f"{page}columns/", {"default-currency": "CNY"})
    run_import.call(page.split("/")[-2])
    assert alice.get(page).context["report"].counts["create"] == 1


def test_a_reader_sees_the_pages_and_changes_nothing(
    alice: Client, lotus: Brand, tmp_path: Path
) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="heavy", **PRICED)))
    carol = signed_in("carol", lotus, "reader")
    for name in ("cells/", "columns/", "marked.xlsx"):
        assert carol.get(f"{page}{name}").status_code == 200
    assert carol.post(f"{page}cells/", {"cells": "{}"}).status_code == 403
    assert carol.post(f"{page}columns/", {"default-currency": "CNY"}).status_code == 403
