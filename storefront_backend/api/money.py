"""Money and landed costs as GraphQL types."""

from __future__ import annotations

from typing import Any

import graphene

from i18n.landed_cost import CostLine as Line
from i18n.landed_cost import LandedCost as Cost
from i18n.money import Money as Amount


class Money(graphene.ObjectType):
    """An amount; decimal strings, never floats."""

    amount = graphene.Decimal(required=True)
    currency = graphene.String(required=True)


class Source(graphene.ObjectType):
    """Who says so, and the day somebody looked."""

    title = graphene.String(required=True)
    url = graphene.String(required=True)
    checked = graphene.Date(required=True)


class CostLine(graphene.ObjectType):
    """One line of a landed cost with the rule behind it."""

    kind = graphene.String(required=True, description="goods, shipping, insurance, duty, tax, fee")
    label = graphene.String(required=True)
    base = graphene.Field(Money, required=True)
    rate = graphene.Decimal(description="A share: 0.2 is 20 %. Empty for a fixed amount.")
    amount = graphene.Field(Money, required=True)
    payer = graphene.String(required=True)
    rule = graphene.String(required=True)
    state = graphene.String(required=True, description="in-force, disputed or unknown")
    source = graphene.Field(Source)

    @staticmethod
    def resolve_state(line: Line, _: Any) -> str:
        """The state's word."""
        return line.state.value


class LandedCost(graphene.ObjectType):
    """What a supply costs in a market, everything included. The total is the sum of the lines."""

    market = graphene.String(required=True)
    on = graphene.Date(required=True)
    currency = graphene.String(required=True)
    verdict = graphene.String(required=True)
    rulebook = graphene.String(required=True)
    notes = graphene.List(graphene.NonNull(graphene.String), required=True)
    lines = graphene.List(graphene.NonNull(CostLine), required=True)
    total = graphene.Field(Money, required=True)

    @staticmethod
    def resolve_total(cost: Cost, _: Any) -> Amount:
        """The sum of the lines."""
        return cost.total
