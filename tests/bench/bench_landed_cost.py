"""How fast the rulebook loads and quotes: `python tests/bench/bench_landed_cost.py [QUOTES]`.

Prints processor time, which other work on the machine does not stretch: loading all markets, quotes
a second of a three-line order in each market from a warm rulebook, and the time a line of orders
that grow, so that work which grows faster than the order shows.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from i18n.errors import SaleRefused
from i18n.landed_cost import LandedCost, Supply, SupplyLine, landed_cost
from i18n.money import Money
from i18n.rulebook import FOLDER, Rulebook, load_rulebook

ON = date(2026, 11, 24)
# Market currency for one unit of another; round figures, since only the time matters here.
RATES = {"USD": Decimal(1400), "EUR": Decimal("0.9"), "SAR": Decimal("0.98")}
GOODS = (("711319", 1200), ("711311", 300), ("711319", 90))


def order(rulebook: Rulebook, market: str, lines: int = 3) -> Supply:
    """An order of gold and silver from China, with freight and insurance."""
    currency = rulebook.market(market).market.currency
    return Supply(
        market=market,
        lines=tuple(
            SupplyLine(
                id=str(number),
                hs_code=GOODS[number % 3][0],
                origin="CN",
                goods=Money(Decimal(GOODS[number % 3][1]), currency),
            )
            for number in range(lines)
        ),
        shipping=Money(Decimal(20), currency),
        insurance=Money(Decimal(5), currency),
        region={"ca": "CA-ON"}.get(market, ""),
    )


def seconds(work: Callable[[], object], times: int) -> float:
    """Processor time of one run."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def main(quotes: int) -> None:
    """Print the figures."""
    rulebook = load_rulebook()
    load = seconds(lambda: load_rulebook(FOLDER), 5)
    print(f"load {len(rulebook.markets)} markets  {load * 1000:8.1f} ms")

    def quote(supply: Supply) -> LandedCost:
        return landed_cost(supply, rulebook, ON, accept_disputed={"*"}, rates=RATES)

    for market in rulebook.markets:
        supply = order(rulebook, market.code)
        try:
            lines = len(quote(supply).lines)
        except SaleRefused as refusal:
            print(f"{market.code}  refused by {refusal.rule}")
            continue
        each = seconds(lambda supply=supply: quote(supply), quotes)  # type: ignore[misc]  # bound now
        print(f"{market.code}  {1 / each:8.0f} quotes/s  {each * 1e6:6.1f} µs  {lines} lines")
    for lines in (3, 30, 300):
        supply = order(rulebook, "gb", lines)
        quote(supply)
        each = seconds(lambda supply=supply: quote(supply), 20)  # type: ignore[misc]  # bound now
        print(f"gb with {lines:3} lines  {each / lines * 1e6:6.1f} µs a line")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2] or ["2000"]))
