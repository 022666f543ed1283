"""The options that describe one piece on its way to a market, shared by `quote` and `explain`."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from i18n.landed_cost import LandedCost, Supply, SupplyLine, landed_cost
from i18n.money import Money
from i18n.rulebook import Rulebook, load_rulebook


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    add = parser.add_argument
    add("--market", required=True, help="market code, such as gb")
    add("--hs", required=True, help="HS code, six digits or more")
    add("--origin", required=True, help="country of origin, ISO 3166 alpha-2")
    add("--goods", required=True, type=_number, help="price of the goods without tax and duty")
    add("--shipping", type=_number, default=Decimal(0))
    add("--insurance", type=_number, default=Decimal(0))
    add("--currency", help="must be the market's own; checked when given")
    add("--region", default="", help="ISO 3166-2, such as CA-ON")
    add("--quantity", type=int, default=1)
    add("--metal", default="", help="gold, silver, platinum or palladium")
    add("--metal-grams", type=_number, default=Decimal(0))
    add("--fineness", type=int, default=0, help="parts per thousand")
    add("--ship-from", default="CN")
    add("--dap", action="store_true", help="the shopper pays duty and tax at the door")
    add("--certificate", action="append", default=[], help="agreement with a proof of origin")
    add("--registration", action="append", default=[], help="the seller's, such as ioss or US-NY")
    add("--rate", action="append", default=[], type=_rate, help="market currency for one: EUR=0.86")
    add("--accept-disputed", action="append", default=[], metavar="RULE", help='rule id, or "*"')
    add("--on", type=date.fromisoformat, help="the day, YYYY-MM-DD; today by default")


def day(wanted: argparse.Namespace) -> date:
    """The requested day. The clock is read here, at the edge, and nowhere else."""
    chosen: date = wanted.on or datetime.now(UTC).date()
    return chosen


def calculate(wanted: argparse.Namespace, rulebook: Rulebook | None = None) -> LandedCost:
    """The landed cost of what the options describe."""
    book = rulebook or load_rulebook()
    currency = wanted.currency or book.market(wanted.market).market.currency
    line = SupplyLine(
        id="1",
        hs_code=wanted.hs.replace(".", ""),
        origin=wanted.origin.upper(),
        goods=Money(wanted.goods, currency),
        metal=wanted.metal,
        fineness=wanted.fineness,
        quantity=wanted.quantity,
        metal_grams=wanted.metal_grams,
        certificates=frozenset(wanted.certificate),
    )
    supply = Supply(
        market=wanted.market,
        lines=(line,),
        shipping=Money(wanted.shipping, currency),
        insurance=Money(wanted.insurance, currency),
        region=wanted.region,
        ship_from=wanted.ship_from.upper(),
        terms="DAP" if wanted.dap else "DDP",
        registrations=frozenset(wanted.registration),
    )
    return landed_cost(
        supply,
        book,
        day(wanted),
        accept_disputed=wanted.accept_disputed,
        rates=dict(wanted.rate),
    )


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not number.is_finite() or number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} must be 0 or more")
    return number


def _rate(text: str) -> tuple[str, Decimal]:
    currency, _, rate = text.partition("=")
    if len(currency) != 3 or not rate:
        raise argparse.ArgumentTypeError(f"{text!r} must look like EUR=0.86")
    return currency.upper(), _number(rate)
