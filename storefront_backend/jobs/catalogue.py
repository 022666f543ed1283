"""Importing a brand's sheet, and what follows when a product was saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db.models import Exists, OuterRef

from catalog_import import ImportReport, Problem
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, Listing, Product, Warehouse
from storefront_backend.catalog.relisting import mark_for_relisting, marked_before
from storefront_backend.jobs.builds import request_build
from storefront_backend.jobs.listing import relist_products
from storefront_backend.models3d.models import Model
from storefront_backend.pricing.sheet_import import ImportOptions, brand_lock

# A queue that is working has listed a product by then.
_OVERDUE = timedelta(minutes=5)


def import_sheet(
    brand: Brand, sheet: Path, warehouse: Warehouse, on_problem: Callable[[Problem], None]
) -> ImportReport:
    """Check, plan and apply a brand's sheet; its mesh files lie beside it. Safe to repeat.

    Every problem is told. A product with an error is left as it was, the others are written.
    """
    imports = wiring.sheet_import(brand, warehouse, sheet.parent, follow_up)
    with brand_lock(brand, wait=True):
        checked = imports.planned(sheet, ImportOptions())
        for problem in checked.result.problems:
            on_problem(problem)
        return imports.apply(checked, ImportOptions(), only_valid=True)


def follow_up(product_id: int) -> None:
    """Queue the listings, and the build where a product on sale has a mesh."""
    relist_products.enqueue([product_id])
    model = Model.objects.filter(product=product_id, product__is_published=True).first()
    if model is not None:
        request_build(model)


def catch_up() -> int:
    """Follow up products whose import died between the commit and its following up."""
    listed = Listing.objects.filter(variant__product=OuterRef("pk"))
    built = Model.objects.filter(product=OuterRef("pk"), builds__isnull=True)
    missed = Product.objects.filter(is_published=True).filter(~Exists(listed) | Exists(built))
    overdue = marked_before(wiring.now() - _OVERDUE)
    mark_for_relisting(overdue)  # so that the next sweep leaves them to the queue
    ids = {*missed.values_list("pk", flat=True), *overdue}
    for product_id in sorted(ids):
        follow_up(product_id)
    return len(ids)
