"""A sheet that was applied is undone as a whole: alice owns the brand, charlie owns another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from storefront_backend import wiring
from storefront_backend.catalog.models import (
    Brand,
    ImportImage,
    ImportRun,
    Product,
    ProductVariant,
    Stock,
)
from storefront_backend.jobs.sheet_imports import run_import
from storefront_backend.jobs.sheet_undo import purge_images
from storefront_backend.models3d.models import Model
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row
from tests.storefront_backend.jobs.test_sheet_imports import (
    PRICED,
    applied,
    checked,
    member,
    workbook,
)
from tests.storefront_backend.pricing.imports import rows_of

pytestmark = pytest.mark.django_db

LION = row(**PRICED)
WAVE = row(product_code="WAVE", sku="WAVE-1", **PRICED)


@pytest.fixture
def lingnan() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lingnan")


@pytest.fixture
def alice(lingnan: Brand) -> Client:
    return member(lingnan, "alice", "owner")


def bring(
    client: Client, folder: Path, *rows: dict[str, Any], options: str = "", **said: Any
) -> str:
    """Have the rows applied; the run's id."""
    run = checked(client, workbook(folder, *rows), options)
    assert applied(client, run, **said)["state"] == "done"
    return str(run["id"])


def planned(client: Client, run: str) -> dict[str, Any]:
    """The planned undo of a run."""
    answer = client.post(f"/api/desk/imports/{run}/undo/", {}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    undo = answer.json()
    run_import.call(undo["id"])
    found: dict[str, Any] = client.get(f"/api/desk/imports/{undo['id']}/").json()
    return found


def undone(client: Client, run: str, **said: Any) -> dict[str, Any]:
    return applied(client, planned(client, run), **said)


def test_a_run_that_made_and_changed_pieces_is_undone_to_the_last_row(
    alice: Client, lingnan: Brand, tmp_path: Path
) -> None:
    bring(alice, tmp_path, LION, row(sku="LION-2", **PRICED))
    before = rows_of(lingnan)
    changed = {**LION, "name_en": "Lion", "stock": 7, "fixed_price": 13_000}
    run = bring(alice, tmp_path, changed, row(name_en="Lion", sku="LION-3", **PRICED), WAVE)
    assert rows_of(lingnan) != before
    assert planned(alice, run)["report"]["undo"] == {
        "restore": 1, "return": 0, "delete": 1, "withdraw": 0, "conflict": 0,
    }  # fmt: skip
    assert undone(alice, run)["state"] == "done"
    assert rows_of(lingnan) == before


def test_what_a_sheet_withdrew_is_on_sale_again(
    alice: Client, lingnan: Brand, tmp_path: Path
) -> None:
    bring(alice, tmp_path, LION, WAVE)
    before = rows_of(lingnan)
    run = bring(alice, tmp_path, LION, options="&retireMissing=1", confirmRetire=1)
    assert not Product.objects.get(code="WAVE").is_published
    undone(alice, run)
    assert rows_of(lingnan) == before
    assert Product.objects.get(code="WAVE").relist_needed_at is not None


def test_retiring_needs_the_number_of_what_goes(alice: Client, tmp_path: Path) -> None:
    bring(alice, tmp_path, LION, WAVE)
    run = checked(alice, workbook(tmp_path, LION), "&retireMissing=1")
    assert run["report"]["counts"]["retire"] == 1
    path = f"/api/desk/imports/{run['id']}/apply/"
    for said in ({}, {"confirmRetire": 2}):
        answer = alice.post(path, said, content_type="application/json")
        assert (answer.status_code, answer.json()["field"]) == (422, "confirmRetire")
    assert Product.objects.filter(is_published=True).count() == 2


def test_a_variant_that_moved_to_another_piece_moves_back(
    alice: Client, lingnan: Brand, tmp_path: Path
) -> None:
    bring(alice, tmp_path, LION, row(sku="LION-2", **PRICED), WAVE)
    before = rows_of(lingnan)
    moved = row(product_code="WAVE", sku="LION-2", **PRICED)
    run = bring(alice, tmp_path, WAVE, moved)
    assert ProductVariant.objects.get(own_sku="LION-2").product.code == "WAVE"
    undone(alice, run)
    assert rows_of(lingnan) == before


def test_sold_pieces_stay_sold(alice: Client, tmp_path: Path) -> None:
    bring(alice, tmp_path, {**LION, "stock": 5})
    run = bring(alice, tmp_path, {**LION, "stock": 8})
    Stock.objects.update(quantity=6)  # two of them were bought
    undone(alice, run)
    assert list(Stock.objects.values_list("quantity", "sheet_quantity")) == [(3, 5)]


def test_promised_pieces_stay_promised(alice: Client, tmp_path: Path) -> None:
    bring(alice, tmp_path, {**LION, "stock": 1})
    run = bring(alice, tmp_path, {**LION, "stock": 8})
    Stock.objects.update(reserved=4)
    undone(alice, run)
    assert Stock.objects.get().quantity == 4


def test_what_was_changed_since_is_a_conflict_and_stays_unless_confirmed(
    alice: Client, tmp_path: Path
) -> None:
    run = bring(alice, tmp_path, LION, WAVE)
    Product.objects.filter(code="LION").update(names={"en": "By hand"})
    plan = planned(alice, run)
    assert (plan["report"]["undo"]["conflict"], plan["report"]["undo"]["delete"]) == (1, 1)
    assert applied(alice, plan)["report"]["skipped"] == ["LION"]
    assert Product.objects.get().names == {"en": "By hand"}
    undone(alice, run, confirmConflicts=["LION"])
    assert not Product.objects.exists()


def test_a_later_sheet_makes_a_conflict(alice: Client, tmp_path: Path) -> None:
    first = bring(alice, tmp_path, LION)
    bring(alice, tmp_path, {**LION, "name_en": "Lion"})
    assert undone(alice, first)["report"]["skipped"] == ["LION"]
    assert Product.objects.get().names == {"en": "Lion"}


def test_a_new_piece_that_has_a_mesh_by_now_is_withdrawn_not_removed(
    alice: Client, lingnan: Brand, tmp_path: Path
) -> None:
    run = bring(alice, tmp_path, LION)
    product = Product.objects.get()
    Model.objects.create(
        brand=lingnan, product=product, source_key="k", source_name="l.stl", source_bytes=1
    )
    assert planned(alice, run)["report"]["undo"]["withdraw"] == 1
    undone(alice, run)
    product.refresh_from_db()
    assert not product.is_published


def test_an_undo_is_undone_once_and_no_undo_can_be_undone(alice: Client, tmp_path: Path) -> None:
    run = bring(alice, tmp_path, LION)
    undo = undone(alice, run)
    for each in (run, undo["id"]):
        answer = alice.post(f"/api/desk/imports/{each}/undo/", {}, content_type="application/json")
        assert answer.status_code == 422


def test_asking_twice_is_one_undo(alice: Client, tmp_path: Path) -> None:
    run = bring(alice, tmp_path, LION)
    assert planned(alice, run)["id"] == planned(alice, run)["id"]


def test_outsiders_undo_nothing(alice: Client, lingnan: Brand, tmp_path: Path) -> None:
    run = bring(alice, tmp_path, LION)
    charlie = member(make_brand("rival"), "charlie", "owner")
    rita = member(lingnan, "rita", "reader")
    path = f"/api/desk/imports/{run}/undo/"
    answers = [who.post(path, {}, content_type="application/json") for who in (charlie, rita)]
    assert [answer.status_code for answer in answers] == [404, 403]
    assert ImportRun.objects.count() == 1


def test_after_thirty_days_nothing_is_kept(alice: Client, tmp_path: Path) -> None:
    run = bring(alice, tmp_path, LION)
    assert purge_images() == 0
    ImportRun.objects.update(created_at=wiring.now() - timedelta(days=31))
    answer = alice.post(f"/api/desk/imports/{run}/undo/", {}, content_type="application/json")
    assert answer.status_code == 422
    assert (purge_images(), ImportImage.objects.count()) == (1, 0)


def test_the_operator_undoes_a_command(lingnan: Brand, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.xlsx"
    sheet.write_bytes(workbook(tmp_path, LION))
    call_command("import_sheet", str(sheet), "--brand", "lingnan")
    run = ImportRun.objects.get()
    assert (run.state, Product.objects.count()) == ("done", 1)
    call_command("undo_import", str(run.pk))
    assert Product.objects.count() == 1
    call_command("undo_import", str(run.pk), "--apply")
    assert Product.objects.count() == 0


def test_each_piece_of_the_plan_has_every_markets_verdict(alice: Client, tmp_path: Path) -> None:
    run = checked(alice, workbook(tmp_path, row(origin=None, markets="us, gb", **PRICED)))
    (piece,) = alice.get(f"/api/desk/imports/{run['id']}/pieces/").json()["pieces"]
    assert (piece["product"], piece["action"], piece["stopped"]) == ("LION", "create", True)
    assert len(piece["verdicts"]) == 17
    gb = piece["verdicts"]["gb"]
    assert (gb["outcome"], gb["wanted"]) == ("needs", True)
    assert any("origin is missing" in reason["message"] for reason in gb["reasons"])
