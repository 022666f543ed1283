"""A check without errors is a promise: the import goes through, twice, and after being killed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from catalog_import.plan import Action
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.pricing.sheet_import import ImportOptions
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row, xlsx
from tests.storefront_backend.pricing.imports import rows_of

pytestmark = pytest.mark.django_db

# Of every kind that has ever met a limit or another: case, punctuation, script, length, numbers.
_letters = st.sampled_from("aAbBrR19_戒指鏈ñßＡé٣")
_short = st.tuples(_letters, st.text(st.sampled_from("aAr1.-_/指é"), max_size=4)).map("".join)
_long = st.integers(56, 66).map(lambda n: "W" * n)
_codes = st.one_of(
    _short, _long, st.integers(0, 10**17), st.sampled_from(["R1", "r1", "A.1", "A1"])
)
_names = st.one_of(
    st.text(st.sampled_from("Lion ring éñ"), min_size=1, max_size=10).map(lambda s: f"R{s}"),
    st.integers(117, 121).map(lambda n: "N" * n),
    st.sampled_from(["Ring", "ring!", "---", "🦁", "Ｒing"]),
)
_chinese = st.sampled_from([None, "木棉戒指", "木棉", "Ring", "戒" * 120])
_collections = st.one_of(
    st.sampled_from([None, "岭南", "江南", "Lingnan", "LINGNAN", "!!", "Ｌingnan", "ling-nan"]),
    st.integers(78, 82).map(lambda n: "系" * n),
)
_sizes = st.one_of(
    st.fixed_dictionaries({"ring_size": st.sampled_from(["US 7", "iso 54.5", "iso 54", "HK 13"])}),
    st.fixed_dictionaries({"inner_diameter_mm": st.sampled_from([17.2, 9.999, 60, 17, 9999])}),
)
_prices = st.one_of(
    st.fixed_dictionaries({"fixed_price": st.sampled_from([1, "12800.555", 99, 10**8])}),
    st.fixed_dictionaries({
        "making_kind": st.sampled_from(["per-gram", "fixed", "percent"]),
        "making": st.sampled_from([1, 60, 999]),
        "grams": st.sampled_from([0.01, 4, 9999]),
    }),
)  # fmt: skip


@st.composite
def _rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 5))):
        shared: dict[str, Any] = {
            "product_code": draw(_codes), "name_en": draw(_names), "kind": "ring",
            "collection": draw(_collections), "name_zh_hans": draw(_chinese),
        }  # fmt: skip
        made += [
            row(**shared, sku=draw(_codes), stock=draw(st.none() | st.integers(0, 10**6)),
                **draw(_sizes), **draw(_prices))
            for _ in range(draw(st.integers(1, 2)))
        ]  # fmt: skip
    return made


class Killed(Exception):
    """The process is gone."""


def _imports(brand: Brand) -> Any:
    return wiring.sheet_import(brand, make_warehouse(), None, lambda _pk: None)


@pytest.fixture(autouse=True)
def rates() -> None:
    make_rates()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_rows(), st.integers(0, 4))
def test_what_checks_is_imported_and_once_is_twice(rows: list[dict[str, Any]], killed: int) -> None:
    options = ImportOptions()
    with tempfile.TemporaryDirectory() as folder:
        sheet = xlsx(Path(folder) / "a.xlsx", *rows)
        whole, broken = make_brand(), make_brand()
        checked = _imports(whole).planned(sheet, options)
        valid = not checked.result.errors
        count = len(checked.result.products)
        event(f"{count} products, {'no' if valid else 'some'} errors")
        report = _imports(whole).apply(checked, options, only_valid=not valid)
        assert len(report.created) == len(checked.result.products)
        once = rows_of(whole)

        again = _imports(whole).planned(sheet, options)
        assert again.plan.count(Action.UNCHANGED) == len(report.created)
        _imports(whole).apply(again, options, only_valid=not valid)
        assert rows_of(whole) == once

        _run_and_kill(broken, sheet, after=killed)
        rest = _imports(broken).planned(sheet, options)
        _imports(broken).apply(rest, options, only_valid=not valid)
        assert _unmarked(rows_of(broken)) == _unmarked(once)


def _run_and_kill(brand: Brand, sheet: Path, *, after: int) -> None:
    imports = _imports(brand)

    def step(done: int) -> None:
        if done == after:
            raise Killed

    checked = imports.planned(sheet, ImportOptions())
    try:
        imports.apply(checked, ImportOptions(), only_valid=True, on_step=step)
    except Killed:
        assert len(rows_of(brand)) == after


def _unmarked(rows: list[Any]) -> list[Any]:
    """Without the digests of slugs, which hold the brand."""
    return [(code, len(slug), *rest[:-1], [
        (own, len(sku), *others) for own, sku, *others in rest[-1]
    ]) for code, slug, *rest in rows]  # fmt: skip
