"""A worker killed in the middle of 5,000 rows: the rest follows, and undo brings back the day
before.

`_Brand.rows` are all rows that an import writes, in words of no brand, so that a brand whose worker
was killed is compared with one whose worker was not; `_Brand.counts` are of every table of a brand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
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
from storefront_backend.jobs.sheet_imports import run_import, sweep_imports
from storefront_backend.scope.paths import BRAND_PATHS
from tests.builders import make_brand, make_rates, make_warehouse
from tests.catalog_import.workbooks import row
from tests.storefront_backend.jobs.test_sheet_imports import (
    applied,
    checked,
    kill_worker_at,
    member,
    workbook,
)

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

SIZES = 20  # variants a piece
DAY_BEFORE = range(40)
NEWER = range(10, 260)  # ten pieces go, thirty change, 220 are new: 5,000 rows


@dataclass(frozen=True)
class _Brand:
    brand: Brand
    client: Client
    folder: Path

    @classmethod
    def opened(cls, slug: str, folder: Path) -> _Brand:
        brand = make_brand(slug)
        return cls(brand, member(brand, f"alice-{slug}", "owner"), folder)

    def check(self, pieces: Iterable[int], price: int) -> dict[str, Any]:
        rows = [
            row(product_code=f"P{n}", sku=f"P{n}-{size}", fixed_price=price, stock=n % 5)
            for n in pieces for size in range(SIZES)
        ]  # fmt: skip
        run = checked(self.client, workbook(self.folder, *rows), "&retireMissing=1")
        assert run["state"] == "checked", run
        return run

    def begin(self, run: dict[str, Any]) -> None:
        """Have it applied, without a worker."""
        retire = run["report"]["counts"]["retire"]
        path = f"/api/desk/imports/{run['id']}/apply/"
        said = {"confirmRetire": retire}
        answer = self.client.post(path, said, content_type="application/json")
        assert answer.status_code == 200, answer.content

    def bring(self, pieces: Iterable[int], price: int) -> None:
        run = self.check(pieces, price)
        self.begin(run)
        assert run_import.call(run["id"]) == "done"

    def undo(self, run: dict[str, Any]) -> dict[str, Any]:
        path = f"/api/desk/imports/{run['id']}/undo/"
        undo = self.client.post(path, {}, content_type="application/json").json()
        run_import.call(undo["id"])
        return applied(self.client, undo)

    def counts(self) -> dict[str, int]:
        """Rows by table, of every table with a way to a brand: also what the audit has kept."""
        return {
            label: apps.get_model(label).objects.filter(**{path: self.brand.pk}).distinct().count()
            for label, path in BRAND_PATHS.items()
        }

    def images(self) -> list[tuple[object, ...]]:
        """What the newest sheet keeps for its undo."""
        newest = ImportRun.objects.filter(brand=self.brand, undoes=None).latest("created_at")
        kept = ImportImage.objects.filter(run=newest).order_by("code")
        return list(kept.values_list("code", "name", "is_undone", "before__product__names"))

    def rows(self) -> dict[str, list[Any]]:
        """Products with their marks for relisting, variants, and stock."""
        word = len(self.brand.slug)
        products = [
            [code, slug.replace(self.brand.slug, ""), *rest, mark is not None]
            for code, slug, mark, *rest in Product.objects.filter(brand=self.brand)
            .order_by("code")
            .values_list(
                "code", "slug", "relist_needed_at", "names", "descriptions", "is_published",
                "draft", "collection__names",
            )
        ]  # fmt: skip
        variants = [
            [sku[word:], *rest]
            for sku, *rest in ProductVariant.objects.filter(brand=self.brand)
            .order_by("own_sku")
            .values_list(
                "sku", "product__code", "position", "is_active", "alloy", "passport",
                "price_formula", "ring_size_mm", "ring_size_label", "made_to_order_days",
            )
        ]  # fmt: skip
        stock = Stock.objects.filter(variant__brand=self.brand).order_by("variant__own_sku")
        quantities = stock.values_list("variant__own_sku", "quantity", "sheet_quantity", "reserved")
        return {"products": products, "variants": variants, "stock": list(quantities)}


def test_an_import_killed_in_the_middle_of_5000_rows_ends_as_one_that_was_not(
    tmp_path: Path,
) -> None:
    make_rates()
    make_warehouse()
    killed, whole = _Brand.opened("lingnan", tmp_path), _Brand.opened("canton", tmp_path)
    for each in (killed, whole):
        each.bring(DAY_BEFORE, price=12_800)
    day_before = killed.rows()
    assert day_before == whole.rows()
    whole.bring(NEWER, price=13_400)

    run = killed.check(NEWER, price=13_400)
    killed.begin(run)
    kill_worker_at(5, run["id"])
    half = ImportRun.objects.get(pk=run["id"])
    assert (half.state, half.rows_done, half.rows_of) == ("applying", 2500, 5000)
    assert killed.rows() not in (day_before, whole.rows())

    ImportRun.objects.filter(pk=half.pk).update(touched_at=wiring.now() - timedelta(minutes=4))
    assert sweep_imports() == 1
    assert run_import.call(run["id"]) == "done"
    assert killed.rows() == whole.rows()
    assert (killed.counts(), killed.images()) == (whole.counts(), whole.images())
    assert len(killed.images()) == 260

    undone = killed.undo(run)
    assert (undone["state"], undone["report"]["skipped"]) == ("done", [])
    assert killed.rows() == day_before
    assert whole.rows() != day_before  # undone for one brand alone
