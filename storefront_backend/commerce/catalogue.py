"""What a commerce engine needs to know of a product, and what it tells us of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from i18n.money import Money
from i18n.passport import Passport


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
class CatalogVariant:
    """A variant as every engine knows it; `sku` is unique in the whole shop.

    `prices` and `stock` are what it starts with, so that a new product needs no second round; on a
    variant that the engine has already they change nothing (`set_prices`, `set_stock` do). What is
    `made_to_order` can be bought when none is at hand. `label` is its name in English, `labels` are
    those in other languages; an engine that has none is left as it is.
    """

    sku: str
    label: str
    passport: Passport
    prices: tuple[ListingPrice, ...] = ()
    stock: tuple[StockLevel, ...] = ()
    made_to_order: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogAsset:
    """A public file of a product: `kind` as in models3d.Asset; `alloy` empty where it fits all.

    `key` is its name in the AssetStore, made of its content.
    """

    kind: str
    url: str
    media_type: str
    alloy: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class CatalogProduct:
    """A product as every engine knows it. Texts by language; `slug` is unique in the whole shop.

    `brand` is the brand's slug. `updated_at` says when our side last wrote the shared fields (names
    and descriptions), which decides who wrote last; without it the engine's side did.
    """

    slug: str
    brand: str
    kind: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    variants: tuple[CatalogVariant, ...]
    markets: tuple[str, ...]
    brand_name: str = ""
    assets: tuple[CatalogAsset, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishFailure:
    """A product that an engine would not take; the others of the same call it took."""

    subject: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """Both sides wrote `field` since they last agreed; `kept` is the later one, ours or theirs."""

    subject: str
    field: str
    ours: str
    theirs: str
    kept: str


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What `publish` came to: slugs by what was done with them, what failed, what both changed."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[PublishFailure, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()

    def __add__(self, other: PublishReport) -> PublishReport:
        return PublishReport(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.failures + other.failures,
            self.conflicts + other.conflicts,
        )


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """A change in the engine: `field` of `subject` became `value` at `changed_at`.

    | field                  | subject | value                                       |
    |------------------------|---------|---------------------------------------------|
    | name:<language>        | slug    | the name                                    |
    | description:<language> | slug    | the description as plain text               |
    | published:<market>     | slug    | "yes" or "no"                               |
    | stock:<warehouse>      | sku     | pieces at hand, reservations not taken off  |
    """

    subject: str
    field: str
    value: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """A page of changes and the cursor that reads on from it."""

    changes: tuple[CatalogChange, ...]
    cursor: str
