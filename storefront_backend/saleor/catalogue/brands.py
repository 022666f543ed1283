"""Brands in Saleor: a page each, which products point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storefront_backend.commerce.catalogue import CatalogProduct
from storefront_backend.saleor.catalogue.reading import PAGE, Surroundings, in_pages, nodes
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.transport import Saleor, problems_in
from storefront_backend.saleor.vocabulary import brand_page


def brand_pages(
    saleor: Saleor, products: Sequence[CatalogProduct], around: Surroundings
) -> Mapping[str, str]:
    """Saleor's page ids by brand; pages that are missing are made."""
    names = {product.brand: product.brand_name or product.brand for product in products}
    found = _look_up(saleor, list(names))
    for brand, name in names.items():
        if brand not in found and around.brand_page_type:
            _create(saleor, brand, name, around.brand_page_type)
    missing = [brand for brand in names if brand not in found]
    return {**found, **(_look_up(saleor, missing) if missing else {})}


def _look_up(saleor: Saleor, brands: Sequence[str]) -> dict[str, str]:
    by_slug = {brand_page(brand): brand for brand in brands}
    found: dict[str, str] = {}
    for some in in_pages(by_slug):
        answer = saleor.run("catalogue/brand_pages", slugs=some, first=PAGE).data
        found |= {by_slug[node["slug"]]: node["id"] for node in nodes(answer["pages"])}
    return found


def _create(saleor: Saleor, brand: str, name: str, page_type: str) -> None:
    page = {"slug": brand_page(brand), "title": name, "isPublished": True, "pageType": page_type}
    answer = saleor.run("catalogue/create_brand_page", input=page)
    problems = problems_in(answer.data["pageCreate"])
    # Somebody else has just made it: as good as if it were us.
    if problems and any(problem.code != "UNIQUE" for problem in problems):
        raise SaleorRefused("CreateBrandPage", problems)
