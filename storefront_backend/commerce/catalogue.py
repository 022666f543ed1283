"""What a commerce engine needs to know of a product, and what it tells us of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from i18n.money import Money
from i18n.passport import Passport


@dataclass(frozen=True, slots=True)
class CatalogVariant:
    """A variant as every engine knows it; `sku` is unique in the whole shop."""

    sku: str
    label: str
    passport: Passport


@dataclass(frozen=True, slots=True)
class CatalogProduct:
    """A product as every engine knows it. Texts by language; `slug` is unique in the whole shop."""

    slug: str
    brand: str
    kind: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    variants: tuple[CatalogVariant, ...]
    markets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListingPrice:
    """The goods price of a variant in a market; None takes it off sale there."""

    sku: str
    market: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Pieces of a variant in one warehouse."""

    sku: str
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """A change in the engine: `field` of `subject` (a slug or a sku) became `value`."""

    subject: str
    field: str
    value: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """A page of changes and the cursor that reads on from it."""

    changes: tuple[CatalogChange, ...]
    cursor: str
