"""How fast a CSV is checked, beside django-import-export: `bench_sheet_check.py [ROWS …]`.

The same rows go through both in one run. django-import-export (`import_data(dry_run=True)`, a
resource without a model or database) converts each cell by its widget and stores a result a row;
the check also reads alloys, sizes, stones and prices by their meaning, in a confined child's cells.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

import django
import tablib
from django.conf import settings
from import_export import fields, resources, widgets
from import_export.instance_loaders import BaseInstanceLoader

from catalog_import import check
from catalog_import.confined import running
from tests.bench.bench_import import ALLOYS, HEADERS

NUMBERS = {"grams", "width_mm", "stone_1_carat", "making", "stones_price", "loss_percent",
           "margin_percent"}  # fmt: skip
WHOLE = {"stone_1_count", "stock"}


def write(path: Path, rows: int) -> None:
    """A sheet of rings, twelve variants a product, thirty filled columns a row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADERS)
        for n in range(rows):
            code = f"RING-{n // 12}"
            out.writerow([
                code, f"{code}-{n % 12}", "ring", f"Kapok ring {n // 12}", "木棉戒指", "リング",
                "A ring with a kapok flower in bloom.", "Lingnan", ALLOYS[n % 4], 3.25 + n % 7,
                "polished", "6½", "us", 4.2, "diamond", 12, 0.36, "natural", "none", "750", "CN",
                "711319", "CNY", "per-gram", 60, 1200, 8, 60, n % 5, "us, gb, de, jp, ae, hk",
            ])  # fmt: skip


def widget(name: str) -> widgets.Widget:
    """How django-import-export reads a column."""
    if name in NUMBERS:
        return widgets.DecimalWidget()
    return widgets.IntegerWidget() if name in WHOLE else widgets.CharWidget()


class Variant:
    """What a row is read into."""


class Variants(resources.Resource):
    """The thirty columns, without a model."""

    locals().update(
        {name: fields.Field(attribute=name, column_name=name, widget=widget(name))
         for name in HEADERS}
    )  # fmt: skip

    class Meta:
        use_transactions = False
        import_id_fields = ("sku",)
        instance_loader_class = BaseInstanceLoader

    def get_instance(self, *_: object) -> None:
        return None

    def init_instance(self, row: object = None) -> Variant:
        return Variant()

    def save_instance(self, *_: object, **__: object) -> None:
        """A dry run of no database."""


def imported(path: Path) -> int:
    """How many rows django-import-export has validated."""
    data = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    result = Variants().import_data(data, dry_run=True)
    assert not result.has_errors(), result.base_errors or result.row_errors()[:1]
    return len(result.rows)


def main(sizes: list[int]) -> None:
    """Print one line for each size."""
    if not settings.configured:
        settings.configure(INSTALLED_APPS=["import_export"], USE_I18N=False)
        django.setup()
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / "sheet.csv"
            write(path, rows)
            began, used = time.monotonic(), time.process_time()
            result = check(path)
            wall, used = time.monotonic() - began, time.process_time() - used
            running._processes.stop()
            assert (result.rows, result.errors) == (rows, ()), result.errors[:3]
            peaks = [resource.getrusage(who).ru_maxrss >> 10
                     for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
            began = time.monotonic()
            assert imported(path) == rows
            other = time.monotonic() - began
            print(
                f"{rows:>7,} rows  check {wall:6.1f} s, {rows / used:,.0f} rows/s of its own"
                f" processor time, peak {peaks[0]} MB and {peaks[1]} MB in the child"
                f"  django-import-export {other:6.1f} s  ratio {other / wall:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
