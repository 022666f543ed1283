"""From what is sold to what it costs landed: the one place that turns passports into supplies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from i18n.landed_cost import Incoterm, LandedCost, Supply, SupplyLine, landed_cost
from i18n.money import Money
from i18n.passport import Passport
from i18n.rulebook import Rulebook
from storefront_backend.commerce.rates import Rates


@dataclass(frozen=True, slots=True)
class Parcel:
    """Goods on their way to a market.

    `region` is ISO 3166-2 ("US-NY"); empty takes the market's reference region, if it has one.
    """

    market: str
    lines: tuple[SupplyLine, ...]
    shipping: Money
    region: str = ""
    ship_from: str = "CN"
    insurance: Money | None = None
    terms: Incoterm = "DDP"


def supply_line(line_id: str, passport: Passport, goods: Money, quantity: int) -> SupplyLine:
    """A line as customs and tax see it: named, weighed and marked by its heaviest alloy."""
    main = passport.main_metal
    return SupplyLine(
        id=line_id,
        hs_code=passport.hs_code,
        origin=passport.origin,
        # A column pads amounts to three places; a bill shows what the currency has.
        goods=goods.quantized(),
        quantity=quantity,
        metal=main.kind.metal if main else "",
        fineness=main.kind.fineness if main else 0,
        metal_grams=main.grams if main else Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class LandedCosts:
    """Calculates the landed cost of parcels by one rulebook on the operator's terms.

    `accept_disputed` are rule ids that the operator accepts ("*" for all); `thresholds` hold, by
    market, the exchange rates in which the law's thresholds are converted. `registrations` are the
    seller's ("ioss", "US-NY"). `rates` are the rates that `thresholds` come from, for the record.
    """

    rulebook: Rulebook
    accept_disputed: frozenset[str]
    thresholds: Mapping[str, Mapping[str, Decimal]]
    registrations: frozenset[str] = frozenset()
    rates: Rates | None = None

    def of(self, parcel: Parcel, on: date) -> LandedCost:
        """The landed cost. Raises SaleRefused naming the rule."""
        insurance = parcel.insurance or Money.zero(parcel.shipping.currency)
        return landed_cost(
            Supply(
                market=parcel.market,
                lines=parcel.lines,
                shipping=parcel.shipping.quantized(),
                insurance=insurance.quantized(),
                region=parcel.region or self.region_of(parcel.market),
                ship_from=parcel.ship_from,
                terms=parcel.terms,
                registrations=self.registrations,
            ),
            self.rulebook,
            on,
            accept_disputed=self.accept_disputed,
            rates=self.thresholds.get(parcel.market, {}),
        )

    def region_of(self, market: str) -> str:
        """The region that prices are calculated for while no address is known; mostly empty."""
        return self.rulebook.market(market).market.reference_region
