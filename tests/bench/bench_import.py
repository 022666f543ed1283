"""How fast a catalogue is checked: `python tests/bench/bench_import.py [ROWS …]`.

Prints rows a second of processor time for growing sheets, so that work which grows faster than the
sheet shows.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from catalog_import import MemorySink, apply, check, plan_check

HEADERS = (
    "product_code", "sku", "kind", "name_en", "name_zh_hans", "name_ja", "description_en",
    "collection", "alloy", "grams", "finish", "ring_size", "ring_size_system", "width_mm",
    "stone_1_kind", "stone_1_count", "stone_1_carat", "stone_1_origin", "stone_1_treatment",
    "hallmarks", "origin", "hs_code", "currency", "making_kind", "making", "stones_price",
    "loss_percent", "margin_percent", "stock", "markets",
)  # fmt: skip
ALLOYS = ("gold-750-yellow", "gold-750-white", "platinum-950", "18K玫瑰金")


def write(path: Path, rows: int) -> None:
    """A sheet of rings, twelve variants a product, thirty filled columns a row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Catalogue")
    sheet.append(HEADERS)
    for n in range(rows):
        code = f"RING-{n // 12}"
        sheet.append([
            code, f"{code}-{n % 12}", "ring", f"Kapok ring {n // 12}", "木棉戒指", "リング",
            "A ring with a kapok flower in bloom.", "Lingnan", ALLOYS[n % 4], 3.25 + n % 7,
            "polished", "6½", "us", 4.2, "diamond", 12, 0.36, "natural", "none", "750", "CN",
            "711319", "CNY", "per-gram", 60, 1200, 8, 60, n % 5, "us, gb, de, jp, ae, hk",
        ])  # fmt: skip
    book.save(path)


def main(sizes: list[int]) -> None:
    """Print one line for each size."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / "sheet.xlsx"
            write(path, rows)
            start = time.process_time()
            result = check(path)
            checked = time.process_time()
            sink = MemorySink()
            apply(plan_check(result, {}), sink)
            again = plan_check(result, sink.existing())
            applied = time.process_time()
            assert {change.action for change in again.changes} == {"unchanged"}
            assert result.rows == rows, result.problems[:3]
            assert not result.errors, result.errors[:3]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            print(
                f"{rows:>7,} rows  check {rows / (checked - start):>7,.0f} rows/s"
                f"  apply and plan again {rows / (applied - checked):>9,.0f} rows/s  peak {peak} MB"
            )


if __name__ == "__main__":
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or [1_000, 5_000, 20_000])
