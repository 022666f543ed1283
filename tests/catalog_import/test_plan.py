"""A plan says what an import would change; applying it twice is applying it once."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_import import (
    CheckOptions,
    MemorySink,
    ProductDraft,
    Refused,
    apply,
    check,
    plan_check,
)
from catalog_import.errors import PlanRefused
from catalog_import.plan import Action, plan
from tests.catalog_import.products import product, variant
from tests.catalog_import.workbooks import row, xlsx


def test_a_new_product_is_created() -> None:
    (change,) = plan([product("LION")], {}).changes
    assert (change.action, change.differences) == (Action.CREATE, ())


def test_the_same_product_is_unchanged() -> None:
    (change,) = plan([product("LION")], {"LION": product("LION")}).changes
    assert change.action is Action.UNCHANGED


def test_a_changed_product_names_each_field_with_before_and_after() -> None:
    heavier = product("LION", variants=(variant("LION-1", grams="5"),))
    (change,) = plan([heavier], {"LION": product("LION", names={"en": "Leo"})}).changes
    assert change.action is Action.UPDATE
    assert [(d.field, d.before, d.after) for d in change.differences] == [
        ("names.en", "Leo", "Lion"),
        ("variants[LION-1].passport.metals[0].grams", "4.2", "5"),
    ]


def test_a_variant_that_comes_or_goes_is_a_difference() -> None:
    before = {"LION": product("LION", skus=("B",))}
    (change,) = plan([product("LION", skus=("A",))], before, retire_missing=True).changes
    fields = {d.field: (d.before, d.after) for d in change.differences}
    assert fields["variants[A]"] == (None, "gold-750-yellow")
    assert fields["variants[B]"] == ("gold-750-yellow", None)


def test_what_the_sheet_lacks_is_withdrawn_last_when_asked() -> None:
    before = {"KAPOK": product("KAPOK")}
    changes = plan([product("LION")], before, retire_missing=True).changes
    assert [(c.action, c.product.code) for c in changes] == [
        (Action.CREATE, "LION"),
        (Action.WITHDRAW, "KAPOK"),
    ]


def test_a_second_sheet_leaves_the_products_of_the_first() -> None:
    (change,) = plan([product("LION")], {"KAPOK": product("KAPOK")}).changes
    assert change.product.code == "LION"


def test_a_sheet_with_one_variant_leaves_the_others_of_the_product() -> None:
    before = {"LION": product("LION", skus=("A", "B", "C"))}
    (change,) = plan([product("LION", skus=("B",))], before).changes
    assert sorted(variant.sku for variant in change.product.variants) == ["A", "B", "C"]


def test_a_sku_that_moves_to_another_product_leaves_the_first() -> None:
    before = {"LION": product("LION", skus=("A", "B")), "WAVE": product("WAVE", skus=("C",))}
    planned = plan([product("KAPOK", skus=("B", "C"))], before)
    assert [(c.action, c.product.code) for c in planned.changes] == [
        (Action.CREATE, "KAPOK"), (Action.UPDATE, "LION"), (Action.WITHDRAW, "WAVE"),
    ]  # fmt: skip
    assert [variant.sku for variant in planned.changes[1].product.variants] == ["A"]


def test_a_product_with_an_error_is_neither_updated_nor_withdrawn(tmp_path: Path) -> None:
    result = check(xlsx(tmp_path / "a.xlsx", row(grams="?"), row(product_code="KAPOK", sku="K-1")))
    changes = plan_check(result, {"LION": product("LION")}, retire_missing=True).changes
    assert [(c.action, c.product.code) for c in changes] == [(Action.CREATE, "KAPOK")]


def test_nothing_is_withdrawn_while_a_rows_product_is_unknown(tmp_path: Path) -> None:
    lost = row(product_code=None, sku="K-1")
    other = row(product_code="WAVE", sku="WAVE-1")
    result = check(xlsx(tmp_path / "a.xlsx", row(), lost, other))
    changes = plan_check(result, {"KAPOK": product("KAPOK")}, retire_missing=True).changes
    assert [(c.action, c.product.code) for c in changes] == [(Action.CREATE, "WAVE")]


def test_a_row_whose_product_is_unreadable_holds_the_product_that_it_was_of(tmp_path: Path) -> None:
    before = {"LION": product("LION", skus=("LION-1", "LION-2"))}
    rows = (row(), row(product_code=None, sku="LION-2"))
    result = check(xlsx(tmp_path / "a.xlsx", *rows), options=CheckOptions(earlier=before))
    assert result.held == {"LION"}
    assert plan_check(result, before, retire_missing=True).changes == ()


def test_a_refused_file_withdraws_nothing(tmp_path: Path) -> None:
    sheet = tmp_path / "a.xlsx"
    sheet.write_bytes(b"PK\x03\x04 cut off")
    assert plan_check(check(sheet), {"KAPOK": product("KAPOK")}, retire_missing=True).changes == ()


def test_a_row_of_no_readable_product_holds_whoever_has_its_sku_in_the_sheet(
    tmp_path: Path,
) -> None:
    lost = row(product_code="W" * 61, sku="LION-1")
    other = row(product_code="WAVE", sku="WAVE-1")
    for rows in ((row(), other, lost), (lost, other, row())):
        result = check(xlsx(tmp_path / "a.xlsx", *rows))
        assert "LION" in result.held


def test_a_plan_with_errors_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    sink = MemorySink()
    result = check(xlsx(tmp_path / "a.xlsx", row(grams="?"), row(product_code="KAPOK", sku="K-1")))
    with pytest.raises(PlanRefused):
        apply(plan_check(result, sink.existing()), sink)
    assert sink.existing() == {}


def test_the_valid_products_alone_are_written_when_asked(tmp_path: Path) -> None:
    sink = MemorySink()
    result = check(xlsx(tmp_path / "a.xlsx", row(grams="?"), row(product_code="KAPOK", sku="K-1")))
    report = apply(plan_check(result, sink.existing()), sink, only_valid=True)
    assert (report.created, report.held) == (("KAPOK",), ("LION",))
    assert sink.existing().keys() == {"KAPOK"}


def test_applying_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    sink = MemorySink({"OLD": product("OLD")})
    sheet = xlsx(tmp_path / "a.xlsx", row(), row(sku="LION-2", alloy="silver-925"))
    first = apply(plan_check(check(sheet), sink.existing(), retire_missing=True), sink)
    once = sink.existing()
    second = apply(plan_check(check(sheet), sink.existing()), sink)
    assert (first.created, first.withdrawn) == (("LION",), ("OLD",))
    assert (second.created, second.updated, second.withdrawn) == ((), (), ())
    assert second.unchanged == ("LION",)
    assert sink.existing() == once


def test_an_import_killed_halfway_is_finished_by_running_it_again() -> None:
    class Killed(MemorySink):
        def put(self, *products: ProductDraft) -> Refused:
            super().put(products[0])
            raise KeyboardInterrupt

    drafts = [product("A"), product("B"), product("C")]
    sink = Killed()
    with pytest.raises(KeyboardInterrupt):
        apply(plan(drafts, {}), sink)
    again = MemorySink(sink.existing())
    report = apply(plan(drafts, again.existing()), again)
    assert (report.unchanged, report.created) == (("A",), ("B", "C"))
