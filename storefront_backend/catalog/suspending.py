"""Suspends a house and lifts that again; both are idempotent."""

from __future__ import annotations

from django.db import transaction

from storefront_backend.catalog.models import Brand, Listing, Product, Suspension
from storefront_backend.catalog.relisting import mark_for_relisting

STOPPED = ("brand_suspended", "The shop has suspended this house")


def suspend(brand: Brand, reason: str = "") -> None:
    """Take the brand's listings off at once; whoever lists later finds the row."""
    with transaction.atomic():
        Suspension.objects.get_or_create(brand=brand, defaults={"reason": reason[:200]})
        rule, because = STOPPED
        Listing.objects.filter(variant__brand=brand, is_live=True).update(
            is_live=False, may_sell=False, total=None, shipping=None,
            stopped_by=rule, stopped_because=because,
        )  # fmt: skip
        _mark(brand)


def lift(brand: Brand) -> None:
    """Have the brand's pieces listed anew, as if nothing had been."""
    with transaction.atomic():
        Suspension.objects.filter(brand=brand).delete()
        _mark(brand)


def _mark(brand: Brand) -> None:
    mark_for_relisting(Product.objects.filter(brand=brand).values_list("pk", flat=True))
