"""The price block: each line of a landed cost with its words, its rate and who says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from i18n.landed_cost import CostLine, LandedCost
from i18n.law import Source, State
from i18n.money import Money
from storefront_backend.commerce.pricebook import PriceParts
from storefront_backend.web import words
from storefront_backend.web.spoken import in_words

_ORDER = ("goods", "shipping", "insurance", "duty", "fee", "tax")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row. `rule_title` and `source` are empty on what no law sets."""

    kind: str
    label: str
    rule_title: str
    rate: Decimal | None
    amount: Money
    at_door: bool
    state: str
    state_label: str
    source: Source | None

    @property
    def is_disputed(self) -> bool:
        """Whether the row rests on a rule that sources disagree on."""
        return self.state == State.DISPUTED


def price_rows(cost: LandedCost) -> tuple[PriceRow, ...]:
    """The rows of a landed cost, one a rule: an order of three pieces pays its tax once."""
    groups: dict[tuple[str, str], list[CostLine]] = {}
    for line in cost.lines:
        groups.setdefault((line.kind, line.rule), []).append(line)
    ordered = sorted(groups.values(), key=lambda lines: _ORDER.index(lines[0].kind))
    return tuple(_row(lines, cost.currency) for lines in ordered)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of an open formula, in the brand's own money."""

    label: str
    amount: Money


def part_rows(parts: PriceParts) -> tuple[PartRow, ...]:
    """What a price is made of before it goes abroad; parts of nothing are left out."""
    named = (
        (_("Metal at today's price"), parts.metal),
        (_("Making"), parts.making),
        (_("Stones"), parts.stones),
        (_("Setting"), parts.setting),
        (_("Finish"), parts.finish),
        (_("Engraving"), parts.engraving),
        (_("The house's margin"), parts.margin),
    )
    return tuple(PartRow(label, amount) for label, amount in named if amount)


def _row(lines: Iterable[CostLine], currency: str) -> PriceRow:
    lines = list(lines)
    first = lines[0]
    return PriceRow(
        kind=first.kind,
        label=words.word(words.COST_KINDS, first.kind),
        rule_title=in_words()(first.label) if first.rule else "",
        rate=first.rate,
        amount=Money.sum((line.amount for line in lines), currency),
        at_door=first.payer == "importer",
        state=first.state.value,
        state_label=words.word(words.RULE_STATES, first.state.value),
        source=first.source,
    )
