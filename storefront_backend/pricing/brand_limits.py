"""What one brand may use of the shop: variants on sale, bytes in the store, sheets under way.

The settings say it for every brand; an operator may set another limit for one. `require_…` locks
the brand's row until the transaction ends, so that two at once cannot both take the last place.

Stored bytes are those that people have handed over: sheets, CAD files and photographs, with uploads
that are on their way. What the shop makes of them is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max, Sum

from storefront_backend.catalog.models import Brand, ImportRun, ProductVariant
from storefront_backend.commerce.errors import BrandLimitReached
from storefront_backend.models3d.models import Model, Upload
from storefront_backend.photographs.models import Photograph

_GB = 1 << 30


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one thing a brand uses, of how much it may."""

    used: int
    of: int

    @property
    def is_close(self) -> bool:
        """Whether nine tenths are used."""
        return 10 * self.used >= 9 * self.of


def variants(brand: Brand) -> Usage:
    """Variants of published pieces that can be sold."""
    rows = ProductVariant.objects.filter(brand=brand, is_active=True, product__is_published=True)
    return Usage(rows.count(), _or(brand.most_variants, settings.BRAND_MAX_VARIANTS))


def stored_bytes(brand: Brand) -> Usage:
    """What the brand has handed over; a sheet that was handed in twice is one file."""
    uploads = Upload.objects.filter(brand=brand, state__in=Upload.OPEN)
    sheets = ImportRun.objects.filter(brand=brand).order_by().values("source_key")
    used = (
        sum(sheets.annotate(size=Max("bytes")).values_list("size", flat=True))
        + _sum(Model.objects.filter(brand=brand), "source_bytes")
        + _sum(uploads, "bytes")
        + _sum(Photograph.objects.filter(brand=brand), "bytes")
    )
    own = brand.most_storage_gb
    return Usage(used, settings.BRAND_MAX_STORAGE if own is None else own * _GB)


def open_sheets(brand: Brand) -> Usage:
    """Sheets that are being checked or applied, or that wait for it."""
    under_way = ImportRun.objects.filter(brand=brand, state__in=ImportRun.UNDER_WAY)
    return Usage(under_way.count(), _or(brand.most_sheets, settings.IMPORTS_OPEN_A_BRAND))


def lock(brand: Any) -> Brand:
    """The brand's row, for this transaction alone; rows of others that point at it may be added."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def require_storage(brand: Any, size: int) -> None:
    """Raise BrandLimitReached where so many more bytes would be too many. In a transaction."""
    usage = stored_bytes(lock(brand))
    if usage.used + size > usage.of:
        raise BrandLimitReached(
            f"The files of a brand may take {usage.of / _GB:.1f} GB; {usage.used / _GB:.1f} GB are"
            " used, and this file does not fit",
            field="bytes",
            hint="Delete photographs or CAD files that are not needed, or request more room.",
        )


def require_open_sheets(brand: Brand) -> None:
    """Raise BrandLimitReached where as many sheets are under way as a brand may have.

    In a transaction.
    """
    usage = open_sheets(lock(brand))
    if usage.used >= usage.of:
        raise BrandLimitReached(
            f"{usage.used} sheets are in progress already",
            hint="Wait until one of them is done.",
        )


def _or(own: int | None, common: int) -> int:
    return common if own is None else own


def _sum(rows: Any, field: str) -> int:
    return int(rows.order_by().aggregate(total=Sum(field))["total"] or 0)
