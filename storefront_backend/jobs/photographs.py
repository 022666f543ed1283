"""Photographs in the background, and the door by which sheets and archives hand them in."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.commerce.errors import NotFound
from storefront_backend.photographs.desk import PhotographDesk
from storefront_backend.photographs.models import Photograph


# Behind everything else of its queue: a brand may send thousands.
@task(queue_name="default", priority=-20)
def develop_photograph() -> str:
    """Fetch and develop the photograph whose turn it is; there is one task a photograph."""
    return photograph_desk().develop_next()


def photograph_desk() -> PhotographDesk:
    """What takes in photographs; this queue develops them."""
    return wiring.photograph_desk(develop_photograph.enqueue)


def take(
    brand: Brand, product_code: str, name: str, file: BinaryIO, *, by: Any = None
) -> Photograph:
    """A file as a photograph of a brand's product; the same bytes again are the same photograph.

    Raises NotFound, InvalidRequest.
    """
    return photograph_desk().take(_product(brand, product_code), name, file, by=by)


def take_address(brand: Brand, product_code: str, url: str, *, by: Any = None) -> Photograph:
    """What is at an https address as a photograph of a brand's product, fetched in the background.

    Raises NotFound, InvalidRequest.
    """
    return photograph_desk().take_address(_product(brand, product_code), url, by=by)


def _product(brand: Brand, code: str) -> Product:
    product = Product.objects.filter(brand=brand, code=code).first()
    if product is None:
        raise NotFound(f"{brand} has no product {code!r}", field="product")
    return product
