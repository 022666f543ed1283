"""What our markets need of a Saleor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from i18n.market import Market
from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS
from storefront_backend.saleor.manifest import APP_ID
from storefront_backend.saleor.setup.charges import ImportCharges
from storefront_backend.saleor.setup.people import PermissionGroups
from storefront_backend.saleor.setup.places import Channels, ShippingZones, Warehouses
from storefront_backend.saleor.setup.plan import Kind, Wanted
from storefront_backend.saleor.setup.shapes import Attributes, Categories, PageTypes, ProductTypes
from storefront_backend.saleor.setup.taxes import (
    TaxClasses,
    TaxConfigurations,
    country_exception,
)
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor.vocabulary import (
    ATTRIBUTES,
    BRAND_PAGE_TYPE,
    CHARGES_SKU,
    AttributeShape,
    product_type,
)

TAX_CLASS = "Pavilion jewellery"
_NAMES = {
    "ring": "Rings", "bangle": "Bangles", "bracelet": "Bracelets", "pendant": "Pendants",
    "necklace": "Necklaces", "earrings": "Earrings", "chain": "Chains", "brooch": "Brooches",
}  # fmt: skip
_GROUPS = {
    "Pavilion catalogue": ("MANAGE_PRODUCTS", "MANAGE_TRANSLATIONS", "MANAGE_PAGES"),
    "Pavilion orders": ("MANAGE_ORDERS",),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse of ours; `country` is ISO 3166 alpha-2."""

    slug: str
    name: str
    country: str


def kinds(staff: Saleor | None = None) -> tuple[Kind, ...]:
    """Every kind of thing, each after those that it points to; groups only with staff."""
    slugs = [product_type(kind) for kind in PIECE_KINDS]
    return (
        Warehouses(),
        Channels(),
        ShippingZones(),
        TaxClasses(),
        TaxConfigurations(),
        PageTypes(),
        Attributes(),
        ProductTypes(slugs),
        Categories(slugs),
        ImportCharges(),
        *(() if staff is None else (PermissionGroups(staff),)),
    )


def needs(markets: Sequence[Market], places: Sequence[Place]) -> list[Wanted]:
    """All that should exist for these markets and warehouses."""
    return [
        *(Wanted("warehouse", p.slug, {"name": p.name, "country": p.country}) for p in places),
        *_of_markets(markets, [place.slug for place in places]),
        Wanted("tax class", TAX_CLASS, {}),
        Wanted("page type", BRAND_PAGE_TYPE, {"name": "Pavilion brand"}),
        *(Wanted("attribute", shape.slug, _attribute(shape)) for shape in ATTRIBUTES),
        *(
            Wanted(
                "product type",
                product_type(kind),
                {
                    "name": f"{_NAMES[kind]} (Pavilion)",
                    "tax class": TAX_CLASS,
                    "product": _slugs(kind, "product"),
                    "variant": _slugs(kind, "variant"),
                },
            )
            for kind in PIECE_KINDS
        ),
        *(Wanted("category", product_type(kind), {"name": _NAMES[kind]}) for kind in PIECE_KINDS),
        Wanted(
            "import charges",
            CHARGES_SKU,
            {
                "channels": [market.code for market in markets],
                "warehouses": [place.slug for place in places],
            },
        ),
        *(
            Wanted("permission group", name, {"permissions": list(codes)})
            for name, codes in _GROUPS.items()
        ),
    ]


def _of_markets(markets: Sequence[Market], warehouses: list[str]) -> Iterable[Wanted]:
    for market in markets:
        gross = market.price_display == "inclusive"
        yield Wanted(
            "channel",
            market.code,
            {
                "name": market.name,
                "currency": market.currency,
                "country": market.country,
                "active": True,
                "warehouses": warehouses,
            },
        )
        yield Wanted(
            "shipping zone",
            f"Pavilion {market.name}",
            {
                "countries": [market.country],
                "channels": [market.code],
                "warehouses": warehouses,
            },
        )
        yield Wanted(
            "tax configuration",
            market.code,
            {
                "charge": True,
                "strategy": "TAX_APP",
                "app": APP_ID,
                "show gross": gross,
                "entered with tax": False,
                "countries": [country_exception(market.country, APP_ID, show_gross=gross)],
            },
        )


def _attribute(shape: AttributeShape) -> dict[str, Any]:
    return {
        "name": shape.name,
        "type": shape.input_type,
        "unit": shape.unit,
        "filterable": shape.filterable,
        "refers to": shape.reference,
        "page type": BRAND_PAGE_TYPE if shape.reference else None,
        "choices": list(ALLOYS) if shape.slug == "pavilion-alloy" else [],
    }


def _slugs(kind: str, on: str) -> list[str]:
    return [
        shape.slug
        for shape in ATTRIBUTES
        if shape.on == on and (not shape.kinds or kind in shape.kinds)
    ]
