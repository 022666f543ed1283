"""Importing a brand's sheet, and what follows when a product was saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from catalog_import import ImportReport, Problem
from storefront_backend import wiring
from storefront_backend.background import steps
from storefront_backend.catalog.models import Brand, Warehouse
from storefront_backend.jobs.builds import build_desk
from storefront_backend.jobs.listing import MARKED, relist_marked
from storefront_backend.models3d.models import Model
from storefront_backend.pricing.sheet_import import ImportOptions, brand_lock

# A queue that is working has listed a product by then.
_OVERDUE = timedelta(minutes=5)


def import_sheet(
    brand: Brand, sheet: Path, warehouse: Warehouse, on_problem: Callable[[Problem], None]
) -> ImportReport:
    """Check, plan and apply a brand's sheet; its mesh files are beside it. Idempotent.

    Every problem is reported. A product with an error is left as it was, the others are written.
    """
    imports = wiring.sheet_import(brand, warehouse, sheet.parent, follow_up)
    with brand_lock(brand, wait=True):
        checked = imports.planned(sheet, ImportOptions())
        for problem in checked.result.problems:
            on_problem(problem)
        return imports.apply(checked, ImportOptions(), only_valid=True)


def follow_up(product_ids: Sequence[int]) -> None:
    """Have the listings written, and the meshes built where there are some.

    The products carry their marks already, so a kill here loses nothing: the sweep reads them each
    minute, and is queued for it at once unless it already is.
    """
    if steps.due((MARKED,), wiring.now()):
        relist_marked.enqueue()
    for model in Model.objects.filter(product__in=product_ids, product__is_published=True):
        build_desk().request(model)
