"""What follows when a product was saved: its listings and its 3D build."""

from __future__ import annotations

from storefront_backend.jobs.builds import request_build
from storefront_backend.jobs.listing import relist_products
from storefront_backend.models3d.models import Model


def follow_up(product_id: int) -> None:
    """Queue the listings, and the build where the product has a mesh."""
    relist_products.enqueue([product_id])
    model = Model.objects.filter(product=product_id).first()
    if model is not None:
        request_build(model)
