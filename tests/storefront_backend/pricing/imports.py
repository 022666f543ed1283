"""What an import's tests do: hand in a sheet, and look at every row that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog_import import ImportReport
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.pricing.sheet_import import Checked, ImportOptions
from tests.builders import make_warehouse
from tests.catalog_import.workbooks import text

PRICED = {"fixed_price": 12_800}


def planned(
    brand: Brand, folder: Path, *rows: Mapping[str, Any], **options: Any
) -> tuple[Any, Checked, ImportOptions]:
    """The import of those rows, checked and planned."""
    chosen = ImportOptions(**options)
    imports = wiring.sheet_import(brand, make_warehouse(), folder, lambda _pk: None)
    return imports, imports.planned(text(folder / "sheet.csv", *rows), chosen), chosen


def bring_in(
    brand: Brand, folder: Path, *rows: Mapping[str, Any], only_valid: bool = False, **options: Any
) -> ImportReport:
    """Import the rows."""
    imports, checked, chosen = planned(brand, folder, *rows, **options)
    report: ImportReport = imports.apply(checked, chosen, only_valid=only_valid)
    return report


def rows_of(brand: Brand) -> list[Any]:
    """All that a brand's imports have written, without ids and times, in words of no brand."""
    return [
        (
            product.code, product.slug.removeprefix(brand.slug), product.names,
            product.is_published, product.draft,
            product.collection and (product.collection.slug, product.collection.names),
            [
                (
                    each.own_sku, each.sku.removeprefix(brand.slug), each.position, each.is_active,
                    each.passport, each.price_formula, each.ring_size_label,
                    list(each.stock.values_list("quantity", "sheet_quantity")),
                )
                for each in product.variants.order_by("own_sku")
            ],
        )
        for product in Product.objects.filter(brand=brand).order_by("code")
    ]  # fmt: skip
