"""What a brand has answered about a sheet is remembered for its next one, and for it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from catalog_import import Answers
from storefront_backend.accounts.models import User
from storefront_backend.catalog.models import Brand, ImportRun, Listing, Product, SheetMapping
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.jobs.listing import relist_lagging
from storefront_backend.jobs.sheet_imports import answer, run_import
from tests.builders import make_brand
from tests.catalog_import.workbooks import row
from tests.storefront_backend.jobs.test_sheet_imports import (
    PRICED,
    alice,
    applied,
    brand,
    checked,
    member,
    send,
    workbook,
)

pytestmark = pytest.mark.django_db
__all__ = ["alice", "brand"]
ANSWERS = Answers(columns={"料": "alloy"}, defaults={"currency": "CNY"})


def _odd(**changes: Any) -> dict[str, Any]:
    """A row whose alloy is under a header that means nothing, without a currency."""
    cells = {k: v for k, v in row(**PRICED).items() if k not in ("alloy", "currency")}
    return {**cells, "料": "gold-750-yellow", **changes}


def _answered(client: Client, folder: Path) -> ImportRun:
    run = ImportRun.objects.get(pk=checked(client, workbook(folder, _odd()))["id"])
    answer(run, ANSWERS, by=User.objects.get(email="alice@example.org"))
    run_import.call(str(run.pk))
    run.refresh_from_db()
    return run


def test_an_answer_has_the_sheet_checked_again_and_is_kept(
    alice: Client, brand: Brand, tmp_path: Path
) -> None:
    before = checked(alice, workbook(tmp_path, _odd()))
    assert before["report"]["counts"]["errors"] > 0
    run = _answered(alice, tmp_path)
    assert (run.state, run.report["counts"]["errors"]) == ("checked", 0)
    (kept,) = SheetMapping.objects.all()
    assert (kept.brand, Answers.from_json(kept.answers)) == (brand, ANSWERS)
    assert kept.signature == run.report["recognition"][0]["signature"]


def test_the_next_sheet_with_these_headers_needs_no_answer(alice: Client, tmp_path: Path) -> None:
    _answered(alice, tmp_path)
    again = checked(alice, workbook(tmp_path, _odd(sku="LION-2")))
    assert again["report"]["counts"]["errors"] == 0


def test_another_brands_sheet_is_not_read_with_it(alice: Client, tmp_path: Path) -> None:
    _answered(alice, tmp_path)
    member(make_brand("kapok"), "charlie", "owner")
    other = Client()
    other.force_login(User.objects.get(email="charlie@example.org"))
    said = send(other, workbook(tmp_path, _odd()), brand="kapok").json()
    run_import.call(said["id"])
    assert ImportRun.objects.get(pk=said["id"]).report["counts"]["errors"] > 0


def test_an_applied_sheet_takes_no_answer(alice: Client, tmp_path: Path) -> None:
    run = checked(alice, workbook(tmp_path, row(**PRICED)))
    applied(alice, run)
    with pytest.raises(InvalidRequest):
        answer(ImportRun.objects.get(pk=run["id"]), ANSWERS, by=User.objects.get(pk=1))
    assert SheetMapping.objects.count() == 0


def test_a_piece_with_a_chinese_name_alone_is_held_where_english_is_read(
    alice: Client, tmp_path: Path
) -> None:
    cells = {k: v for k, v in row(**PRICED, markets="us, hk").items() if k != "name_en"}
    run = checked(alice, workbook(tmp_path, {**cells, "品名": "醒狮吊坠"}))
    applied(alice, run)
    assert Product.objects.get().names == {"zh-Hans": "醒狮吊坠"}
    relist_lagging()
    us, hk = (Listing.objects.get(market=market) for market in ("us", "hk"))
    assert (us.may_sell, us.stopped_by) == (False, "no_name_in_language")
    assert hk.stopped_by != "no_name_in_language"
