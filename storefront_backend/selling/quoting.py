"""Quotes a checkout by the rates, the law and the stock of today: from its lines to what it costs.

lines ─> today's prices, unless a quote holds them ─> delivery ─> warehouses ─> law ─> code
      ─> landed cost ─> quote on the row
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from i18n.errors import SaleRefused
from i18n.landed_cost import SupplyLine
from i18n.listing import may_list
from i18n.money import Money
from i18n.passport import Passport
from i18n.rulebook import Rulebook
from i18n.rulebook.model import MarketRules
from storefront_backend.catalog.models import Listing
from storefront_backend.commerce.checkout import Checkout, DeliveryOption, Quote
from storefront_backend.commerce.delivery import Source, nearest, ship_from
from storefront_backend.commerce.errors import InvalidRequest, NotListed, OutOfStock
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import CheckoutLine as LineRow
from storefront_backend.selling import promotions, stock
from storefront_backend.selling.checkout_rows import (
    checkout_of,
    chosen,
    delivery_options,
    load_lines,
    region_of,
)


def is_held(row: CheckoutRow, now: datetime) -> bool:
    """Whether the prices of the lines still hold, also after a change of rates."""
    expires = row.quote_expires_at
    return row.quote is not None and expires is not None and now < expires


@dataclass(frozen=True, slots=True)
class Quoting:
    """One quoting of a (locked) checkout."""

    row: CheckoutRow
    costs: LandedCosts
    now: datetime
    valid_for: timedelta

    def save(self, ticks: Mapping[str, str] | None = None) -> Checkout:
        """Save the row with a new quote, or with none and the reason where it cannot be quoted.

        Prices hold from the first quote until its expiry; a change of address or delivery in
        between recalculates duty and tax, but neither moves the prices nor prolongs them. After
        it, lines that were not priced just now take today's prices. `ticks` are those of lines that
        were: by SKU what listed them.
        """
        row, costs = self.row, self.costs
        held_until = row.quote_expires_at if is_held(row, self.now) else None
        if held_until is None and ticks is None:
            ticks = self._take_todays_prices()
        row.state = CheckoutRow.State.OPEN
        stock.release(row)
        load_lines(row)
        options = delivery_options(row)
        try:
            quote = self._quote(options)
        except SaleRefused as refusal:
            raise NotListed(f"{refusal.message} ({refusal.rule})", field="lines") from refusal
        row.quote = None if quote is None else quote.cost.to_json()
        row.rates = (
            {}
            if quote is None
            else _made_with(row, costs, quote, ticks or {}, held=held_until is not None)
        )
        row.quote_expires_at = None if quote is None else held_until or quote.expires_at
        row.save()
        return checkout_of(row, options)

    def _take_todays_prices(self) -> dict[str, str]:
        """The held quote has expired: each line costs what it is listed at now.

        Returns the tick that listed each, by SKU.
        """
        row = self.row
        lines = list(row.lines.select_related("variant"))
        today = {
            listing.variant_id: listing
            for listing in Listing.objects.filter(
                variant__in=[line.variant_id for line in lines], market=row.market, is_live=True
            )
        }
        for position, line in enumerate(lines):
            listing = today.get(line.variant_id)
            goods = listing.goods if listing else None
            if goods is None:
                raise NotListed(
                    f"{line.variant.sku} is no longer for sale in this market",
                    field="lines",
                    index=position,
                )
            if goods != line.unit_price:
                line.unit_price = goods
                line.save(update_fields=("unit_price",))
        return {line.variant.sku: today[line.variant_id].rates for line in lines}

    def _quote(self, options: tuple[DeliveryOption, ...]) -> Quote | None:
        row, now = self.row, self.now
        lines = list(row.lines.all())
        delivery = chosen(row, options)
        if not lines or delivery is None:
            return None
        market = self.costs.rulebook.market(row.market)
        row.dispatch, countries = _dispatch(lines, market, self.costs.rulebook, now)
        parcel = Parcel(
            market=row.market,
            lines=self._supply(lines),
            shipping=delivery.price,
            region=region_of(row),
            ship_from=ship_from(countries, market.market),
        )
        return Quote(self.costs.of(parcel, now.date()), now + self.valid_for)

    def _supply(self, lines: Sequence[LineRow]) -> tuple[SupplyLine, ...]:
        """The lines as customs and tax see them, what a code takes off shared among them."""
        row, now = self.row, self.now
        passports = [Passport.from_json(line.variant.passport) for line in lines]
        _require_lawful(row.market, passports, self.costs, now)
        supply = tuple(
            supply_line(
                str(line.pk),
                passport,
                Money(line.unit_price * line.quantity, row.currency),
                line.quantity,
            )
            for line, passport in zip(lines, passports, strict=True)
        )
        if not row.promo:
            return supply
        try:
            market = self.costs.rulebook.market(row.market).market
            promo = promotions.find(row.promo, market, now, row.email)
        except InvalidRequest:
            promo = None
        if promo is None:  # it has expired since; the new price says so
            row.promo = row.code = ""
            return supply
        return promotions.reduced(promo, lines, supply, self.costs.rates, now)


def _require_lawful(
    market: str, passports: Sequence[Passport], costs: LandedCosts, now: datetime
) -> None:
    """Ask the rules of today again, hallmark and naming too: the listing may be of yesterday.

    Raises NotListed naming the rule.
    """
    for position, passport in enumerate(passports):
        verdict = may_list(
            passport, market, costs.rulebook, now.date(), accept_disputed=costs.accept_disputed
        )
        if not verdict.may_go_live:
            against = next(f for f in verdict.findings if f.outcome is verdict.outcome)
            raise NotListed(f"{against.message} ({against.rule})", field="lines", index=position)


def _made_with(
    row: CheckoutRow, costs: LandedCosts, quote: Quote, ticks: Mapping[str, str], *, held: bool
) -> dict[str, Any]:
    """What a quote is made with, as Order.rates; a held price keeps the tick that listed it."""
    before = row.rates.get("goods", {}) if held else {}
    skus = [line.variant.sku for line in row.lines.all()]
    return {
        "goods": {sku: before.get(sku) or ticks.get(sku, "") for sku in skus},
        "tick": costs.rates.version if costs.rates else "",
        "rulebook": quote.cost.rulebook,
        "values": costs.rates.to_json() if costs.rates else {},
    }


def _dispatch(
    lines: Sequence[LineRow], market: MarketRules, rulebook: Rulebook, now: datetime
) -> tuple[dict[str, list[int]], list[str]]:
    """The warehouses that each variant may come from at this price, and their countries.

    Raises OutOfStock where a piece that is not made to order is in none that may serve the
    market; see commerce.delivery for which may.
    """
    found: dict[str, list[int]] = {}
    countries: list[str] = []
    quantities: Counter[int] = Counter()
    for line in lines:
        quantities[line.variant_id] += line.quantity
    for variant in {line.variant_id: line.variant for line in lines}.values():
        fitting = nearest(
            (
                Source(
                    id=row.warehouse_id,
                    country=row.warehouse.country,
                    is_bonded=row.warehouse.is_bonded,
                    available=row.quantity - row.reserved,
                )
                for row in variant.stock.all()
            ),
            market.market,
            rulebook,
            market.on(now.date()),
            quantities[variant.pk],
        )
        if fitting:
            country = fitting[0].country
            countries.append(country)
            found[str(variant.pk)] = [s.id for s in fitting if s.country == country]
        elif variant.made_to_order_days is None:
            raise OutOfStock(
                f"{variant.sku} has no stock that can be sent to {market.market.name}",
                field="lines",
            )
        else:
            found[str(variant.pk)] = []
    return found, countries
