"""What we send to Saleor to bring a product up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from i18n.passport import Passport
from storefront_backend.commerce.catalogue import CatalogProduct, CatalogVariant
from storefront_backend.saleor.catalogue.facts import Facts, digest, facts_of, fitting, to_inputs
from storefront_backend.saleor.catalogue.reading import StandingProduct, Surroundings
from storefront_backend.saleor.catalogue.texts import to_blocks
from storefront_backend.saleor.vocabulary import (
    ASSETS,
    BASE,
    BRAND,
    BRAND_ATTRIBUTE,
    CONTENT,
    MARK,
    MEDIA,
    PASSPORT,
)

_PICTURES = "poster"
_MOST_PICTURES = 5


@dataclass(frozen=True, slots=True)
class WantedVariant:
    """A variant as it should be; `content` is the digest of all that Pavilion owns of it."""

    variant: CatalogVariant
    facts: Facts
    content: str


@dataclass(frozen=True, slots=True)
class WantedProduct:
    """A product as it should be."""

    product: CatalogProduct
    facts: Facts
    assets: str
    content: str
    texts: Mapping[str, str]
    variants: tuple[WantedVariant, ...]


def wanted(product: CatalogProduct, brand_page: str) -> WantedProduct:
    """From the domain; `brand_page` is Saleor's id of the brand's page."""
    facts = {BRAND_ATTRIBUTE: brand_page} if brand_page else {}
    assets = json.dumps(
        [
            {"kind": each.kind, "alloy": each.alloy, "url": each.url, "type": each.media_type}
            for each in product.assets
        ],
        ensure_ascii=False,
    )
    return WantedProduct(
        product=product,
        facts=facts,
        assets=assets,
        content=digest([facts, assets, product.brand, product.kind]),
        texts=shared_texts(product),
        variants=tuple(_wanted_variant(variant) for variant in product.variants),
    )


def shared_texts(product: CatalogProduct) -> dict[str, str]:
    """The shared fields, named as in CatalogChange; empty texts are left out."""
    texts = {f"name:{language}": text for language, text in product.names.items() if text}
    texts |= {f"description:{k}": _tidy(text) for k, text in product.descriptions.items() if text}
    texts |= {f"published:{market}": "yes" for market in product.markets}
    return texts


def to_create(want: WantedProduct, around: Surroundings) -> dict[str, Any]:
    """ProductBulkCreateInput, with its variants, first prices, stock and posters."""
    product = want.product
    return {
        "productType": around.product_types[product.kind],
        "category": around.categories.get(product.kind),
        "name": want.texts["name:en"],
        "slug": product.slug,
        "description": to_blocks(want.texts.get("description:en", "")),
        "externalReference": product.slug,
        "attributes": to_inputs(want.facts),
        "metadata": _metadata(want),
        "privateMetadata": private_metadata(want, base_of(want.texts)),
        "media": [
            {"mediaUrl": url, "alt": want.texts["name:en"][:250]} for url in pictures(product)
        ],
        "channelListings": [
            _listing(around.channels[market], published=market in product.markets)
            for market in _markets(product)
            if market in around.channels
        ],
        "variants": [variant_to_create(each, around) for each in want.variants],
    }


def variant_to_create(
    want: WantedVariant, around: Surroundings, existing: StandingProduct | None = None
) -> dict[str, Any]:
    """ProductVariantBulkCreateInput; `existing` is the product that it is added to."""
    variant = want.variant
    facts = want.facts if existing is None else fitting(want.facts, existing.takes)
    return {
        "sku": variant.sku,
        "name": variant.label,
        "externalReference": variant.sku,
        # What is made to order can be bought when none is at hand: Saleor must not count it.
        "trackInventory": not variant.made_to_order,
        "attributes": to_inputs(facts),
        "metadata": [{"key": PASSPORT, "value": _passport(variant.passport)}],
        "privateMetadata": [{"key": CONTENT, "value": want.content}],
        "channelListings": [
            {"channelId": around.channels[each.market], "price": str(each.price.amount)}
            for each in variant.prices
            if each.price is not None and each.market in around.channels
        ],
        "stocks": [
            {"warehouse": around.warehouses[each.warehouse], "quantity": each.quantity}
            for each in variant.stock
            if each.warehouse in around.warehouses
        ],
    }


def variant_to_update(
    want: WantedVariant, variant_id: str, existing: StandingProduct
) -> dict[str, Any]:
    """ProductVariantBulkUpdateInput of all that Pavilion owns; prices and stock are not in it."""
    return {
        "id": variant_id,
        "name": want.variant.label,
        "trackInventory": not want.variant.made_to_order,
        "attributes": to_inputs(fitting(want.facts, existing.takes)),
        "metadata": [{"key": PASSPORT, "value": _passport(want.variant.passport)}],
        "privateMetadata": [{"key": CONTENT, "value": want.content}],
    }


def to_update(
    want: WantedProduct,
    existing: StandingProduct,
    write: Mapping[str, str],
    base: Mapping[str, str],
) -> dict[str, Any]:
    """ProductInput: what Pavilion owns, and of the shared fields those that are ours to write."""
    fields: dict[str, Any] = {
        "attributes": to_inputs(fitting(want.facts, existing.takes)),
        "metadata": _metadata(want),
        "privateMetadata": private_metadata(want, base),
    }
    if "name:en" in write:
        fields["name"] = write["name:en"]
    if "description:en" in write:
        fields["description"] = to_blocks(write["description:en"])
    return fields


def listings_to_update(write: Mapping[str, str], around: Surroundings) -> list[dict[str, Any]]:
    """ProductChannelListingAddInput of the markets whose publication is ours to write."""
    return [
        _listing(around.channels[market], published=value == "yes")
        for field, value in write.items()
        if (market := field.removeprefix("published:")) != field and market in around.channels
    ]


def base_of(texts: Mapping[str, str]) -> dict[str, str]:
    """What both sides agree on once these have been written."""
    return {field: digest(text) for field, text in texts.items()}


def private_metadata(want: WantedProduct, base: Mapping[str, str]) -> list[dict[str, str]]:
    """What only we and staff can see of a product."""
    return [
        {"key": CONTENT, "value": want.content},
        {"key": BASE, "value": json.dumps(base, sort_keys=True)},
        {"key": MEDIA, "value": json.dumps(pictures(want.product))},
    ]


def pictures(product: CatalogProduct) -> list[str]:
    """Addresses of the posters that go into Saleor's media: one an alloy."""
    first: dict[str, str] = {}
    for asset in product.assets:
        if asset.kind == _PICTURES:
            first.setdefault(asset.alloy, asset.url)
    return list(first.values())[:_MOST_PICTURES]


