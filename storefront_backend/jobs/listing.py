"""Listings follow the catalogue, the rates and the rulebook."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.catalog.relisting import clear_marks, marks_of
from storefront_backend.jobs.saleor_push import ask_for_push

log = structlog.get_logger(__name__)


@task(queue_name="default")
def relist_products(product_ids: list[int]) -> int:
    """Bring the listings of some products up to date in every market of the shop."""
    return _relist(product_ids)


@task(queue_name="default")
def relist_all() -> int:
    """Bring every listing up to date: after new rates, new rules, or a new market."""
    ids = ProductVariant.objects.order_by("product_id").values_list("product_id", flat=True)
    return _relist(sorted(set(ids)))


def _relist(product_ids: Sequence[int]) -> int:
    marks = marks_of(product_ids)
    variants = ProductVariant.objects.filter(product__in=product_ids, is_active=True)
    count = wiring.lister().relist(variants.select_related("product"), settings.MARKETS)
    ask_for_push(product_ids)
    clear_marks(marks)
    log.info("listings brought up to date", listings=count)
    return count
