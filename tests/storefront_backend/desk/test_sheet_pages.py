"""The page at which a brand brings its sheet, reads what was found, and applies it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, ImportRun, Product, ProductVariant
from storefront_backend.jobs.sheet_imports import run_import
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx
from tests.storefront_backend.desk.test_brand_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_sandbox")]
PRICED = {"fixed_price": 12_800}
PLACE = "/desk/brand/lotus/sheets/"


@pytest.fixture
def lotus() -> Brand:
    make_rates()
    make_warehouse()
    return make_brand("lotus")


@pytest.fixture
def alice(lotus: Brand) -> Client:
    return signed_in("alice", lotus)


def sheet(folder: Path, *rows: dict[str, Any], name: str = "rings.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, xlsx(folder / "sent.xlsx", *rows).read_bytes())


def brought(client: Client, file: SimpleUploadedFile, **options: str) -> str:
    """The address of the run's page, once the worker has checked it."""
    answer = client.post(PLACE, {"file": file, **options})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    run_import.call(answer.url.split("/")[-2])
    return str(answer.url)


def applied(client: Client, page: str, **said: Any) -> None:
    assert client.post(f"{page}apply/", said).status_code == 302
    run_import.call(page.split("/")[-2])


def test_a_sheet_is_brought_checked_and_applied(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    shown = alice.get(page)
    assert shown.context["report"].counts["create"] == 1
    assert "Lion dance pendant" in shown.content.decode()
    assert Product.objects.count() == 0
    applied(alice, page)
    assert Product.objects.get().brand.slug == "lotus"
    done = alice.get(page).content.decode()
    assert "The sheet is applied." in done
    assert 'href="/desk/brand/lotus/pieces/"' in done.split("The sheet is applied.")[1]


def test_a_run_under_way_follows_itself_with_and_without_a_script(
    alice: Client, tmp_path: Path
) -> None:
    page = alice.post(PLACE, {"file": sheet(tmp_path, row(**PRICED))}).url
    waiting = alice.get(page).content.decode()
    assert "data-under-way" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    run_import.call(page.split("/")[-2])
    checked = alice.get(page).content.decode()
    assert "data-under-way" not in checked
    assert "http-equiv" not in checked


def test_a_problem_is_told_with_its_cell_and_its_cure(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(grams="?", **PRICED)))
    (error,) = alice.get(page).context["report"].errors
    shown = alice.get(page).content.decode().split('class="faults faults--error"')[1]
    assert "Catalogue <b>F2</b>" in shown
    assert "not_a_number" in shown
    assert error["hint"] in shown


def test_errors_stop_the_sheet_until_their_pieces_are_left_out(
    alice: Client, tmp_path: Path
) -> None:
    wrong = row(product_code="W", sku="W-1", grams="?", **PRICED)
    page = brought(alice, sheet(tmp_path, row(**PRICED), wrong))
    refused = alice.post(f"{page}apply/")
    assert (refused.status_code, ImportRun.objects.get().state) == (422, "checked")
    assert "leave those pieces out" in refused.content.decode()
    applied(alice, page, **{"only-valid": "on"})
    assert Product.objects.get().code == "LION"


def test_a_sheet_of_errors_alone_offers_nothing_to_apply(alice: Client, tmp_path: Path) -> None:
    shown = alice.get(brought(alice, SimpleUploadedFile("a.xlsx", b"PK\x03\x04 cut off")))
    assert "damaged_file" in shown.content.decode()
    assert not shown.context["to_apply"]


def test_changes_are_shown_from_old_to_new(alice: Client, tmp_path: Path) -> None:
    applied(alice, brought(alice, sheet(tmp_path, row(**PRICED))))
    newer = row(name_en="Lion", grams=4.3, **PRICED)
    more = row(name_en="Lion", sku="LION-2", **PRICED)
    shown = alice.get(brought(alice, sheet(tmp_path, newer, more))).content.decode()
    assert "Name (en): <del>Lion dance pendant</del> → <ins>Lion</ins>" in shown
    assert "<small>LION-1</small>Metal, g: <del>4.2</del> → <ins>4.3</ins>" in shown
    assert "<small>LION-2</small>New variant" in shown


def test_a_held_price_moves_only_where_its_box_is_ticked(alice: Client, tmp_path: Path) -> None:
    both = [row(sku=sku, **PRICED) for sku in ("LION-1", "LION-2")]
    applied(alice, brought(alice, sheet(tmp_path, *both)))
    lower = [row(sku=sku, fixed_price=1_280) for sku in ("LION-1", "LION-2")]
    page = brought(alice, sheet(tmp_path, *lower))
    applied(alice, page, accept=["LION-1", "NOT-SHOWN"])
    prices = ProductVariant.objects.order_by("own_sku").values_list("price_formula", flat=True)
    assert [price["fixed"] for price in prices] == ["1280", "12800"]
    assert ImportRun.objects.get(pk=page.split("/")[-2]).options["accepted_moves"] == ["LION-1"]
    applied(alice, page, **{"accept-all": "all"})
    assert [price["fixed"] for price in prices.all()] == ["1280", "1280"]


def test_pieces_that_the_sheet_lacks_are_withdrawn_only_when_chosen(
    alice: Client, tmp_path: Path
) -> None:
    applied(alice, brought(alice, sheet(tmp_path, row(**PRICED))))
    other = row(product_code="W", sku="W-1", **PRICED)
    stays = alice.get(brought(alice, sheet(tmp_path, other)))
    goes = alice.get(brought(alice, sheet(tmp_path, other), **{"retire-missing": "on"}))
    assert [each.context["report"].counts["withdraw"] for each in (stays, goes)] == [0, 1]


