"""A used Saleor: products of its own types and attributes, that Pavilion never saw."""

from __future__ import annotations

from typing import Any

from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import edges


class UsedSaleor(FakeSaleor):
    """`with_tax` are the channels whose prices hold it."""

    def __init__(self, *with_tax: str) -> None:
        super().__init__()
        self.with_tax = with_tax

    def add(self, slug: str, *variants: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A product that somebody made in the Dashboard."""
        node = self._node(
            slug=slug, name=fields.pop("name", slug.title()), description=None, _t={}, _meta={},
            _private={}, attributes=[], channelListings=[], category=None, externalReference=None,
            productType=self.kind("Rings"), media=[], assignedAttributes=[], variants=[],
        )  # fmt: skip
        node.update(fields)
        node["variants"] = [self._foreign_variant(node, each) for each in variants]
        self.products[slug] = node
        self._touch(node)
        return node

    def kind(self, name: str, *, shipped: bool = True) -> dict[str, Any]:
        """A product type of theirs, with none of our attributes."""
        return self._node(
            slug=name.lower(), name=name, isShippingRequired=shipped,
            productAttributes=[], variantAttributes=[],
        )  # fmt: skip

    def publish(self, slug: str, *channels: str) -> None:
        """Where they sell it."""
        self.products[slug]["channelListings"] = [
            {"channel": self.channels[each], "isPublished": True} for each in channels
        ]

    def taxConfigurations(self, info: Any, **_: Any) -> Any:  # noqa: N802 - the schema's name
        """One a channel."""
        return edges(
            {"channel": each, "pricesEnteredWithTax": slug in self.with_tax}
            for slug, each in self.channels.items()
        )

    def _foreign_variant(self, product: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        prices = row.pop("prices", {})
        stock = row.pop("stock", {})
        variant = self._node(
            **{
                "sku": None, "name": "", "product": product, "trackInventory": True, "_meta": {},
                "_private": {}, "attributes": [], "assignedAttributes": [],
            } | row
        )  # fmt: skip
        variant["channelListings"] = [
            self._node(
                channel=self.channels[channel],
                price={"amount": amount, "currency": self.channels[channel]["currencyCode"]},
            )
            for channel, amount in prices.items()
        ]
        variant["stocks"] = [
            self._node(warehouse=self.warehouses.get(place, {"slug": place}), quantity=quantity)
            for place, quantity in stock.items()
        ]
        return variant


def text(slug: str, value: str, label: str = "") -> dict[str, Any]:
    """A plain text attribute."""
    attribute = {"slug": slug, "name": label or slug}
    return {"__typename": "AssignedPlainTextAttribute", "attribute": attribute, "value": value}


def choice(slug: str, value: str, label: str = "") -> dict[str, Any]:
    """A drop-down."""
    return {
        "__typename": "AssignedSingleChoiceAttribute",
        "attribute": {"slug": slug, "name": label or slug},
        "value": {"name": value, "slug": value.lower()},
    }


def number(slug: str, value: float) -> dict[str, Any]:
    """A number."""
    attribute = {"slug": slug, "name": slug}
    return {"__typename": "AssignedNumericAttribute", "attribute": attribute, "value": value}


def page(slug: str, page_slug: str, title: str = "") -> dict[str, Any]:
    """A reference to a page, as a brand is one."""
    return {
        "__typename": "AssignedSinglePageReferenceAttribute",
        "attribute": {"slug": slug, "name": slug},
        "value": {"slug": page_slug, "title": title or page_slug},
    }
