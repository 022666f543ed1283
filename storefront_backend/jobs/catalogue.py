"""Importing a brand's sheet, and what follows when a product was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef

from catalog_import import ImportReport, Problem, apply, check, plan_check
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, Listing, Product, Warehouse
from storefront_backend.jobs.builds import request_build
from storefront_backend.jobs.listing import relist_products
from storefront_backend.models3d.models import Model
from storefront_backend.pricing.import_sink import BrandSink


def import_sheet(
    brand: Brand, sheet: Path, warehouse: Warehouse, on_problem: Callable[[Problem], None]
) -> ImportReport:
    """Check, plan and apply a brand's sheet; its mesh files lie beside it. Safe to repeat.

    Every problem is told. A product with an error is left as it was, the others are written.
    """
    sink = BrandSink(brand, warehouse, sheet.parent, wiring.assets(), follow_up)
    result = check(
        sheet,
        rulebook=wiring.rulebook(),
        on=wiring.now().date(),
        accept_disputed=settings.ACCEPT_DISPUTED_RULES,
    )
    for problem in result.problems:
        on_problem(problem)
    return apply(plan_check(result, sink.existing()), sink, only_valid=True)


def follow_up(product_id: int) -> None:
    """Queue the listings, and the build where the product has a mesh."""
    relist_products.enqueue([product_id])
    model = Model.objects.filter(product=product_id).first()
    if model is not None:
        request_build(model)


def catch_up() -> int:
    """Follow up products whose import died between the commit and its following up."""
    listed = Listing.objects.filter(variant__product=OuterRef("pk"))
    built = Model.objects.filter(product=OuterRef("pk"), builds__isnull=True)
    missed = Product.objects.filter(is_published=True).filter(~Exists(listed) | Exists(built))
    ids = list(missed.values_list("pk", flat=True))
    for product_id in ids:
        follow_up(product_id)
    return len(ids)
