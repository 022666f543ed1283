"""Builders of supplies, passports and rule folders for the tests of this package."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from i18n.landed_cost import Supply, SupplyLine
from i18n.money import Money
from i18n.passport import MetalPart, Passport


def a_line(goods: str = "1200", currency: str = "GBP", **changes: Any) -> SupplyLine:
    """A gold ring of that price from China."""
    values: dict[str, Any] = {"id": "ring", "hs_code": "711319", "origin": "CN"}
    return SupplyLine(**{**values, "goods": Money(Decimal(goods), currency), **changes})


def a_supply(
    market: str, *lines: SupplyLine, shipping: str = "0", insurance: str = "0", **changes: Any
) -> Supply:
    """Those lines on their way to the market."""
    currency = lines[0].goods.currency
    return Supply(
        market=market,
        lines=lines,
        shipping=Money(Decimal(shipping), currency),
        insurance=Money(Decimal(insurance), currency),
        **changes,
    )


def a_piece(alloy: str = "gold-750-yellow", grams: str = "5", **changes: Any) -> Passport:
    """A ring of one alloy with all that a market may ask for."""
    values: dict[str, Any] = {
        "kind": "ring",
        "metals": (MetalPart(alloy, Decimal(grams)),),
        "hs_code": "711319",
        "origin": "CN",
        "hallmarks": ("uk-hallmark",),
    }
    return Passport(**{**values, **changes})


MARKET = """
code = "xx"
name = "Example"
country = "XX"
currency = "EUR"
languages = ["en"]
customs_area = "xx"
time_zone = "UTC"
price_display = "inclusive"
"""

SOURCE = 'source = { title = "Law", url = "https://example.org/law", checked = 2026-11-24 }'


def a_rulebook(folder: Path, **topics: str) -> Path:
    """A folder with one market `xx` and those topic files; SOURCE stands for any source."""
    market = folder / "xx"
    market.mkdir()
    (market / "market.toml").write_text(MARKET)
    for topic, text in topics.items():
        (market / f"{topic}.toml").write_text(text.replace("SOURCE", SOURCE))
    return folder