def test_an_older_sheet_warns_of_the_later_one(alice: Client, tmp_path: Path) -> None:
    old = brought(alice, sheet(tmp_path, row(name_en="Old", **PRICED)))
    assert not alice.get(old).context["overtaken"]
    applied(alice, brought(alice, sheet(tmp_path, row(**PRICED))))
    assert "A later sheet has been applied since." in alice.get(old).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "The file is empty."),
        ({"file": SimpleUploadedFile("é" * 101 + ".csv", b"x")}, "shorter and simpler name"),
        ({"file": SimpleUploadedFile("a.csv", b"x"), "warehouse": "moon"}, "Choose the warehouse"),
    ],
)
def test_what_cannot_be_taken_is_told_and_leaves_no_run(
    alice: Client, given: dict[str, Any], said: str
) -> None:
    answer = alice.post(PLACE, given)
    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_a_file_over_the_limit_is_dropped_while_it_comes(lotus: Brand, settings: Settings) -> None:
    settings.IMPORT_MAX_BYTES = 100_000
    alice = signed_in("alice", lotus)
    answer = alice.post(PLACE, {"file": SimpleUploadedFile("a.csv", b"x" * 200_000)})
    assert (answer.status_code, ImportRun.objects.count()) == (413, 0)
    assert answer.wsgi_request.FILES == {}
    assert (
        alice.post(PLACE, {"file": SimpleUploadedFile("a.csv", b"x" * 90_000)}).status_code == 302
    )


def test_a_file_without_the_forms_token_is_refused(lotus: Brand) -> None:
    alice = Client(enforce_csrf_checks=True)
    alice.force_login(User.objects.create_user("a@example.org", "kapok-blossom-9"))
    BrandMembership.objects.create(user=User.objects.get(), brand=lotus, role="owner")
    answer = alice.post(PLACE, {"file": SimpleUploadedFile("a.csv", b"x")})
    assert (answer.status_code, ImportRun.objects.count()) == (403, 0)


def test_the_list_says_each_sheets_state_newest_first(alice: Client, tmp_path: Path) -> None:
    brought(alice, sheet(tmp_path, row(grams="?", **PRICED), name="first.xlsx"))
    alice.post(PLACE, {"file": sheet(tmp_path, row(**PRICED), name="second.xlsx")})
    page = alice.get(PLACE)
    shown = [(run.name, run.state) for run in page.context["page"]]
    assert shown == [("second.xlsx", "checking"), ("first.xlsx", "checked")]
    assert page.context["page"][1].counts["errors"] == 1


def test_the_overview_leads_to_the_sheets(alice: Client) -> None:
    guide = alice.get("/desk/brand/lotus/").content.decode().split('class="guide"')[1]
    assert f'href="{PLACE}"' in guide


def test_the_template_is_a_workbook_that_the_check_understands(
    alice: Client, tmp_path: Path
) -> None:
    answer = alice.get(f"{PLACE}template.xlsx")
    assert "pavilion-template.xlsx" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    headers = {cell.value for cell in book["Catalogue"][1]}
    assert {"product_code", "sku", "alloy", "grams"} <= headers


def test_an_outsider_finds_no_sheets(alice: Client, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    charlie = signed_in("charlie", make_brand("crane"))
    for place in (PLACE, page, f"{PLACE}template.xlsx"):
        assert charlie.get(place).status_code == 404
    assert charlie.post(f"{page}apply/").status_code == 404
    assert charlie.post(PLACE, {"file": sheet(tmp_path, row(**PRICED))}).status_code == 404
    assert ImportRun.objects.get().state == "checked"


def test_a_run_of_ones_second_brand_is_not_at_the_first(
    alice: Client, lotus: Brand, tmp_path: Path
) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    crane = make_brand("crane")
    BrandMembership.objects.create(user=User.objects.get(), brand=crane, role="owner")
    there = page.replace("/lotus/", "/crane/")
    assert alice.get(there).status_code == 404
    assert alice.post(f"{there}apply/").status_code == 404
    assert list(alice.get("/desk/brand/crane/sheets/").context["page"]) == []


def test_a_reader_looks_and_hands_nothing_in(alice: Client, lotus: Brand, tmp_path: Path) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    rita = signed_in("rita", lotus, "reader")
    shown = rita.get(page).content.decode()
    assert "Lion dance pendant" in shown
    assert "<form" not in shown
    assert "<form" not in rita.get(PLACE).content.decode()
    assert rita.post(f"{page}apply/").status_code == 403
    assert rita.post(PLACE, {"file": sheet(tmp_path, row(**PRICED))}).status_code == 403
    assert (ImportRun.objects.get().state, Product.objects.count()) == ("checked", 0)


def test_the_sheet_of_a_colleague_who_left_is_still_there(
    alice: Client, lotus: Brand, tmp_path: Path
) -> None:
    page = brought(alice, sheet(tmp_path, row(**PRICED)))
    bob = signed_in("bob", lotus, "member")
    BrandMembership.objects.filter(user__email="alice@example.org").delete()
    assert bob.get(page).status_code == 200
    assert bob.get(PLACE).status_code == 200
    said = bob.get(f"/api/desk/imports/{page.split('/')[-2]}/")
    assert (said.status_code, said.json()["by"]) == (200, "")
    assert bob.post(PLACE, {"file": sheet(tmp_path, row(**PRICED))}).status_code == 302


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hans", ("个错误", "将会更改")), ("zh-Hant", ("個錯誤", "將會更改"))],
)
def test_the_page_speaks_both_chinese_scripts(
    alice: Client, tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    wrong = row(product_code="W", sku="W-1", grams="?", **PRICED)
    page = brought(alice, sheet(tmp_path, row(**PRICED), wrong))
    alice.get("/desk/brand/lotus/language/", {"to": language, "next": page})
    shown = alice.get(page).content.decode()
    assert all(word in shown for word in words)
