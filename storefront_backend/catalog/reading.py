"""What pages and the API read of the catalogue: frozen, in one language, priced for one market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.commerce.pricebook import PriceParts


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One built file: `key` is its address in the AssetStore, `alloy` empty where it fits all."""

    kind: str
    variation: str
    alloy: str
    key: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class PhotographFile:
    """One size of a photograph in one format."""

    key: str
    media_type: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PagePhotograph:
    """A photograph of a piece: `alloy` empty where it fits all, `alt` empty where none is said."""

    alloy: str
    alt: str
    files: tuple[PhotographFile, ...]  # the narrowest first


@dataclass(frozen=True, slots=True)
class BrandCard:
    """A house in a few words."""

    slug: str
    name: str
    tagline: str
    city: str
    founded: int | None


@dataclass(frozen=True, slots=True)
class BrandPage:
    """A house with its story, in paragraphs."""

    card: BrandCard
    story: str
    legal_name: str
    address: str
    hero: str = ""  # a product's slug
    film: str = ""  # an address elsewhere
    film_key: str = ""  # a file of our own
    logo: str = ""  # a photograph's id
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list. `price` is the lowest landed total; `is_from` says there are higher."""

    slug: str
    name: str
    kind: str
    brand_slug: str
    brand_name: str
    alloys: tuple[str, ...]
    price: Money
    is_from: bool
    poster: AssetFile | None


@dataclass(frozen=True, slots=True)
class Facets:
    """What the lists of a market can be narrowed by."""

    kinds: tuple[str, ...]
    alloys: tuple[str, ...]
    brands: tuple[tuple[str, str], ...]  # slug, name


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products of a market, in which order, and which page of them (from 1)."""

    market: str
    language: str
    kind: str = ""
    brand: str = ""
    alloy: str = ""
    text: str = ""
    sort: str = "newest"  # newest, price-up, price-down
    page: int = 1
    size: int = 20
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of cards and how many there are in all."""

    cards: tuple[Card, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant that is live in the market. `landed` holds one piece with standard delivery.

    `parts` are there where the brand shows its formula, `before` where a reduction is announced:
    the total to strike through.
    """

    sku: str
    alloy: str
    ring_size_label: str
    ring_size_system: str
    passport: Passport
    goods: Money
    total: Money
    landed: LandedCost
    in_stock: int
    made_to_order_days: int | None
    statements: tuple[str, ...] = ()  # what the market's law wants said with the name
    parts: PriceParts | None = None
    before: Money | None = None

    @property
    def can_be_bought(self) -> bool:
        """Whether there is one, or one will be made."""
        return self.in_stock > 0 or self.made_to_order_days is not None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product in one market and language; no variants where the market does not have it."""

    slug: str
    code: str
    name: str
    description: str
    kind: str
    brand: BrandCard
    collection: str
    engraving_max: int
    variants: tuple[Variant, ...]
    assets: tuple[AssetFile, ...]
    markets: tuple[str, ...]  # where it is live
    updated_at: datetime
    photographs: tuple[PagePhotograph, ...] = ()

    def chosen(self, alloy: str, size: str) -> Variant | None:
        """The variant nearest to a choice: alloy and size, then alloy, then the first."""
        tests = (
            lambda v: v.alloy == alloy and v.ring_size_label == size,
            lambda v: v.alloy == alloy and v.can_be_bought,
            lambda v: v.alloy == alloy,
            lambda v: v.ring_size_label == size and v.can_be_bought,
            lambda v: v.can_be_bought,
            lambda v: True,
        )
        for test in tests:
            for variant in self.variants:
                if test(variant):
                    return variant
        return None

    def assets_of(self, kind: str, alloy: str) -> tuple[AssetFile, ...]:
        """Files of a kind for an alloy; those that fit every alloy where it has none of its own."""
        files = [asset for asset in self.assets if asset.kind == kind]
        own = tuple(asset for asset in files if asset.alloy == alloy)
        return own or tuple(asset for asset in files if not asset.alloy) or tuple(files)

    @property
    def media(self) -> tuple[AssetFile, ...]:
        """All files: those of the build, then the photographs', numbered from 1."""
        photographs = (
            AssetFile(
                "photograph", str(number), photograph.alloy, file.key, file.media_type,
                file.bytes, file.width, file.height,
            )
            for number, photograph in enumerate(self.photographs, 1)
            for file in photograph.files
        )  # fmt: skip
        return (*self.assets, *photographs)

    def photographs_of(self, alloy: str) -> tuple[PagePhotograph, ...]:
        """Photographs that show the piece in an alloy, or fit every one; else all there are."""
        fitting = tuple(each for each in self.photographs if each.alloy in ("", alloy))
        return fitting or self.photographs


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to bring a parcel; `days` from and to."""

    name: str
    carrier: str
    price: Money
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class BagPiece:
    """A variant as the bag shows it; `total` is None where the market no longer has it."""

    sku: str
    slug: str
    name: str
    brand_name: str
    alloy: str
    ring_size_label: str
    engraving_max: int
    goods: Money | None
    total: Money | None
    in_stock: int
    made_to_order_days: int | None
    poster: AssetFile | None
