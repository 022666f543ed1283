"""Worked examples beside each market's rules: what a supply must cost, as data.

The tests calculate every one, and `landed-cost diff` uses them as its basket.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from i18n.errors import InvalidRulebook
from i18n.landed_cost import Supply, SupplyLine
from i18n.money import Money
from i18n.tables import Problems, build


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """One line of goods; `goods` is in the market's currency."""

    hs: str
    origin: str
    goods: Decimal
    metal: str = ""
    fineness: int = 0
    grams: Decimal = Decimal(0)
    quantity: int = 1
    certificates: tuple[str, ...] = ()
    customs_value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A supply and what it must come to.

    `duty`, `tax`, `fee` and `total` are compared where given. `amounts` gives single rules by id,
    `payers` who pays them. `refused` names the rule that must stop the sale instead. `says` is
    where the figures come from when an authority published them.
    """

    name: str
    on: date
    shipping: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    region: str = ""
    ship_from: str = "CN"
    terms: Literal["DDP", "DAP"] = "DDP"
    registrations: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    duty: Decimal | None = None
    tax: Decimal | None = None
    fee: Decimal | None = None
    total: Decimal | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    payers: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    says: str = ""

    def __post_init__(self) -> None:
        if not (self.refused or self.amounts or self.total is not None):
            raise ValueError("an example expects a total, amounts by rule, or a refusal")


@dataclass(frozen=True, slots=True)
class MarketExample:
    """An example ready to be calculated."""

    market: str
    expects: Example
    supply: Supply

    def __str__(self) -> str:
        return f"{self.market}: {self.expects.name}"


def load_examples(folder: Path, currencies: Mapping[str, str]) -> tuple[MarketExample, ...]:
    """All examples under a rulebook folder. `currencies`: market code to currency.

    Raises InvalidRulebook with every problem.
    """
    problems = Problems()
    found = [
        example
        for market, currency in currencies.items()
        if (file := folder / market / "examples.toml").exists()
        for example in _read(file, market, currency, problems)
    ]
    if problems:
        raise InvalidRulebook(problems)
    return tuple(found)


def _read(file: Path, market: str, currency: str, problems: Problems) -> list[MarketExample]:
    where = f"{market}/examples.toml"
    table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    found = []
    for number, raw in enumerate(table.get("example", ())):
        key = f"example[{number}]"
        raw_lines = raw.pop("line", ())
        expects = build(Example, raw, where, key, problems)
        lines = [
            build(ExampleLine, line, where, f"{key}.line[{at}]", problems)
            for at, line in enumerate(raw_lines)
        ]
        if not lines:
            problems.add(where, f"{key}.line", "an example has at least one line")
        elif expects is not None and all(lines):
            found.append(MarketExample(market, expects, _supply(market, currency, expects, lines)))
    for key in table.keys() - {"example"}:
        problems.add(where, key, "only [[example]] belongs here")
    return found


def _supply(
    market: str, currency: str, expects: Example, lines: list[ExampleLine | None]
) -> Supply:
    return Supply(
        market=market,
        lines=tuple(
            SupplyLine(
                id=str(number),
                hs_code=line.hs,
                origin=line.origin,
                goods=Money(line.goods, currency),
                metal=line.metal,
                fineness=line.fineness,
                quantity=line.quantity,
                metal_grams=line.grams,
                certificates=frozenset(line.certificates),
                customs_value=None
                if line.customs_value is None
                else Money(line.customs_value, currency),
            )
            for number, line in enumerate(lines, 1)
            if line is not None
        ),
        shipping=Money(expects.shipping, currency),
        insurance=Money(expects.insurance, currency),
        region=expects.region,
        ship_from=expects.ship_from,
        terms=expects.terms,
        registrations=frozenset(expects.registrations),
    )
