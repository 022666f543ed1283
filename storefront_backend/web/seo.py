"""What search engines and link previews read: languages of a page, and products as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from storefront_backend import wiring
from storefront_backend.catalog.reading import ProductPage, Variant
from storefront_backend.web.addresses import absolute, page_path
from storefront_backend.web.places import ShopRequest, languages_of, markets


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page for other readers: `hreflang` is language and country, "zh-Hant-HK"."""

    hreflang: str
    url: str


def alternates(name: str, *arguments: Any, only: tuple[str, ...] | None = None) -> list[Alternate]:
    """A page in every market (or only some) and language it is offered in."""
    return [
        Alternate(
            f"{language}-{market.country}",
            absolute(page_path(name, market, language, *arguments)),
        )
        for market in markets()
        if only is None or market.code in only
        for language in languages_of(market)
    ]


def head(
    request: ShopRequest, name: str, *arguments: Any, only: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """The canonical address of a page and its alternates, for the template's head."""
    return {
        "canonical": absolute(page_path(name, request.market, request.language, *arguments)),
        "alternates": alternates(name, *arguments, only=only),
    }


def product_ld(page: ProductPage, request: ShopRequest) -> SafeString:
    """The product with an offer a variant, as schema.org has it."""
    url = absolute(page_path("product", request.market, request.language, page.slug))
    images = [absolute_asset(photo.files[-1].key) for photo in page.photographs]
    images += [absolute_asset(asset.key) for asset in page.assets if asset.kind == "poster"]
    return as_json_ld(
        {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": page.name,
            "description": page.description,
            "sku": page.code,
            "url": url,
            "image": images[:6],
            "brand": {"@type": "Brand", "name": page.brand.name},
            "offers": [_offer(variant, url) for variant in page.variants],
        }
    )


def as_json_ld(thing: Mapping[str, Any]) -> SafeString:
    """JSON that cannot close its script element, independent of what a brand wrote."""
    text = json.dumps(thing, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return mark_safe(text)  # noqa: S308 - the letters that could end the element are escaped above


def absolute_asset(key: str) -> str:
    """The public address of a built file."""
    url = wiring.assets().url(key)
    return url if url.startswith("http") else absolute(url)


def _offer(variant: Variant, url: str) -> dict[str, Any]:
    made = variant.in_stock < 1 and variant.made_to_order_days is not None
    state = "PreOrder" if made else "InStock" if variant.in_stock else "OutOfStock"
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "url": url,
        "price": str(variant.total.quantized().amount),
        "priceCurrency": variant.total.currency,
        "availability": f"https://schema.org/{state}",
        "itemCondition": "https://schema.org/NewCondition",
    }
