"""How fast a sheet becomes rows: `python tests/bench/bench_sheet_apply.py [ROWS …] [--profile]`.

A PostgreSQL of its own; sheets of rings, twelve variants a product. For each size: the check and
the plan; the apply into an empty house as a job does it, with the images for undo and the audit's
triggers; and django-import-export in its fastest mode (use_bulk, no diffs) on the same rows. That
one writes products, variants and stock of ready values,
without checks, undo or search index, so the ratio flatters it. Rows a second of wall time, the
processor time of our process, and its peak memory, each size in a process of its own.
"""

from __future__ import annotations

import cProfile
import multiprocessing
import os
import pstats
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bench_import
from bench_repricing import database

_BATCH = 1000


def ours(path: Path, rows: int, *, profile: bool) -> float:
    """Check and apply; seconds of the apply."""
    from storefront_backend import wiring
    from storefront_backend.catalog.models import Brand, ImportRun, ProductVariant, Warehouse
    from storefront_backend.pricing.sheet_import import ImportOptions

    brand = Brand.objects.create(slug=f"house-{rows}", names={"en": "House"})
    warehouse, _ = Warehouse.objects.get_or_create(slug="cn", defaults={"country": "CN"})
    run = ImportRun.objects.create(brand=brand, name="sheet.xlsx", bytes=1)
    imports = wiring.sheet_import(brand, warehouse, None, lambda _ids: None, run.pk)
    options = ImportOptions(accepted_moves=frozenset("*"))
    start, busy = time.perf_counter(), time.process_time()
    checked = imports.planned(path, options)
    _say("check and plan", rows, start, busy)
    assert not checked.result.errors, checked.result.errors[:3]
    profiler = cProfile.Profile()
    start, busy = time.perf_counter(), time.process_time()
    if profile:
        profiler.enable()
    report = imports.apply(checked, options, only_valid=False)
    profiler.disable()
    took = _say("apply", rows, start, busy)
    assert not report.failed
    assert ProductVariant.objects.filter(brand=brand, is_active=True).count() == rows
    if profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
    return took


def theirs(rows: int) -> float:
    """django-import-export: products, variants, stock, each as a bulk import; seconds."""
    from import_export import resources
    from tablib import Dataset

    from storefront_backend.catalog.models import Brand, Product, ProductVariant, Stock, Warehouse

    source = Brand.objects.get(slug=f"house-{rows}")
    brand = Brand.objects.create(slug=f"other-{rows}", names={"en": "Other"})
    warehouse = Warehouse.objects.get(slug="cn")

    def bulk(model: Any, columns: tuple[str, ...], table: list[list[Any]]) -> None:
        options = {
            "model": model, "fields": columns, "import_id_fields": (), "use_bulk": True,
            "batch_size": _BATCH, "skip_diff": True, "force_init_instance": True,
            "use_transactions": True, "clean_model_instances": False, "skip_html_diff": True,
        }  # fmt: skip
        meta = type("Meta", (), options)
        resource_of = type("Bench", (resources.ModelResource,), {"Meta": meta})()
        result = resource_of.import_data(Dataset(*table, headers=columns), raise_errors=True)
        assert not result.has_errors()

    products = list(
        Product.objects.filter(brand=source).order_by("pk").values_list(
            "code", "kind", "names", "descriptions", "markets", "draft")
    )  # fmt: skip
    variants = list(
        ProductVariant.objects.filter(brand=source).order_by("pk").values_list(
            "product__code", "own_sku", "position", "alloy", "ring_size_mm", "ring_size_label",
            "ring_size_system", "passport", "price_formula")
    )  # fmt: skip
    start, busy = time.perf_counter(), time.process_time()
    bulk(
        Product,
        ("brand", "slug", "code", "kind", "names", "descriptions", "markets", "draft"),
        [[brand.pk, f"other-{rows}-{n}", *_texts(row)] for n, row in enumerate(products)],
    )
    ids = dict(Product.objects.filter(brand=brand).values_list("code", "pk"))
    bulk(
        ProductVariant,
        ("brand", "sku", "product", "own_sku", "position", "alloy", "ring_size_mm",
         "ring_size_label", "ring_size_system", "passport", "price_formula"),
        [[brand.pk, f"other-{rows}.{sku}", ids[code], sku, *_texts(row)]
         for code, sku, *row in variants],
    )  # fmt: skip
    keys = ProductVariant.objects.filter(brand=brand).values_list("pk", flat=True)
    bulk(
        Stock,
        ("warehouse", "variant", "quantity", "sheet_quantity"),
        [[warehouse.pk, key, 1, 1] for key in keys],
    )
    took = _say("django-import-export", rows, start, busy)
    assert ProductVariant.objects.filter(brand=brand).count() == rows
    return took


def _texts(row: Any) -> list[Any]:
    """Cells as a sheet has them: JSON as text, for its JSONWidget."""
    import json

    return [json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in row]


def _say(what: str, rows: int, start: float, busy: float) -> float:
    took, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{rows:>7,} rows  {what:<21} {took:>7.2f} s {rows / took:>8,.0f} rows/s"
        f"  of them ours {cpu:>6.2f} s CPU  peak {peak} MB", flush=True,
    )  # fmt: skip
    return took


def measure(rows: int, profile: bool) -> None:
    """One size, in a process of its own."""
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        _in_a_process(bench_import.write, path, rows)  # openpyxl's memory is not ours
        mine = ours(path, rows, profile=profile)
    print(
        f"{rows:>7,} rows  ours in {theirs(rows) / mine:.2f} of its time, turned over", flush=True
    )


def _in_a_process(function: Any, *arguments: Any) -> None:
    child = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    child.start()
    child.join()
    assert child.exitcode == 0


def main(said: list[str]) -> None:
    """A block of lines for each size."""
    sizes = [int(each.replace(",", "")) for each in said if not each.startswith("-")]
    with database():
        for rows in sizes or [1_000, 10_000]:
            _in_a_process(measure, rows, "--profile" in said)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
