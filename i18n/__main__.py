"""The command `landed-cost`: what a piece costs in a market, line by line, and who says so.

    landed-cost --market gb --hs 711319 --origin CN --goods 1200 --shipping 20 --json

Exit 0 for a quote, 3 for a refusal with its rule, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from i18n.errors import CurrencyMismatch, SaleRefused, UnknownCode
from i18n.landed_cost import LandedCost, Supply, SupplyLine, landed_cost
from i18n.money import Money
from i18n.rulebook import Rulebook, load_rulebook

QUOTE, USAGE, REFUSED = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = _parser()
    wanted = parser.parse_args(argv)
    on = wanted.on or datetime.now(UTC).date()
    rulebook = load_rulebook()
    try:
        quote = landed_cost(
            _supply(wanted, rulebook),
            rulebook,
            on,
            accept_disputed=wanted.accept_disputed,
            rates=dict(wanted.rate),
        )
    except SaleRefused as refusal:
        _print_refusal(refusal, wanted, on, rulebook)
        return REFUSED
    except (CurrencyMismatch, UnknownCode) as error:
        parser.error(f"{error.message}. {error.hint}")
    except ValueError as error:
        parser.error(str(error))
    print(
        json.dumps(quote.to_json(), ensure_ascii=False, indent=2) if wanted.json else table(quote)
    )
    return QUOTE


def _supply(wanted: argparse.Namespace, rulebook: Rulebook) -> Supply:
    currency = wanted.currency or rulebook.market(wanted.market).market.currency
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
    return Supply(
        market=wanted.market,
        lines=(line,),
        shipping=Money(wanted.shipping, currency),
        insurance=Money(wanted.insurance, currency),
        region=wanted.region,
        ship_from=wanted.ship_from.upper(),
        terms="DAP" if wanted.dap else "DDP",
        registrations=frozenset(wanted.registration),
    )


def table(quote: LandedCost) -> str:
    """The quote for people: a line each, the total, and the sources by number."""
    sources: list[str] = []
    rows = []
    for line in quote.lines:
        mark = ""
        if line.source is not None:
            said = f"{line.source.title}, {line.source.url} (checked {line.source.checked})"
            if said not in sources:
                sources.append(said)
            mark = f"[{sources.index(said) + 1}]"
        rate = "" if line.rate is None else f"{(line.rate * 100).normalize():f} %"
        state = "" if line.state.value == "in-force" else f" ({line.state.value})"
        rows.append((line.kind, line.label + state, rate, f"{line.amount.amount}", mark, line.rule))
    width = max(len(row[1]) for row in rows)
    out = [f"{quote.market} on {quote.on}, {quote.currency} ({quote.verdict})", ""]
    out += [
        f"{kind:<10}{label:<{width}}  {rate:>9}  {amount:>12}  {mark:<5}{rule}".rstrip()
        for kind, label, rate, amount, mark, rule in rows
    ]
    out += [f"{'total':<10}{'':<{width}}  {'':>9}  {quote.total.amount:>12}", ""]
    out += [f"[{number}] {said}" for number, said in enumerate(sources, 1)]
    out += [f"Note: {note}" for note in quote.notes]
    out.append(f"Rulebook {quote.rulebook}")
    return "\n".join(out)


def _print_refusal(
    refusal: SaleRefused, wanted: argparse.Namespace, on: date, rulebook: Rulebook
) -> None:
    if wanted.json:
        answer: dict[str, Any] = {
            "market": wanted.market,
            "on": on.isoformat(),
            "currency": rulebook.market(wanted.market).market.currency,
            "verdict": "refused",
            "lines": [],
            "total": None,
            "rulebook": rulebook.version,
            "rule": refusal.rule,
            "message": refusal.message,
            "hint": refusal.hint,
        }
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print(f"Refused by {refusal.rule}: {refusal.message}", file=sys.stderr)
        if refusal.hint:
            print(refusal.hint, file=sys.stderr)


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="landed-cost",
        description="The full price of a piece in a market, each line with its rule and source.",
    )
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
    add("--rate", action="append", default=[], type=_rate, help="market currency for one EUR=0.86")
    add("--accept-disputed", action="append", default=[], metavar="RULE", help='rule id, or "*"')
    add("--on", type=date.fromisoformat, help="the day, YYYY-MM-DD; today by default")
    add("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
