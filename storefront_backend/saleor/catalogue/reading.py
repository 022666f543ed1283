"""What is in Saleor, as far as the catalogue is concerned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storefront_backend.saleor.catalogue.facts import Facts, standing
from storefront_backend.saleor.catalogue.texts import to_text
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor.vocabulary import (
    BRAND_PAGE_TYPE,
    TRANSLATED,
    language_code,
    product_type,
)

PAGE = 100  # the most that Saleor gives at once


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Saleor's ids of what products hang on: by market, warehouse and kind of piece."""

    channels: Mapping[str, str]
    currencies: Mapping[str, str]
    warehouses: Mapping[str, str]
    product_types: Mapping[str, str]
    categories: Mapping[str, str]
    brand_page_type: str


@dataclass(frozen=True, slots=True)
class StandingVariant:
    """A variant in Saleor; `labels` are its names in other languages than English, `facts` is None
    where they were not read."""

    id: str
    sku: str
    label: str
    labels: Mapping[str, str]
    content: str
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class StandingProduct:
    """A product in Saleor. `texts` holds the shared fields as CatalogChange names them, `takes` the
    slugs of the attributes that its type has: all of ours where the bootstrap made the type."""

    id: str
    slug: str
    ours: bool
    updated_at: datetime
    texts: Mapping[str, str]
    base: Mapping[str, str]
    content: str
    media: tuple[str, ...]
    takes: frozenset[str]
    facts: Facts | None
    variants: Mapping[str, StandingVariant]


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A variant's row in a channel; `amount` is None where it has no price."""

    id: str
    amount: str | None


@dataclass(frozen=True, slots=True)
class SoldVariant:
    """A variant with what it costs and how many there are; stock rows as (id, quantity)."""

    id: str
    sku: str
    product: str
    listed_in: frozenset[str]
    prices: Mapping[str, ListedPrice]
    stock: Mapping[str, tuple[str, int]]


def surroundings(saleor: Saleor, kinds: Sequence[str]) -> Surroundings:
    """Look up what the bootstrap has made."""
    slugs = [product_type(kind) for kind in kinds]
    found = saleor.run("catalogue/surroundings", types=slugs, categories=slugs).data
    types = {node["slug"]: node["id"] for node in nodes(found["productTypes"])}
    categories = {node["slug"]: node["id"] for node in nodes(found["categories"])}
    page_types = {node["slug"]: node["id"] for node in nodes(found["pageTypes"])}
    return Surroundings(
        channels={each["slug"]: each["id"] for each in found["channels"] or ()},
        currencies={each["slug"]: each["currencyCode"] for each in found["channels"] or ()},
        warehouses={node["slug"]: node["id"] for node in nodes(found["warehouses"])},
        product_types={k: types[product_type(k)] for k in kinds if product_type(k) in types},
        categories={k: categories[product_type(k)] for k in kinds if product_type(k) in categories},
        brand_page_type=page_types.get(BRAND_PAGE_TYPE, ""),
    )


def standing_products(
    saleor: Saleor, slugs: Sequence[str], *, facts: bool
) -> Mapping[str, StandingProduct]:
    """The products of these slugs that Saleor has; at most 100 slugs."""
    found = saleor.run("catalogue/standing", slugs=list(slugs), first=PAGE, facts=facts).data
    return {
        node["slug"]: standing_product(node)
        for node in nodes(found["products"])
        if node["slug"] in set(slugs)
    }


def standing_product(node: Mapping[str, Any]) -> StandingProduct:
    """A product of `standing.graphql`."""
    attributes = node.get("attributes")
    return StandingProduct(
        id=node["id"],
        slug=node["slug"],
        ours=bool(node["mark"]),
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        texts=shared_texts(node),
        base=json_object(node["base"]),
        content=node["content"] or "",
        media=tuple(json.loads(node["media"] or "[]")),
        takes=frozenset(
            each["slug"]
            for on in ("productAttributes", "variantAttributes")
            for each in node["productType"][on] or ()
        ),
        facts=None if attributes is None else standing(attributes),
        variants={
            each["sku"]: StandingVariant(
                id=each["id"],
                sku=each["sku"],
                label=each["name"],
                labels={
                    language: translation["name"]
                    for language in TRANSLATED
                    if (translation := each.get(f"t_{language_code(language)}"))
                },
                content=each["content"] or "",
                facts=None if "attributes" not in each else standing(each["attributes"]),
            )
            for each in node["variants"] or ()
            if each["sku"]
        },
    )


def shared_texts(node: Mapping[str, Any]) -> dict[str, str]:
    """Names and descriptions by language, and where it is published."""
    texts = {"name:en": node["name"], "description:en": to_text(node["description"])}
    for language in TRANSLATED:
        translation = node.get(f"t_{language_code(language)}") or {}
        texts[f"name:{language}"] = translation.get("name") or ""
        texts[f"description:{language}"] = to_text(translation.get("description"))
    for listing in node["channelListings"] or ():
        published = "yes" if listing["isPublished"] else "no"
        texts[f"published:{listing['channel']['slug']}"] = published
    return texts


def sold_variants(saleor: Saleor, skus: Sequence[str]) -> Mapping[str, SoldVariant]:
    """Prices and stock of the variants of these skus."""
    found: dict[str, SoldVariant] = {}
    for some in in_pages(skus):
        answer = saleor.run("catalogue/variants", skus=list(some), first=PAGE).data
        found |= {node["sku"]: _sold(node) for node in nodes(answer["productVariants"])}
    return found


def _sold(node: Mapping[str, Any]) -> SoldVariant:
    return SoldVariant(
        id=node["id"],
        sku=node["sku"],
        product=node["product"]["id"],
        listed_in=frozenset(
            each["channel"]["slug"] for each in node["product"]["channelListings"] or ()
        ),
        prices={
            each["channel"]["slug"]: ListedPrice(
                each["id"], str(each["price"]["amount"]) if each["price"] else None
            )
            for each in node["channelListings"] or ()
        },
        stock={
            each["warehouse"]["slug"]: (each["id"], each["quantity"])
            for each in node["stocks"] or ()
        },
    )


def nodes(connection: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The nodes of a connection; none where an answer left it out."""
    return [edge["node"] for edge in (connection or {}).get("edges") or ()]


def json_object(text: str | None) -> dict[str, str]:
    """A JSON object in metadata; empty where somebody has spoilt it by hand."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def in_pages[T](items: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    page: list[T] = []
    for item in items:
        page.append(item)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page
