"""Notices what runs low: opens a row when a threshold is crossed, and ends it when it is over.

Pieces on hand count, reserved ones too: a checkout that is given up is no news. A variant that no
warehouse keeps has no stock to run low. Any number of processes may do this at once: the database
keeps one open row a variant.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, IntegerField, QuerySet, Sum
from django.db.models.functions import Coalesce

from storefront_backend.accounts.models import BrandMembership
from storefront_backend.catalog.models import LowStock, LowStockMail, ProductVariant

_TOLD = (BrandMembership.Role.OWNER, BrandMembership.Role.EDITOR)


def with_threshold(variants: QuerySet[ProductVariant]) -> QuerySet[Any, Any]:
    """With `threshold`, their own or their brand's, and `on_hand`; null where there is none."""
    return variants.annotate(
        threshold=Coalesce("low_stock_at", "brand__low_stock_at", output_field=IntegerField()),
        on_hand=Sum("stock__quantity"),
    )


def running_low(variants: QuerySet[ProductVariant]) -> QuerySet[Any, Any]:
    """Those of the variants that are at their threshold or below."""
    return with_threshold(variants.filter(is_active=True)).filter(on_hand__lte=F("threshold"))


def notice_low_stock(now: datetime) -> int:
    """Open what has crossed, end what is over, and write the mails down; how many crossed."""
    low = running_low(ProductVariant.objects.order_by())
    with transaction.atomic():
        LowStock.objects.filter(over_at=None).exclude(variant__in=low.values("pk")).update(
            over_at=now
        )
        known = LowStock.objects.filter(over_at=None).values("variant")
        LowStock.objects.bulk_create(
            (
                LowStock(
                    brand_id=row.brand_id,
                    variant=row,
                    threshold=row.threshold,
                    on_hand=row.on_hand,
                    at=now,
                )
                for row in low.exclude(pk__in=known)
            ),
            batch_size=1000,
            ignore_conflicts=True,  # another process was faster
        )
    return _write_mails(now)


def _write_mails(now: datetime) -> int:
    """One mail a person about all crossings of their brand that no mail names yet."""
    with transaction.atomic():
        rows = LowStock.objects.filter(mailed_with=None).select_for_update(skip_locked=True)
        brands = {row.pk: row.brand_id for row in rows}
        LowStock.objects.filter(pk__in=brands).update(mailed_with=now)
        people = BrandMembership.objects.filter(
            brand__in=set(brands.values()), role__in=_TOLD, user__is_active=True
        )
        LowStockMail.objects.bulk_create(
            LowStockMail(brand_id=each.brand_id, user_id=each.user_id, at=now) for each in people
        )
    return len(brands)
