"""What goes into a landed cost and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from i18n.errors import CurrencyMismatch
from i18n.law import Source, State
from i18n.money import Money

Kind = Literal["goods", "shipping", "insurance", "duty", "tax", "fee"]
Incoterm = Literal["DDP", "DAP"]

# "shopper" pays the shop for it at checkout; "seller" owes it to the authority and has taken it at
# checkout; "importer" is the shopper again, who pays at the door.
Payer = Literal["shopper", "seller", "importer"]

# Amounts by the ids of an order's lines.
Parts = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLine:
    """One line of an order. `goods` is the line's total, net of tax and duty.

    `hs_code` has at least four digits, no dots; `origin` is ISO 3166 alpha-2. `fineness` is in
    parts per thousand, `metal_grams` the precious metal part's weight; 0 where not known.
    `certificates` are the agreements a proof of origin travels under ("ChAFTA"). `customs_value`
    is what customs values the line at where that is not its price: a gift, a free sample.
    """

    id: str
    hs_code: str
    origin: str
    goods: Money
    metal: str = ""
    fineness: int = 0
    quantity: int = 1
    metal_grams: Decimal = Decimal(0)
    certificates: frozenset[str] = frozenset()
    customs_value: Money | None = None

    def __post_init__(self) -> None:
        if not (self.hs_code.isdigit() and len(self.hs_code) >= 4):
            raise ValueError(f"HS code {self.hs_code!r} must be four digits or more, no dots")
        if self.quantity < 1:
            raise ValueError(f"quantity {self.quantity} of {self.id}: at least 1")
        if self.goods.amount < 0:
            raise ValueError(f"goods of {self.id} cost {self.goods}: at least 0")

    @property
    def value(self) -> Money:
        """What duty and tax are calculated on."""
        return self.goods if self.customs_value is None else self.customs_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """An order on its way to a market, all amounts in the market's currency.

    `region` is ISO 3166-2 ("US-NY"). `registrations` are the seller's own: "ioss", "US-NY".
    DDP: the seller prepays duty and tax; DAP: the shopper pays them at the door, except what the
    law makes the seller collect.
    """

    market: str
    lines: tuple[SupplyLine, ...]
    shipping: Money
    insurance: Money
    region: str = ""
    ship_from: str = "CN"
    terms: Incoterm = "DDP"
    registrations: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a supply has at least one line")
        currency = self.shipping.currency
        if self.insurance.currency != currency or any(
            line.goods.currency != currency or line.value.currency != currency
            for line in self.lines
        ):
            raise CurrencyMismatch("goods, shipping and insurance must be in one currency")
        if self.shipping.amount < 0 or self.insurance.amount < 0:
            raise ValueError("shipping and insurance cost at least 0")


class CostLine(NamedTuple):
    """One line of a landed cost. `rate` is a share (0.2 is 20 %), None for a fixed amount.

    `rule` and `source` are empty on what no law sets: goods, shipping, insurance. `parts` are what
    each line that it was charged on bears of it, and add up to it. They are empty only on an
    amount for the whole order that was stored before amounts were shared among lines.
    """

    kind: Kind
    label: str
    base: Money
    rate: Decimal | None
    amount: Money
    payer: Payer
    rule: str
    state: State
    source: Source | None
    parts: Parts = ()

    @property
    def line_id(self) -> str | None:
        """The line that it was charged on, where that is one line."""
        return self.parts[0][0] if len(self.parts) == 1 else None


@dataclass(frozen=True, slots=True)
class LandedCost:
    """A supply's price in a market on a day. `total` is the sum of the lines, always.

    `verdict` is "quote", or "quote-disputed" when it rests on accepted disputed rules, which
    `notes` then names. `rulebook` is the version of the law it was calculated by.
    """

    market: str
    on: date
    currency: str
    verdict: str
    lines: tuple[CostLine, ...]
    rulebook: str
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Money:
        """Everything the shopper pays, at checkout and at the door."""
        return Money.sum((line.amount for line in self.lines), self.currency)

    @property
    def at_checkout(self) -> Money:
        """What the shop takes."""
        return Money.sum(
            (line.amount for line in self.lines if line.payer != "importer"), self.currency
        )

    @property
    def at_door(self) -> Money:
        """What is due on delivery; zero under DDP."""
        return self.total - self.at_checkout

    def of(self, kind: Kind) -> Money:
        """The sum of one kind of line."""
        return Money.sum((line.amount for line in self.lines if line.kind == kind), self.currency)

    def to_json(self) -> dict[str, Any]:
        """Plain values; amounts and rates as decimal strings in `currency`."""
        return {
            "market": self.market,
            "on": self.on.isoformat(),
            "currency": self.currency,
            "verdict": self.verdict,
            "lines": [_line_to_json(line) for line in self.lines],
            "total": str(self.total.amount),
            "rulebook": self.rulebook,
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> LandedCost:
        """The landed cost that `to_json` wrote."""
        currency = raw["currency"]
        return cls(
            market=raw["market"],
            on=date.fromisoformat(raw["on"]),
            currency=currency,
            verdict=raw["verdict"],
            lines=tuple(_line_from_json(line, currency) for line in raw["lines"]),
            rulebook=raw["rulebook"],
            notes=tuple(raw.get("notes", ())),
        )


def _line_to_json(line: CostLine) -> dict[str, Any]:
    source = line.source
    written: dict[str, Any] = {
        "kind": line.kind,
        "label": line.label,
        "base": str(line.base.amount),
        "rate": None if line.rate is None else str(line.rate),
        "amount": str(line.amount.amount),
        "payer": line.payer,
        "rule": line.rule,
        "state": line.state.value,
        "source": source
        and {
            "title": source.title,
            "url": source.url,
            "checked": source.checked.isoformat(),
        },
        "line_id": line.line_id,
    }
    if len(line.parts) > 1:
        written["parts"] = {key: str(part) for key, part in line.parts}
    return written


def _line_from_json(raw: Mapping[str, Any], currency: str) -> CostLine:
    source = raw["source"]
    parts = raw.get("parts") or ({} if raw["line_id"] is None else {raw["line_id"]: raw["amount"]})
    return CostLine(
        kind=raw["kind"],
        label=raw["label"],
        base=Money(Decimal(raw["base"]), currency),
        rate=None if raw["rate"] is None else Decimal(raw["rate"]),
        amount=Money(Decimal(raw["amount"]), currency),
        payer=raw["payer"],
        rule=raw["rule"],
        state=State(raw["state"]),
        source=source
        and Source(source["title"], source["url"], date.fromisoformat(source["checked"])),
        parts=tuple((key, Decimal(part)) for key, part in parts.items()),
    )
