"""What a partner earns: the rule that holds for a line, and the commission on the goods kept.

Commission = rate x net goods kept, rounded half up to the minor unit, line by line. It is always
calculated on what is kept in all, and what was booked before is subtracted: so any sequence of
refunds takes back to the cent what was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from i18n.money import Money


class Bearer(StrEnum):
    """Who bears a partner's commission."""

    SHOP = "shop"
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate: 0.08 is 8 %. An empty field holds for every campaign, brand or kind of partner."""

    id: int
    rate: Decimal
    borne_by: Bearer
    campaign: str = ""
    brand: str = ""
    kind: str = ""

    def holds(self, campaign: str, brand: str, kind: str) -> bool:
        """Whether the rule is about that sale."""
        pairs = ((self.campaign, campaign), (self.brand, brand), (self.kind, kind))
        return all(named in ("", there) for named, there in pairs)

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """How specific it is: first how much it names; at a tie campaign, then brand, then kind."""
        named = (bool(self.campaign), bool(self.brand), bool(self.kind))
        return (sum(named), *named)


def rule_for(rules: Iterable[Rule], *, campaign: str, brand: str, kind: str) -> Rule | None:
    """The most specific rule of the sale; None: nothing is earned."""
    fitting = [rule for rule in rules if rule.holds(campaign, brand, kind)]
    return max(fitting, key=lambda rule: rule.rank, default=None)


def goods_kept(goods: Money, refunded: Money, order_left: Money, lost: Money) -> Money:
    """Net goods of a line that the shopper keeps and has paid.

    `refunded` goods are the line's own. `order_left` is what was paid for the order less refunds
    that name lines, and `lost` what of it was refunded at the provider's or taken by a bank
    without a line: each line bears it in proportion, until a person says whose it was.
    """
    left = goods - refunded
    if not lost or left.amount <= 0:
        return max(left, Money.zero(goods.currency))
    if order_left <= lost:
        return Money.zero(goods.currency)
    part = left.amount * (order_left - lost).amount / order_left.amount
    return Money(part, goods.currency).quantized()


def commission_on(kept: Money, rate: Decimal) -> Money:
    """The commission on net goods, rounded half up to the minor unit."""
    return (kept * rate).quantized(ROUND_HALF_UP)
