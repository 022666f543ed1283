"""Tax classes and configurations: every channel asks our app, for its country too.

Prices are entered without tax, since the same landed-cost engine that shoppers see adds it. There
are no flat rates behind it as a safety net: a total calculated with a rate that no one has checked
would be shown as if it were right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storefront_backend.saleor.setup.asking import all_nodes, is_ours, made
from storefront_backend.saleor.setup.plan import Found, Key, SetupStep, Wanted
from storefront_backend.saleor.transport import Saleor, accepted

_STRATEGY = "TAX_APP"


class TaxClasses:
    """By name. Products point to it, so that a tax app can tell ours from other goods."""

    name = "tax class"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All tax classes."""
        return [
            Found(node["name"], node["id"], is_ours(node, node["name"]), {})
            for node in all_nodes(saleor, "setup/tax_classes")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Without rates."""
        values = {"name": wanted.key}
        return made(saleor, "setup/create_tax_class", "taxClass", values, mark=True)

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """There is nothing to change."""


class TaxConfigurations:
    """By channel. Saleor makes one with each channel, so they are changed and never made.

    The configuration of a channel that is ours counts as ours.
    """

    name = "tax configuration"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All tax configurations."""
        ours = {
            node["slug"]
            for node in saleor.run("setup/channels").data["channels"] or ()
            if is_ours(node, "")
        }
        return [
            Found(
                key=node["channel"]["slug"],
                id=node["id"],
                ours=node["channel"]["slug"] in ours,
                fields={
                    "charge": node["chargeTaxes"],
                    "strategy": node["taxCalculationStrategy"],
                    "app": node["taxAppId"],
                    "show gross": node["displayGrossPrices"],
                    "entered with tax": node["pricesEnteredWithTax"],
                    "countries": [_country(each) for each in node["countries"]],
                },
            )
            for node in all_nodes(saleor, "setup/tax_configurations")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """That of a channel which has just been made."""
        for each in self.found(saleor):
            if each.key == wanted.key:
                self._write(saleor, each.id, wanted)
                return each.id
        raise KeyError(("channel", wanted.key))

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Point it to our app."""
        assert step.found is not None
        self._write(saleor, step.found.id, step.wanted)

    def _write(self, saleor: Saleor, config_id: str, wanted: Wanted) -> None:
        fields = wanted.fields
        values = {
            "chargeTaxes": fields["charge"],
            "taxCalculationStrategy": fields["strategy"],
            "taxAppId": fields["app"],
            "displayGrossPrices": fields["show gross"],
            "pricesEnteredWithTax": fields["entered with tax"],
            "updateCountriesConfiguration": [
                {
                    "countryCode": text.split(" ")[0],
                    "chargeTaxes": True,
                    "taxCalculationStrategy": fields["strategy"],
                    "taxAppId": fields["app"],
                    "displayGrossPrices": fields["show gross"],
                }
                for text in fields["countries"]
            ],
        }
        accepted(
            saleor.run("setup/update_tax_configuration", id=config_id, input=values),
            "UpdateTaxConfiguration",
        )


def country_exception(country: str, app: str, *, show_gross: bool) -> str:
    """A country's exception as one comparable text."""
    return f"{country} {_STRATEGY} {app} {'gross' if show_gross else 'net'}"


def _country(node: Mapping[str, Any]) -> str:
    shown = "gross" if node["displayGrossPrices"] else "net"
    return f"{node['country']['code']} {node['taxCalculationStrategy']} {node['taxAppId']} {shown}"
