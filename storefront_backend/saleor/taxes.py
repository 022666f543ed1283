"""What Saleor asks a tax app, and the answer that a landed cost makes of it.

An answer has net and gross for each line and for shipping, and nothing else, so duty and import
fees are the amount of a line of their own (vocabulary.CHARGES_SKU). A checkout without that line,
of a storefront that does not know of it, has them inside its pieces' lines: the total is the same.
Saleor takes what we say to the last minor unit, independent of the price of the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from i18n.landed_cost import CostLine, LandedCost
from i18n.landed_cost.sharing import apportion
from i18n.money import Money, minor_unit
from storefront_backend.commerce.delivery import region_in
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.shares import Share, shares
from storefront_backend.saleor.vocabulary import CHARGES_SKU

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A line to tax. `total` is what Saleor has for all its pieces, before tax."""

    id: str
    sku: str
    quantity: int
    total: Money


@dataclass(frozen=True, slots=True)
class TaxBase:
    """What is to be taxed. `sale` is our checkout's token, empty for one that others opened.

    `country` and `area` are of the address, empty while there is none.
    """

    market: str
    currency: str
    country: str
    area: str
    sale: str
    shipping: Money
    lines: tuple[TaxLine, ...]

    @property
    def pieces(self) -> tuple[TaxLine, ...]:
        """The lines that are goods."""
        return tuple(line for line in self.lines if line.sku != CHARGES_SKU)

    @property
    def region(self) -> str:
        """ISO 3166-2 of the address, where its country's area is a code ("US-NY"), else empty."""
        return region_in(self.country, self.area)

    def fits(self, pieces: Sequence[tuple[str, int, Money]], shipping: Money) -> bool:
        """Whether these (sku, quantity, total) and this shipping are what is to be taxed."""
        requested = Counter((line.sku, line.quantity, line.total) for line in self.pieces)
        return requested == Counter(pieces) and self.shipping == shipping


def read_base(said: Mapping[str, Any]) -> TaxBase:
    """The content of CHECKOUT_CALCULATE_TAXES or ORDER_CALCULATE_TAXES. Raises InvalidRequest."""
    try:
        base = said["taxBase"]
        currency = base["currency"]
        address = base.get("address") or {}
        if base["pricesEnteredWithTax"]:
            raise InvalidRequest(
                "The channel's prices are entered with tax", hint="Run manage.py saleor_bootstrap"
            )
        lines = tuple(
            TaxLine(
                id=line["sourceLine"]["id"],
                sku=line.get("productSku") or "",
                quantity=int(line["quantity"]),
                total=_money(line["totalPrice"], currency),
            )
            for line in base["lines"]
        )
        return TaxBase(
            market=base["channel"]["slug"],
            currency=currency,
            country=(address.get("country") or {}).get("code") or "",
            area=address.get("countryArea") or "",
            sale=base["sourceObject"].get("sale") or "",
            shipping=_money(base["shippingPrice"], currency),
            lines=_less_discounts(lines, base.get("discounts") or (), currency),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidRequest(f"That is not a tax base ({type(error).__name__}: {error})") from error


def answer(base: TaxBase, cost: LandedCost, ids: Sequence[str]) -> dict[str, Any]:
    """The answer. `ids` are the cost's line ids of `base.pieces`, in the same order."""
    unit = minor_unit(base.currency)
    goods = {key: cost_goods(cost, key) for key in ids}
    each = shares(cost, goods)
    charges = sum((share.duty.amount for share in each.values()), _ZERO)
    shipping = sum((share.shipping.amount for share in each.values()), _ZERO)
    tax = _taxes(each, unit)
    apart = any(line.sku == CHARGES_SKU for line in base.lines)
    pieces = iter(ids)
    rate = _rate(cost)
    lines: list[dict[str, str]] = []
    owed = charges
    for line in base.lines:
        if line.sku == CHARGES_SKU:
            net, due, owed = owed, (tax.charges if owed else _ZERO), _ZERO
        else:
            key = next(pieces)
            net, due = goods[key].amount, tax.goods[key]
            if not apart:
                net, due = net + each[key].duty.amount, due + tax.duty[key]
        lines.append(_line(net, due, rate))
    return {
        "shipping_tax_rate": rate,
        "shipping_price_net_amount": str(shipping),
        "shipping_price_gross_amount": str(shipping + tax.shipping),
        "lines": lines,
    }


def total(said: Mapping[str, Any], currency: str) -> Money:
    """What an answer adds up to: what Saleor will ask the shopper for."""
    gross = Decimal(said["shipping_price_gross_amount"])
    gross += sum((Decimal(line["total_gross_amount"]) for line in said["lines"]), _ZERO)
    return Money(gross, currency)


def cost_goods(cost: LandedCost, line_id: str) -> Money:
    """What the goods of one line cost."""
    return Money.sum(
        (line.amount for line in cost.lines if line.kind == "goods" and line.line_id == line_id),
        cost.currency,
    )


@dataclass(slots=True)
class _Taxes:
    goods: dict[str, Decimal]
    duty: dict[str, Decimal]
    shipping: Decimal = _ZERO

    @property
    def charges(self) -> Decimal:
        return sum(self.duty.values(), _ZERO)


def _taxes(each: Mapping[str, Share], unit: Decimal) -> _Taxes:
    """Each line's tax, shared among its goods, its duty and its shipping by what they come to."""
    taxes = _Taxes({}, {})
    for key, share in each.items():
        weights = [share.goods.amount, share.duty.amount, share.shipping.amount]
        goods, duty, shipping = apportion(share.tax.amount, weights, unit)
        taxes.goods[key] = goods
        taxes.duty[key] = duty
        taxes.shipping += shipping
    return taxes


def _rate(cost: LandedCost) -> str:
    """The tax's rate in per cent, where there is one for all; for display only."""
    taxes: list[CostLine] = [line for line in cost.lines if line.kind == "tax"]
    rates = {line.rate for line in taxes if line.rate is not None}
    return str(rates.pop() * 100) if len(rates) == 1 else "0"


def _line(net: Decimal, tax: Decimal, rate: str) -> dict[str, str]:
    return {
        "tax_rate": rate,
        "total_net_amount": str(net),
        "total_gross_amount": str(net + tax),
    }


def _less_discounts(
    lines: tuple[TaxLine, ...], discounts: Sequence[Mapping[str, Any]], currency: str
) -> tuple[TaxLine, ...]:
    """The lines with what a voucher takes off the whole shared among the pieces."""
    off = sum(
        (Decimal(str(d["amount"]["amount"])) for d in discounts if d["type"] == "SUBTOTAL"), _ZERO
    )
    if not off:
        return lines
    pieces = [line for line in lines if line.sku != CHARGES_SKU]
    whole = sum((line.total.amount for line in pieces), _ZERO)
    weights = [line.total.amount for line in pieces]
    parts = iter(apportion(min(off, whole), weights, minor_unit(currency)))
    return tuple(
        line
        if line.sku == CHARGES_SKU
        else TaxLine(
            line.id, line.sku, line.quantity, line.total - Money(next(parts), line.total.currency)
        )
        for line in lines
    )


def _money(raw: Mapping[str, Any], currency: str) -> Money:
    # JSON's number as it was written: 0.1 is a tenth.
    return Money(Decimal(str(raw["amount"])), currency).quantized()
