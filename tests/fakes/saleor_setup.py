"""The half of the fake that is set up: an empty Saleor, and every mutation of the bootstrap.

`kill_after` counts requests down. The one that it ends at is done, but its answer never arrives,
and neither does any later one: that is how a process looks from here that was killed.
"""

# ruff: noqa: N802, N803 - resolvers and their arguments bear the names of the schema

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import httpx

from tests.fakes.saleor_server import FakeSaleor
from tests.fakes.saleor_wire import edges, error, pairs


class Killed(BaseException):
    """Our process has ended here."""


class SetupSaleor(FakeSaleor):
    """It starts empty. `made` holds all things by kind, each with its slug or name."""

    def __init__(self) -> None:
        super().__init__(channels=(), warehouses=())
        self.kill_after: int | None = None
        self.made: dict[str, list[dict[str, Any]]] = {
            kind: []
            for kind in (
                "warehouses", "channels", "shippingZones", "taxClasses", "taxConfigurations",
                "pageTypes", "attributes", "productTypes", "categories", "products",
                "productVariants", "permissionGroups",
            )
        }  # fmt: skip

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = super()._answer(request)
        if self.kill_after is not None:
            self.kill_after -= 1
            if self.kill_after < 0:
                raise Killed
        return answer

    def standing(self) -> dict[str, list[str]]:
        """What exists, by its own names: the same after every way to the end."""
        reported = {
            kind: sorted(_told(node) for node in nodes) for kind, nodes in self.made.items()
        }
        assert all(len(names) == len(set(names)) for names in reported.values()), reported
        return reported

    # --- queries ----------------------------------------------------------------------------

    def _root(self, name: str) -> Any:
        if name == "channels":
            return lambda info: self.made["channels"]
        if name in self.made:
            return lambda info, **requested: edges(self._of(name, requested))
        return getattr(self, name)

    def _of(self, name: str, requested: Any) -> Iterable[dict[str, Any]]:
        wanted = requested.get("filter") or {}
        for node in self.made[name]:
            by_slug = "slugs" not in wanted or node["slug"] in wanted["slugs"]
            by_sku = "sku" not in wanted or node["sku"] in wanted["sku"]
            if by_slug and by_sku:
                yield node

    # --- mutations --------------------------------------------------------------------------

    def createWarehouse(self, info: Any, input: Any) -> Any:
        """With an address."""
        country = {"code": str(input["address"]["country"])}
        return self._make("warehouses", "warehouse", input, address={"country": country})

    def channelCreate(self, info: Any, input: Any) -> Any:
        """With its tax configuration, as Saleor makes one."""
        answer = self._make(
            "channels", "channel", input,
            currencyCode=input["currencyCode"],
            defaultCountry={"code": str(input["defaultCountry"])},
            warehouses=[self._thing(each) for each in input["addWarehouses"]],
        )  # fmt: skip
        if answer["channel"]:
            self.made["taxConfigurations"].append(
                self._node(
                    channel=answer["channel"], chargeTaxes=True, taxCalculationStrategy=None,
                    taxAppId=None, displayGrossPrices=True, pricesEnteredWithTax=True, countries=[],
                )
            )  # fmt: skip
        return answer

    def channelUpdate(self, info: Any, id: str, input: Any) -> Any:
        """More warehouses."""
        self._thing(id)["warehouses"] += [self._thing(each) for each in input["addWarehouses"]]
        return {"errors": []}

    def shippingZoneUpdate(self, info: Any, id: str, input: Any) -> Any:
        """More of each."""
        zone = self._thing(id)
        zone["channels"] += [self._thing(each) for each in input["addChannels"]]
        zone["warehouses"] += [self._thing(each) for each in input["addWarehouses"]]
        return {"errors": []}

    def shippingZoneCreate(self, info: Any, input: Any) -> Any:
        """Joins channels, countries and warehouses; two may bear one name."""
        zone = self._node(
            name=input["name"],
            countries=[{"code": code} for code in input["countries"]],
            channels=[self._thing(each) for each in input["addChannels"]],
            warehouses=[self._thing(each) for each in input["addWarehouses"]],
        )
        self.made["shippingZones"].append(zone)
        return {"shippingZone": zone, "errors": []}

    def taxClassCreate(self, info: Any, input: Any) -> Any:
        """Two may bear one name."""
        made = self._node(name=input["name"])
        self.made["taxClasses"].append(made)
        return {"taxClass": made, "errors": []}

    def taxConfigurationUpdate(self, info: Any, id: str, input: Any) -> Any:
        """Whole, with countries."""
        node = self._thing(id)
        countries = [
            {**row, "country": {"code": str(row["countryCode"])}}
            for row in input.get("updateCountriesConfiguration") or ()
        ]
        node |= {**input, "countries": countries}
        return {"errors": []}

    def pageTypeCreate(self, info: Any, input: Any) -> Any:
        """By slug."""
        return self._make("pageTypes", "pageType", input)

    def attributeCreate(self, info: Any, input: Any) -> Any:
        """By slug."""
        return self._make("attributes", "attribute", input, inputType=input["inputType"])

    def productTypeCreate(self, info: Any, input: Any) -> Any:
        """Without attributes."""
        return self._make(
            "productTypes", "productType", input, productAttributes=[], variantAttributes=[]
        )

    def productAttributeAssign(self, info: Any, productTypeId: str, operations: Any) -> Any:
        """To products or to variants."""
        kind = self._thing(productTypeId)
        for row in operations:
            name = "productAttributes" if row["type"] == "PRODUCT" else "variantAttributes"
            kind[name] = [*kind[name], self._thing(row["id"])]
        return {"errors": []}

    def categoryCreate(self, info: Any, input: Any) -> Any:
        """By slug."""
        return self._make("categories", "category", input)

    def productCreate(self, info: Any, input: Any) -> Any:
        """By slug."""
        return self._make("products", "product", input, channelListings=[])

    def productVariantCreate(self, info: Any, input: Any) -> Any:
        """By sku."""
        if any(each["sku"] == input["sku"] for each in self.made["productVariants"]):
            return {"productVariant": None, "errors": [error("sku", "UNIQUE")]}
        made = self._node(
            sku=input["sku"], product=self._thing(input["product"]), channelListings=[],
            stocks=[{"warehouse": self._thing(each["warehouse"])} for each in input["stocks"]],
        )  # fmt: skip
        self.made["productVariants"].append(made)
        return {"productVariant": made, "errors": []}

    def productVariantStocksCreate(self, info: Any, variantId: str, stocks: Any) -> Any:
        """More rows."""
        rows = [{"warehouse": self._thing(each["warehouse"])} for each in stocks]
        self._thing(variantId)["stocks"] += rows
        return {"errors": []}

    def productChannelListingUpdate(self, info: Any, id: str, input: Any) -> Any:
        """Rows by channel."""
        self._thing(id)["channelListings"] += [
            {"channel": self._thing(each["channelId"])} for each in input["updateChannels"]
        ]
        return {"errors": []}

    def productVariantChannelListingUpdate(self, info: Any, id: str, input: Any) -> Any:
        """Prices by channel."""
        self._thing(id)["channelListings"] += [
            {"channel": self._thing(each["channelId"])} for each in input
        ]
        return {"errors": []}

    def permissionGroupCreate(self, info: Any, input: Any) -> Any:
        """By name, which is unique."""
        codes = [{"code": str(code)} for code in input["addPermissions"]]
        made = self._node(name=input["name"], permissions=codes)
        self.made["permissionGroups"].append(made)
        return {"group": made, "errors": []}

    def updateMetadata(self, info: Any, id: str, input: Any) -> Any:
        """Of anything."""
        node = self._thing(id)
        node["_meta"] = node.get("_meta", {}) | pairs(input)
        return {"errors": []}

    # --- inside -----------------------------------------------------------------------------

    def _make(self, kind: str, name: str, row: Any, **more: Any) -> Any:
        if any(each["slug"] == row["slug"] for each in self.made[kind]):
            return {name: None, "errors": [error("slug", "UNIQUE")]}
        node = self._node(
            slug=row["slug"], name=row["name"], externalReference=row.get("externalReference"),
            unit=row.get("unit"), isActive=row.get("isActive"),
            filterableInStorefront=row.get("filterableInStorefront"),
            _meta=pairs(row.get("metadata")), **more,
        )  # fmt: skip
        self.made[kind].append(node)
        return {name: node, "errors": []}

    def _thing(self, id_: str) -> dict[str, Any]:
        return next(each for nodes in self.made.values() for each in nodes if each["id"] == id_)


def _told(node: dict[str, Any]) -> str:
    plain: Callable[[Any], Any] = lambda value: (  # noqa: E731 - it calls itself
        sorted(str(plain(each)) for each in value) if isinstance(value, list)
        else {k: plain(v) for k, v in value.items() if k in _SHOWN} if isinstance(value, dict)
        else str(value)
    )  # fmt: skip
    return str({key: plain(node[key]) for key in sorted(node) if key in _SHOWN})


_SHOWN = {
    "slug", "name", "sku", "code", "channel", "warehouses", "warehouse", "channels", "countries",
    "country", "stocks", "channelListings", "productAttributes", "variantAttributes", "permissions",
    "taxCalculationStrategy", "taxAppId", "currencyCode", "product",
}  # fmt: skip
