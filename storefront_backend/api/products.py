"""Products as GraphQL types. A list's products share a shelf, so that none is fetched alone."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import graphene
from graphene.types.generic import GenericScalar

from storefront_backend import wiring
from storefront_backend.api.engravings import EngravingPreview, preview
from storefront_backend.api.money import LandedCost, Money
from storefront_backend.catalog.queries import (
    SORTS,
    card_slice,
    count_cards,
    product_page,
    product_pages,
)
from storefront_backend.catalog.reading import AssetFile, Card, ProductPage, Variant, Wanted
from storefront_backend.catalog.slugs import current_slug
from storefront_backend.commerce.errors import InvalidRequest

MOST = 100


@dataclass(frozen=True)
class Shelf:
    """The products of one answer; what a card does not hold is read once for all of them."""

    slugs: tuple[str, ...]
    market: str
    language: str

    @cached_property
    def pages(self) -> Mapping[str, ProductPage]:
        """The whole products, on first need."""
        return product_pages(self.slugs, self.market, self.language, wiring.till())


@dataclass(frozen=True)
class Item:
    """A product of an answer: its shelf, its slug, and its card where it came in a list."""

    shelf: Shelf
    slug: str
    card: Card | None = None

    @property
    def page(self) -> ProductPage:
        """The whole product."""
        return self.shelf.pages[self.slug]

    @property
    def brief(self) -> Card | ProductPage:
        """The card where there is one: it costs no further statement."""
        return self.card or self.page


class ProductMedia(graphene.ObjectType):
    """A built file: web-glb, lod-glb, ar-glb, usdz, poster, turntable, sprite, photograph."""

    kind = graphene.String(required=True)
    variation = graphene.String(required=True)
    alloy = graphene.String(required=True)
    media_type = graphene.String(required=True)
    bytes = graphene.Int(required=True)
    width = graphene.Int()
    height = graphene.Int()
    url = graphene.String(required=True)

    @staticmethod
    def resolve_url(asset: AssetFile, _: Any) -> str:
        """Where the store serves it."""
        return wiring.assets().url(asset.key)


class VariantPricing(graphene.ObjectType):
    """Net goods price, and what the piece costs landed with the market's standard delivery."""

    goods = graphene.Field(Money, required=True)
    total = graphene.Field(Money, required=True)
    landed_cost = graphene.Field(LandedCost, required=True)

    @staticmethod
    def resolve_landed_cost(variant: Variant, _: Any) -> Any:
        """With every line and its source."""
        return variant.landed


class ProductVariant(graphene.ObjectType):
    """One metal and size of a product."""

    sku = graphene.String(required=True)
    alloy = graphene.String(required=True)
    ring_size = graphene.String(required=True)
    ring_size_system = graphene.String(required=True)
    quantity_available = graphene.Int(required=True)
    made_to_order_days = graphene.Int()
    passport = GenericScalar(required=True)
    pricing = graphene.Field(VariantPricing, required=True)

    @staticmethod
    def resolve_ring_size(variant: Variant, _: Any) -> str:
        """As the brand marks it."""
        return variant.ring_size_label

    @staticmethod
    def resolve_quantity_available(variant: Variant, _: Any) -> int:
        """Pieces that can be bought now."""
        return variant.in_stock

    @staticmethod
    def resolve_passport(variant: Variant, _: Any) -> Any:
        """Each fact of the piece with its state."""
        return variant.passport.to_json()

    @staticmethod
    def resolve_pricing(variant: Variant, _: Any) -> Variant:
        """The variant holds its own prices."""
        return variant


