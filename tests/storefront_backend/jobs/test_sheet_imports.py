"""A sheet at the desk: alice owns the brand, rita reads, charlie owns another brand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, ImportRun, Product, ProductVariant
from storefront_backend.jobs import sheet_imports
from storefront_backend.jobs.listing import relist_lagging
from storefront_backend.jobs.sheet_imports import run_import, sweep_imports
from storefront_backend.models3d.models import Model
from tests.builders import make_brand, make_product, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx

pytestmark = pytest.mark.django_db
PRICED = {"fixed_price": 12_800}
BINARY = "application/octet-stream"


def member(brand: Brand, name: str, role: str) -> Client:
    user = User.objects.create_user(f"{name}@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def brand() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lingnan")


@pytest.fixture
def alice(brand: Brand) -> Client:
    return member(brand, "alice", "owner")


def send(client: Client, content: bytes, options: str = "", brand: str = "lingnan") -> Any:
    path = f"/api/desk/brands/{brand}/imports/?name=rings.xlsx{options}"
    return client.post(path, content, content_type=BINARY)


def workbook(folder: Path, *rows: dict[str, Any]) -> bytes:
    return xlsx(folder / "sent.xlsx", *rows).read_bytes()


def checked(client: Client, content: bytes, options: str = "") -> dict[str, Any]:
    """Hand in, have the worker check, and read the report."""
    said = send(client, content, options).json()
    run_import.call(said["id"])
    found: dict[str, Any] = client.get(f"/api/desk/imports/{said['id']}/").json()
    return found


def applied(client: Client, run: dict[str, Any], **said: Any) -> dict[str, Any]:
    path = f"/api/desk/imports/{run['id']}/"
    answer = client.post(f"{path}apply/", said, content_type="application/json")
    assert answer.status_code == 200, answer.content
    run_import.call(run["id"])
    found: dict[str, Any] = client.get(path).json()
    return found


def test_a_sheet_is_checked_then_applied_when_its_brand_says_so(
    alice: Client, tmp_path: Path
) -> None:
    run = checked(alice, workbook(tmp_path, row(**PRICED)))
    assert (run["state"], run["by"], run["report"]["counts"]["create"]) == (
        "checked", "alice@example.org", 1,
    )  # fmt: skip
    assert Product.objects.count() == 0
    done = applied(alice, run)
    assert (done["state"], done["report"]["applied"]) == ("done", True)
    assert Product.objects.get().brand.slug == "lingnan"


def test_the_report_names_sheet_cell_code_text_and_hint(alice: Client, tmp_path: Path) -> None:
    run = checked(alice, workbook(tmp_path, row(grams="?", **PRICED)))
    (problem,) = run["report"]["problems"]
    assert (problem["sheet"], problem["cell"], problem["code"]) == (
        "Catalogue", "F2", "not_a_number",
    )  # fmt: skip
    assert problem["message"]
    assert problem["hint"]


def test_a_sheet_with_errors_is_applied_in_part_only_when_said(
    alice: Client, tmp_path: Path
) -> None:
    wrong = row(product_code="W", sku="W-1", grams="?", **PRICED)
    run = checked(alice, workbook(tmp_path, row(**PRICED), wrong))
    path = f"/api/desk/imports/{run['id']}/apply/"
    assert alice.post(path, {}, content_type="application/json").status_code == 422
    done = applied(alice, run, onlyValid=True)
    assert (done["state"], Product.objects.get().code) == ("done", "LION")


def test_outsiders_see_nothing_and_readers_change_nothing(
    alice: Client, brand: Brand, tmp_path: Path
) -> None:
    content = workbook(tmp_path, row(**PRICED))
    run = checked(alice, content)
    charlie = member(make_brand("rival"), "charlie", "owner")
    rita = member(brand, "rita", "reader")
    people = (Client(), charlie, rita)
    one, many = f"/api/desk/imports/{run['id']}/", "/api/desk/brands/lingnan/imports/"
    assert [who.get(one).status_code for who in people] == [401, 404, 200]
    assert [who.get(many).status_code for who in people] == [401, 404, 200]
    assert [send(who, content).status_code for who in people] == [401, 404, 403]
    answers = [who.post(f"{one}apply/", {}, content_type="application/json") for who in people]
    assert [answer.status_code for answer in answers] == [401, 404, 403]
    assert (ImportRun.objects.count(), Product.objects.count()) == (1, 0)


def test_a_sheet_that_names_anothers_codes_makes_pieces_of_its_own(
    alice: Client, tmp_path: Path
) -> None:
    theirs = make_product(code="LION", slug="theirs")
    run = checked(alice, workbook(tmp_path, row(**PRICED)), "&retireMissing=1")
    applied(alice, run)
    theirs.refresh_from_db()
    assert (theirs.is_published, theirs.names) == (True, {"en": f"Ring {theirs.names['en'][5:]}"})
    assert Product.objects.filter(code="LION").count() == 2


def test_the_same_sheet_handed_in_twice_is_one_run(alice: Client, tmp_path: Path) -> None:
    content = workbook(tmp_path, row(**PRICED))
    first, second = send(alice, content).json(), send(alice, content).json()
    assert first["id"] == second["id"]
    other = send(alice, content, "&retireMissing=1").json()
    assert other["id"] != first["id"]


def test_applying_twice_is_applying_once(alice: Client, tmp_path: Path) -> None:
    run = checked(alice, workbook(tmp_path, row(**PRICED)))
    applied(alice, run)
    before = Product.objects.get().updated_at
    assert applied(alice, run)["state"] == "done"
    run_import.call(run["id"])
    assert Product.objects.get().updated_at == before


def test_a_held_price_is_confirmed_by_applying_again(alice: Client, tmp_path: Path) -> None:
    applied(alice, checked(alice, workbook(tmp_path, row(**PRICED))))
    run = checked(alice, workbook(tmp_path, row(fixed_price=1280)))
    (move,) = run["report"]["moves"]
    assert (move["sku"], move["percent"]) == ("LION-1", "-90.0")
    assert applied(alice, run)["report"]["counts"]["moves"] == 1
    assert ProductVariant.objects.get().price_formula["fixed"] == "12800"
    applied(alice, run, acceptPriceMoves=["LION-1"])
    assert ProductVariant.objects.get().price_formula["fixed"] == "1280"


def test_a_mesh_that_is_not_there_yet_is_a_warning_and_the_one_that_is_stays(
    alice: Client, tmp_path: Path
) -> None:
    content = workbook(tmp_path, row(model_file="lion.stl", **PRICED))
    run = checked(alice, content)
    assert _of_models(run) == ["warning"]
    applied(alice, run)
    product = Product.objects.get()
    Model.objects.create(
        brand=product.brand, product=product, source_key="k", source_name="lion.stl",
        source_bytes=1,
    )  # fmt: skip
    again = checked(alice, workbook(tmp_path, row(model_file="lion.stl", name_en="L", **PRICED)))
    assert _of_models(again) == []
    applied(alice, again)
    assert Model.objects.get().source_key == "k"


def _of_models(run: dict[str, Any]) -> list[str]:
    problems = run["report"]["problems"]
    return [each["severity"] for each in problems if each["code"] == "model_missing"]


@pytest.mark.parametrize(
    ("options", "field"),
    [("&retireMissing=yes", "retireMissing"), ("&warehouse=moon", "warehouse")],
)
def test_a_wrong_option_is_named(alice: Client, tmp_path: Path, options: str, field: str) -> None:
    answer = send(alice, workbook(tmp_path, row(**PRICED)), options)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("name", ["", "..", ".hidden", "x" * 201, "%0d%0a"])
def test_a_name_that_is_no_file_name_is_refused(alice: Client, name: str) -> None:
    path = f"/api/desk/brands/lingnan/imports/?name={name}"
    assert alice.post(path, b"x", content_type=BINARY).status_code == 422


def test_size_and_form_are_refused_before_anything_is_read(
    alice: Client, settings: Settings
) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert send(alice, b"x" * 11).status_code == 413
    form = alice.post("/api/desk/brands/lingnan/imports/?name=a.xlsx", {"a": "b"})
    assert form.status_code == 415
    assert ImportRun.objects.count() == 0


def test_a_hostile_file_is_a_report_and_no_fault(alice: Client) -> None:
    run = checked(alice, b"PK\x03\x04 cut off")
    assert (run["state"], run["report"]["problems"][0]["code"]) == ("checked", "damaged_file")
    assert ImportRun.objects.get().attempts == 1


def test_a_brand_has_so_many_sheets_under_way(
    alice: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.IMPORTS_OPEN_A_BRAND = 1
    assert send(alice, workbook(tmp_path, row(**PRICED))).status_code == 200
    assert send(alice, workbook(tmp_path, row(name_en="L", **PRICED))).status_code == 422


def test_what_a_killed_worker_left_is_taken_up_by_the_sweep(alice: Client, tmp_path: Path) -> None:
    run = send(alice, workbook(tmp_path, row(**PRICED))).json()
    assert sweep_imports() == 0
    ImportRun.objects.update(touched_at=wiring.now() - timedelta(minutes=4), attempts=1)
    assert sweep_imports() == 1
    assert sweep_imports() == 0  # it is the queue's again
    run_import.call(run["id"])
    assert ImportRun.objects.get().state == "checked"


def test_a_sheet_that_kills_its_worker_each_time_is_given_up(alice: Client, tmp_path: Path) -> None:
    send(alice, workbook(tmp_path, row(**PRICED)))
    long_ago = wiring.now() - timedelta(minutes=4)
    ImportRun.objects.update(touched_at=long_ago, attempts=sheet_imports.MAX_ATTEMPTS)
    sweep_imports()
    row_ = ImportRun.objects.get()
    assert (row_.state, row_.report["problem"]["code"]) == ("failed", "import_failed")


def test_an_update_that_was_not_followed_up_is_found_by_the_sweep(
    alice: Client, tmp_path: Path
) -> None:
    """The process died between the product's commit and the queue."""
    applied(alice, checked(alice, workbook(tmp_path, row(**PRICED))))
    Product.objects.update(relist_needed_at=wiring.now() - timedelta(minutes=10))
    assert relist_lagging() == 1
    assert Product.objects.get().relist_needed_at is None


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_applying_leaves_whole_products_and_the_rest_follows(
    tmp_path: Path,
) -> None:
    make_rates()
    make_warehouse()
    alice = member(make_brand("lingnan"), "alice", "owner")
    rows = [
        row(product_code=f"P{n}", sku=f"P{n}-{size}", **PRICED)
        for n in range(12) for size in range(100)
    ]  # fmt: skip
    run = checked(alice, workbook(tmp_path, *rows))
    alice.post(f"/api/desk/imports/{run['id']}/apply/", {}, content_type="application/json")
    kill_worker_at(1, run["id"])
    assert ProductVariant.objects.count() == 500  # the first portion, and nothing of the second
    half = ImportRun.objects.get()
    assert (half.state, half.phase, half.rows_done, half.rows_of) == (
        "applying", "writing", 500, 1200,
    )  # fmt: skip
    assert run_import.call(run["id"]) == "done"  # its lock went with the worker
    assert Product.objects.count() == 12
    assert ProductVariant.objects.filter(is_active=True).count() == 1200


def kill_worker_at(step: int, run_id: str) -> None:
    address = urlsplit(os.environ["DATABASE_URL"])
    database = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ASSET_FOLDER": str(django_settings.ASSET_FOLDER),
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.storefront_backend.jobs.import_worker", run_id, str(step)],
        cwd=Path(__file__).resolve().parents[3], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdout is not None
    said = worker.stdout.readline().decode().strip()
    worker.send_signal(signal.SIGKILL)
    _, errors = worker.communicate()
    assert said == str(step), errors.decode()[-2000:]