def missing_pictures(want: WantedProduct, existing: StandingProduct) -> list[str]:
    """Posters that Saleor has not been given."""
    return [url for url in pictures(want.product) if url not in existing.media]


def _wanted_variant(variant: CatalogVariant) -> WantedVariant:
    facts = facts_of(variant.passport)
    said = [dict(facts), variant.label, variant.passport.to_json(), variant.made_to_order]
    return WantedVariant(variant, facts, digest(said))


def _metadata(want: WantedProduct) -> list[dict[str, str]]:
    return [
        {"key": MARK, "value": "1"},
        {"key": BRAND, "value": want.product.brand},
        {"key": ASSETS, "value": want.assets},
    ]


def _listing(channel: str, *, published: bool) -> dict[str, Any]:
    return {
        "channelId": channel,
        "isPublished": published,
        "visibleInListings": published,
        "isAvailableForPurchase": published,
    }


def _markets(product: CatalogProduct) -> list[str]:
    priced = [each.market for variant in product.variants for each in variant.prices if each.price]
    return list(dict.fromkeys([*product.markets, *priced]))


def _passport(passport: Passport) -> str:
    return json.dumps(passport.to_json(), ensure_ascii=False, sort_keys=True)


def _tidy(text: str) -> str:
    # As it comes back from blocks, or each publish would see a difference.
    return "\n\n".join(part.strip() for part in text.split("\n\n") if part.strip())