class Brand(graphene.ObjectType):
    """A house."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)


class Product(graphene.ObjectType):
    """A design on sale in the channel."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    description = graphene.String(required=True)
    product_type = graphene.String(required=True, description="ring, bangle, pendant, …")
    brand = graphene.Field(Brand, required=True)
    price_from = graphene.Field(Money, description="The lowest landed total of its variants.")
    thumbnail = graphene.Field(ProductMedia)
    media = graphene.List(graphene.NonNull(ProductMedia), required=True)
    variants = graphene.List(graphene.NonNull(ProductVariant), required=True)
    engraving_max_length = graphene.Int(required=True, description="Letters; 0: not engraved")
    engraving_preview = graphene.Field(
        EngravingPreview,
        text=graphene.String(required=True),
        alloy=graphene.String(default_value=""),
        description="None where the piece is not engraved.",
    )

    @staticmethod
    def resolve_name(item: Item, _: Any) -> str:
        """In the requested language."""
        return item.brief.name

    @staticmethod
    def resolve_description(item: Item, _: Any) -> str:
        """In the requested language."""
        return item.page.description

    @staticmethod
    def resolve_product_type(item: Item, _: Any) -> str:
        """The kind of piece."""
        return item.brief.kind

    @staticmethod
    def resolve_brand(item: Item, _: Any) -> dict[str, str]:
        """The house it comes from."""
        if item.card:
            return {"slug": item.card.brand_slug, "name": item.card.brand_name}
        return {"slug": item.page.brand.slug, "name": item.page.brand.name}

    @staticmethod
    def resolve_price_from(item: Item, _: Any) -> Any:
        """From the card, or the cheapest variant."""
        if item.card:
            return item.card.price
        totals = [variant.total for variant in item.page.variants]
        return min(totals, default=None)

    @staticmethod
    def resolve_thumbnail(item: Item, _: Any) -> AssetFile | None:
        """The poster of a card."""
        if item.card:
            return item.card.poster
        posters = [asset for asset in item.page.assets if asset.kind == "poster"]
        posters += [file for file in item.page.media if file.kind == "photograph"]
        return posters[0] if posters else None

    @staticmethod
    def resolve_media(item: Item, _: Any) -> Sequence[AssetFile]:
        """All built files and photographs."""
        return item.page.media

    @staticmethod
    def resolve_variants(item: Item, _: Any) -> Sequence[Variant]:
        """What is live in the channel."""
        return item.page.variants

    @staticmethod
    def resolve_engraving_max_length(item: Item, _: Any) -> int:
        """As readers count letters."""
        return item.page.engraving_max

    @staticmethod
    def resolve_engraving_preview(
        item: Item, _: Any, text: str, alloy: str
    ) -> dict[str, Any] | None:
        """In the metal of an alloy."""
        longest, shelf = item.page.engraving_max, item.shelf
        if not longest:
            return None
        return preview(shelf.market, shelf.language, item.slug, longest, alloy=alloy, text=text)


class PageInfo(graphene.ObjectType):
    """Relay's page of a connection."""

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


class ProductEdge(graphene.ObjectType):
    """Relay's edge."""

    cursor = graphene.String(required=True)
    node = graphene.Field(Product, required=True)


class ProductConnection(graphene.ObjectType):
    """Relay's connection."""

    edges = graphene.List(graphene.NonNull(ProductEdge), required=True)
    page_info = graphene.Field(PageInfo, required=True)
    total_count = graphene.Int(required=True)

    @staticmethod
    def resolve_total_count(connection: dict[str, Any], _: Any) -> int:
        """Of the whole list."""
        return int(connection["count"]())


class ProductFilter(graphene.InputObjectType):
    """Narrows a list; every condition must hold."""

    search = graphene.String()
    product_type = graphene.String()
    brand = graphene.String()
    alloy = graphene.String()


def products(wanted: Wanted, first: int | None, after: str | None) -> dict[str, object]:
    """A connection of products from a cursor on. Raises InvalidRequest for a bad argument."""
    size = MOST if first is None else first
    if not 1 <= size <= MOST:
        raise InvalidRequest(f"`first` must be from 1 to {MOST}", field="first")
    if wanted.sort not in SORTS:
        raise InvalidRequest(f"`sortBy` must be one of {', '.join(SORTS)}", field="sortBy")
    start = 0 if after is None else _position(after) + 1
    # One more than requested says whether there is a next page; only `totalCount` has to count.
    found = card_slice(replace(wanted, size=size + 1), start)
    cards = found[:size]
    shelf = Shelf(tuple(card.slug for card in cards), wanted.market, wanted.language)
    edges = [
        {"cursor": _cursor(start + place), "node": Item(shelf, card.slug, card)}
        for place, card in enumerate(cards)
    ]
    return {
        "edges": edges,
        "count": lambda: count_cards(wanted),
        "page_info": {
            "has_next_page": len(found) > size,
            "has_previous_page": start > 0,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
    }


def product(slug: str, market: str, language: str) -> Item | None:
    """One product by its address or a former one, or None where the channel does not have it."""
    page = product_page(slug, market, language, wiring.till())
    if page is None and (current := current_slug(slug)) is not None:
        slug, page = current, product_page(current, market, language, wiring.till())
    if page is None:
        return None
    shelf = Shelf((slug,), market, language)
    # A cached property lives in the dictionary; the page is read already.
    shelf.__dict__["pages"] = {slug: page}
    return Item(shelf, slug)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        word, _, position = base64.urlsafe_b64decode(cursor).decode().partition(":")
        if word == "at" and position.isdecimal() and len(position) < 8:
            return int(position)
    except (binascii.Error, ValueError):
        pass
    raise InvalidRequest("`after` is not a cursor of this list", field="after")
