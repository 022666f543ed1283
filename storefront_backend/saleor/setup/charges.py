"""The variant for duty and import fees on a checkout: its own line, priced each time.

Why a line of its own is in docs/adr: Saleor's tax answer has no place for duty. It costs nothing in
every channel; a checkout of ours sets the price, and the tax webhook states it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storefront_backend.saleor.errors import Problem, SaleorRefused
from storefront_backend.saleor.setup.asking import all_nodes, made
from storefront_backend.saleor.setup.plan import Found, Key, SetupStep, Wanted
from storefront_backend.saleor.transport import Saleor, accepted, problems_in
from storefront_backend.saleor.vocabulary import CHARGES_SKU

_NAME = "Duty and import fees"
_SLUG = "pavilion-import-charges"


class ImportCharges:
    """By sku: one product with one variant, in every channel and warehouse of ours."""

    name = "import charges"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """The variant, if it exists."""
        return [
            Found(
                key=CHARGES_SKU,
                id=node["id"],
                ours=True,
                fields={
                    "channels": sorted(
                        each["channel"]["slug"] for each in node["channelListings"] or ()
                    ),
                    "warehouses": sorted(
                        each["warehouse"]["slug"] for each in node["stocks"] or ()
                    ),
                },
            )
            for node in all_nodes(saleor, "setup/charges", sku=[CHARGES_SKU])
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """A product that is never sent, never runs out and is in no list.

        It takes eight requests. What an earlier run has made before it was killed is used.
        """
        existing = _parts(saleor)
        kind = existing["productTypes"] or made(
            saleor,
            "setup/create_product_type",
            "productType",
            {"name": f"{_NAME} (Pavilion)", "slug": _SLUG, "isShippingRequired": False},
            mark=True,
        )
        category = existing["categories"] or made(
            saleor, "setup/create_category", "category", {"name": _NAME, "slug": _SLUG}, mark=True
        )
        product = existing["products"] or made(
            saleor,
            "setup/create_charges",
            "product",
            {"name": _NAME, "slug": _SLUG, "productType": kind, "category": category},
            mark=True,
        )
        variant = made(
            saleor,
            "setup/create_charges_variant",
            "productVariant",
            {
                "product": product,
                "name": _NAME,
                "sku": CHARGES_SKU,
                "trackInventory": False,
                "attributes": [],
                "stocks": _stocks(wanted.fields["warehouses"], ids),
            },
            mark=False,
        )
        self._list(saleor, product, variant, wanted.fields["channels"], ids)
        return variant

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Into the channels and warehouses that have come since."""
        assert step.found is not None
        node = all_nodes(saleor, "setup/charges", sku=[CHARGES_SKU])[0]
        channels, warehouses = (
            [each for each in step.wanted.fields[name] if each not in step.found.fields[name]]
            for name in ("channels", "warehouses")
        )
        if warehouses:
            stocks = _stocks(warehouses, ids)
            answer = saleor.run("setup/stock_charges", variant=node["id"], stocks=stocks)
            accepted(answer, "StockImportCharges")
        if channels:
            self._list(saleor, node["product"]["id"], node["id"], channels, ids)

    def _list(
        self,
        saleor: Saleor,
        product: str,
        variant: str,
        channels: Sequence[str],
        ids: Mapping[Key, str],
    ) -> None:
        answer = saleor.run(
            "setup/list_charges",
            product=product,
            variant=variant,
            listing={
                "updateChannels": [
                    {
                        "channelId": ids["channel", channel],
                        "isPublished": True,
                        "visibleInListings": False,
                        "isAvailableForPurchase": True,
                    }
                    for channel in channels
                ]
            },
            prices=[{"channelId": ids["channel", channel], "price": "0"} for channel in channels],
        )
        problems: list[Problem] = []
        for payload in answer.data.values():
            problems += problems_in(payload)
        if problems:
            raise SaleorRefused("ListImportCharges", problems)


def _parts(saleor: Saleor) -> dict[str, str]:
    """The ids of product type, category and product, empty where they are not there yet."""
    said = saleor.run("setup/charges_parts", slugs=[_SLUG]).data
    return {
        name: edges[0]["node"]["id"] if (edges := connection["edges"]) else ""
        for name, connection in said.items()
    }


def _stocks(warehouses: Sequence[str], ids: Mapping[Key, str]) -> list[dict[str, Any]]:
    """Saleor sends a line only from a warehouse that holds a row of it."""
    return [{"warehouse": ids["warehouse", slug], "quantity": 0} for slug in warehouses]
