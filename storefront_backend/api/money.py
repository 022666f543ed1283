"""Money and landed costs as GraphQL types."""

from __future__ import annotations

import decimal
from typing import Any

import graphene
from graphql import GraphQLError, Undefined

from i18n.explain import Sentence as Said
from i18n.explain import explain
from i18n.landed_cost import CostLine as Line
from i18n.landed_cost import LandedCost as Cost
from i18n.locales import language
from i18n.money import Money as Amount
from i18n.translations import translator

_MOST = 10**12  # no price and no weight of ours comes near
_PLACES = 12


class Decimal(graphene.Decimal):
    """A decimal number as a string. Coming in, it is finite, at most 10^12, of 12 places."""

    @classmethod
    def parse_value(cls, value: Any) -> Any:
        """A number with an exponent of a million would be written out somewhere."""
        number = super().parse_value(value)
        if not isinstance(number, decimal.Decimal):
            return number
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -_PLACES or abs(number) > _MOST:
            raise GraphQLError(
                f"Use a number up to {_MOST} with at most {_PLACES} decimal places",
                extensions={"code": "number_too_large"},
            )
        return number

    @classmethod
    def parse_literal(cls, node: Any, _variables: Any = None) -> Any:
        """The same in the query's text."""
        return cls.parse_value(node.value) if hasattr(node, "value") else Undefined


class Money(graphene.ObjectType):
    """An amount; decimal strings, never floats."""

    amount = Decimal(required=True)
    currency = graphene.String(required=True)


class Source(graphene.ObjectType):
    """Who says so, and the day somebody looked."""

    title = graphene.String(required=True)
    url = graphene.String(required=True)
    checked = graphene.Date(required=True)


class CostLine(graphene.ObjectType):
    """One line of a landed cost with the rule behind it."""

    kind = graphene.String(required=True, description="goods, shipping, insurance, duty, tax, fee")
    label = graphene.String(
        required=True,
        language_code=graphene.String(default_value="en"),
        description="The rule's title, in a language of the shop.",
    )
    base = graphene.Field(Money, required=True)
    rate = Decimal(description="A share: 0.2 is 20 %. Empty for a fixed amount.")
    amount = graphene.Field(Money, required=True)
    payer = graphene.String(required=True)
    rule = graphene.String(required=True)
    state = graphene.String(required=True, description="in-force, disputed or unknown")
    source = graphene.Field(Source)

    @staticmethod
    def resolve_label(line: Line, _: Any, language_code: str) -> str:
        """The title in a language. UnknownCode for one we do not speak."""
        return translator(language_code)(line.label)

    @staticmethod
    def resolve_state(line: Line, _: Any) -> str:
        """The state's word."""
        return line.state.value


class Sentence(graphene.ObjectType):
    """What is paid, who takes it and who says so, to be read aloud."""

    text = graphene.String(required=True)
    rule = graphene.String(required=True)
    payer = graphene.String(required=True)
    says = graphene.String(required=True)
    caution = graphene.String(required=True)
    source = graphene.Field(Source)


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
    explanation = graphene.List(
        graphene.NonNull(Sentence),
        required=True,
        language_code=graphene.String(default_value="en"),
        description="The same as sentences in a language of the shop.",
    )

    @staticmethod
    def resolve_explanation(cost: Cost, _: Any, language_code: str) -> tuple[Said, ...]:
        """Sentences with numbers and dates as that language writes them."""
        code = language(language_code).code
        return explain(cost, code, translate=translator(code))

    @staticmethod
    def resolve_total(cost: Cost, _: Any) -> Amount:
        """The sum of the lines."""
        return cost.total
