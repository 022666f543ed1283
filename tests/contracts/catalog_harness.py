"""The CatalogEngines that the contract is run against, each with a way to look from outside and to
change things behind the engine's back."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import httpx

from i18n.money import Money
from storefront_backend.commerce.ports import CatalogEngine
from storefront_backend.saleor.catalogue.engine import SaleorCatalog
from storefront_backend.saleor.catalogue.reading import sold_variants, standing_products
from storefront_backend.saleor.transport import Saleor
from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import TOKEN, URL


class Harness(Protocol):
    """One engine under test. `prefix` keeps the slugs of one test apart from all others'."""

    engine: CatalogEngine
    prefix: str

    def names(self, slug: str) -> Mapping[str, str]:
        """The product's names as they stand, by language."""

    def price(self, sku: str, market: str) -> Money | None:
        """The current goods price; None where it is not for sale."""

    def stock(self, sku: str) -> int:
        """Pieces at hand in Shenzhen as they stand."""

    def rename(self, slug: str, name: str) -> None:
        """Somebody else changes the English name."""


@dataclass(slots=True)
class OverSaleor:
    """A Saleor, live or in memory, by its API alone."""

    saleor: Saleor
    prefix: str
    engine: CatalogEngine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = SaleorCatalog(self.saleor)

    def names(self, slug: str) -> Mapping[str, str]:
        texts = standing_products(self.saleor, [slug], facts=False)[slug].texts
        return {k.removeprefix("name:"): v for k, v in texts.items() if k.startswith("name:") and v}

    def price(self, sku: str, market: str) -> Money | None:
        listed = sold_variants(self.saleor, [sku])[sku].prices.get(market)
        currency = {"us": "USD", "de": "EUR", "jp": "JPY"}[market]
        if listed is None or listed.amount is None:
            return None
        return Money(Decimal(listed.amount), currency)

    def stock(self, sku: str) -> int:
        return sold_variants(self.saleor, [sku])[sku].stock["shenzhen"][1]

    def rename(self, slug: str, name: str) -> None:
        product = standing_products(self.saleor, [slug], facts=False)[slug]
        nothing: dict[str, Any] = {
            "listings": {}, "list": False, "changed": [], "change": False, "added": [], "add": False
        }  # fmt: skip
        self.saleor.run("catalogue/update_product", id=product.id, input={"name": name}, **nothing)


def in_memory() -> OverSaleor:
    """Over the fake."""
    return OverSaleor(Saleor(URL, TOKEN, http=FakeSaleor().client()), "")


def live() -> OverSaleor | None:
    """Over the Saleor of SALEOR_API_URL, with the token of its app; None where none is given."""
    url, token = os.environ.get("SALEOR_API_URL"), os.environ.get("SALEOR_APP_TOKEN")
    if not url or not token:
        return None
    return OverSaleor(Saleor(url, token, http=httpx.Client()), f"contract-{uuid.uuid4().hex[:8]}-")
