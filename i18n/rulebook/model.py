"""The rulebook in memory: markets, their rules, and the law of a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from i18n.consumer.model import Withdrawal
from i18n.customs.model import Duty, Fee, Relief
from i18n.errors import UnknownCode
from i18n.hallmark.model import Mark, Standard
from i18n.law import Period, Rule
from i18n.market import Market
from i18n.naming.model import Statement, Term
from i18n.restriction.model import Ban, Limit, Paper
from i18n.tax.model import Scheme, Tax


class Law:
    """What holds in one market on one day, by kind, in the order of the files."""

    __slots__ = (
        "bans", "duties", "fees", "limits", "marks", "papers", "periods", "plans", "reliefs",
        "schemes", "standards", "statements", "taxes", "terms", "withdrawals",
    )  # fmt: skip

    def __init__(self, periods: tuple[Period[Any], ...]) -> None:
        self.periods = periods
        self.duties: tuple[Period[Duty], ...] = self._of("duty")
        self.fees: tuple[Period[Fee], ...] = self._of("fee")
        self.reliefs: tuple[Period[Relief], ...] = self._of("relief")
        self.taxes: tuple[Period[Tax], ...] = self._of("tax")
        self.schemes: tuple[Period[Scheme], ...] = self._of("scheme")
        self.marks: tuple[Period[Mark], ...] = self._of("mark")
        self.standards: tuple[Period[Standard], ...] = self._of("standard")
        self.terms: tuple[Period[Term], ...] = self._of("term")
        self.statements: tuple[Period[Statement], ...] = self._of("statement")
        self.bans: tuple[Period[Ban], ...] = self._of("ban")
        self.papers: tuple[Period[Paper], ...] = self._of("paper")
        self.limits: tuple[Period[Limit], ...] = self._of("limit")
        self.withdrawals: tuple[Period[Withdrawal], ...] = self._of("withdrawal")
        # Which charges fit which description of goods; filled by the engine as it meets them.
        self.plans: dict[Any, Any] = {}

    def _of(self, kind: str) -> tuple[Period[Any], ...]:
        return tuple(period for period in self.periods if period.kind == kind)


class MarketRules:
    """The rules of one market over all dates."""

    def __init__(self, market: Market, rules: tuple[Rule[Any], ...]) -> None:
        self.market = market
        self.rules = rules
        self._days = tuple(
            sorted({day for rule in rules for period in rule.periods for day in _edges(period)})
        )
        self._laws: dict[int, Law] = {}

    def on(self, day: date) -> Law:
        """The law of that day. The same object comes back until a rule begins or ends."""
        era = bisect_right(self._days, day)
        law = self._laws.get(era)
        if law is None:
            periods = (rule.on(day) for rule in self.rules)
            law = self._laws[era] = Law(tuple(period for period in periods if period is not None))
        return law

    def rule(self, identity: str) -> Rule[Any]:
        """The rule of that id, or UnknownCode."""
        for rule in self.rules:
            if rule.id == identity:
                return rule
        raise UnknownCode(f"{self.market.code} has no rule {identity!r}")


def _edges(period: Period[Any]) -> tuple[date, ...]:
    if period.ends is None:
        return (period.starts,)
    return (period.starts, period.ends + timedelta(days=1))


class Rulebook:
    """All markets. `version` names the content: newest from-date and a hash of the rule files."""

    def __init__(self, markets: Mapping[str, MarketRules], version: str) -> None:
        self._markets = dict(markets)
        self.version = version

    @property
    def markets(self) -> tuple[Market, ...]:
        """The markets in order of their codes."""
        return tuple(rules.market for rules in self._markets.values())

    @property
    def registrations(self) -> frozenset[str]:
        """The registrations of sellers that some rule asks about, regions apart ("ioss")."""
        found = {
            getattr(period.terms, name, "")
            for rules in self._markets.values()
            for rule in rules.rules
            for period in rule.periods
            for name in ("registration", "unless_registered")
        }
        return frozenset(found - {""})

    def market(self, code: str) -> MarketRules:
        """The rules of a market, or UnknownCode naming the codes there are."""
        try:
            return self._markets[code]
        except KeyError:
            raise UnknownCode(
                f"There is no market {code!r}", hint=f"Use one of: {', '.join(self._markets)}"
            ) from None
