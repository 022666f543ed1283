"""Warehouses, channels and shipping zones: storage of pieces, sales, delivery areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storefront_backend.saleor.setup.asking import all_nodes, is_ours, made
from storefront_backend.saleor.setup.placeholder import placeholder_address
from storefront_backend.saleor.setup.plan import Found, Key, SetupStep, Wanted
from storefront_backend.saleor.transport import Saleor, accepted
from storefront_backend.saleor.vocabulary import MARK

_MARKED = [{"key": MARK, "value": "1"}]


class Warehouses:
    """By slug."""

    name = "warehouse"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All warehouses."""
        return [
            Found(
                key=node["slug"],
                id=node["id"],
                ours=is_ours(node, node["externalReference"] or ""),
                fields={"name": node["name"], "country": node["address"]["country"]["code"]},
            )
            for node in all_nodes(saleor, "setup/warehouses")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """With a placeholder for an address: the operator enters the street."""
        name = wanted.fields["name"]
        return made(
            saleor,
            "setup/create_warehouse",
            "warehouse",
            {
                "slug": wanted.key,
                "name": name,
                "externalReference": f"pavilion-{wanted.key}",
                "address": placeholder_address(name, wanted.fields["country"]),
            },
            mark=True,
        )

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Its name."""
        assert step.found is not None
        values = {"name": step.wanted.fields["name"]}
        accepted(
            saleor.run("setup/update_warehouse", id=step.found.id, input=values), "UpdateWarehouse"
        )


class Channels:
    """By slug: the market's code."""

    name = "channel"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All channels."""
        return [
            Found(
                key=node["slug"],
                id=node["id"],
                ours=is_ours(node, ""),
                fields={
                    "name": node["name"],
                    "currency": node["currencyCode"],
                    "country": node["defaultCountry"]["code"],
                    "active": node["isActive"],
                    "warehouses": sorted(each["slug"] for each in node["warehouses"]),
                },
            )
            for node in saleor.run("setup/channels").data["channels"] or ()
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Open for sale, with errors reported at once and money taken rather than held."""
        fields = wanted.fields
        return made(
            saleor,
            "setup/create_channel",
            "channel",
            {
                "slug": wanted.key,
                "name": fields["name"],
                "currencyCode": fields["currency"],
                "defaultCountry": fields["country"],
                "isActive": fields["active"],
                "addWarehouses": [ids["warehouse", slug] for slug in fields["warehouses"]],
                "orderSettings": {
                    "automaticallyConfirmAllNewOrders": True,
                    "markAsPaidStrategy": "TRANSACTION_FLOW",
                },
                "checkoutSettings": {"useLegacyErrorFlow": False},
                "paymentSettings": {"defaultTransactionFlowStrategy": "CHARGE"},
                "metadata": _MARKED,
            },
            mark=False,
        )

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """All but the currency, which Saleor never changes."""
        assert step.found is not None
        fields = step.wanted.fields
        values = {
            "name": fields["name"],
            "defaultCountry": fields["country"],
            "isActive": fields["active"],
            "addWarehouses": [
                ids["warehouse", slug]
                for slug in fields["warehouses"]
                if slug not in step.found.fields["warehouses"]
            ],
        }
        accepted(
            saleor.run("setup/update_channel", id=step.found.id, input=values), "UpdateChannel"
        )


class ShippingZones:
    """By name. Without one that joins channel, country and warehouse, Saleor sees no stock."""

    name = "shipping zone"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All shipping zones."""
        return [
            Found(
                key=node["name"],
                id=node["id"],
                ours=is_ours(node, node["name"]),
                fields={
                    "countries": sorted(each["code"] for each in node["countries"]),
                    "channels": sorted(each["slug"] for each in node["channels"]),
                    "warehouses": sorted(each["slug"] for each in node["warehouses"]),
                },
            )
            for node in all_nodes(saleor, "setup/shipping_zones")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Methods and prices come from our webhook, so the zone has none of its own."""
        return made(
            saleor,
            "setup/create_shipping_zone",
            "shippingZone",
            {"name": wanted.key, **self._joined(wanted, ids, {})},
            mark=True,
        )

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Join what is missing."""
        assert step.found is not None
        values = self._joined(step.wanted, ids, step.found.fields)
        accepted(
            saleor.run("setup/update_shipping_zone", id=step.found.id, input=values),
            "UpdateShippingZone",
        )

    def _joined(
        self, wanted: Wanted, ids: Mapping[Key, str], has: Mapping[str, list[str]]
    ) -> dict[str, list[str]]:
        def missing(name: str) -> list[str]:
            return [key for key in wanted.fields[name] if key not in has.get(name, ())]

        return {
            "countries": sorted({*wanted.fields["countries"], *has.get("countries", ())}),
            "addChannels": [ids["channel", key] for key in missing("channels")],
            "addWarehouses": [ids["warehouse", key] for key in missing("warehouses")],
        }
