"""What a rule of law is here: a value with its dates, its source and how sure we are of it.

Rule          one rule of one market, "gb.customs.duty-gold", over all its dates
└── Period    what it says between two days, with state and source; `terms` is the topic's model
    └── Reading   what another source says, where sources disagree
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from i18n.errors import SaleRefused

EVERYTHING = "*"


class State(StrEnum):
    """How far a rule can be trusted on the day it was checked."""

    IN_FORCE = "in-force"
    DISPUTED = "disputed"  # sources disagree, or the best one is weak: the note says which
    UNKNOWN = "unknown"  # no source found


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so, where, and the day somebody read it there."""

    title: str
    url: str
    checked: date


@dataclass(frozen=True, slots=True)
class Reading:
    """Another answer to the same question, and who gives it."""

    says: str
    source: Source


@dataclass(frozen=True, slots=True)
class Period[Terms]:
    """A rule between `starts` and `ends`, both days included; `ends` None is open.

    `rule` is the full id, market.topic.name. `terms` is the frozen model of the rule's kind.
    """

    rule: str
    kind: str
    title: str
    terms: Terms
    starts: date
    ends: date | None
    state: State
    source: Source
    note: str = ""
    readings: tuple[Reading, ...] = ()

    def covers(self, on: date) -> bool:
        """Whether the period holds on that day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class Rule[Terms]:
    """One rule over all its dates. Periods are in order and never overlap; gaps are allowed."""

    id: str
    topic: str
    kind: str
    title: str
    periods: tuple[Period[Terms], ...]

    def on(self, day: date) -> Period[Terms] | None:
        """What the rule says on that day, or None when it says nothing then."""
        return next((period for period in self.periods if period.covers(day)), None)


class Reliance:
    """Remembers the rules one answer relied on, and refuses those that no sale may rely on.

    Unknown always refuses. Disputed refuses unless the operator accepted its id (or "*").
    """

    __slots__ = ("_accepted", "_disputed")

    def __init__(self, accept_disputed: Iterable[str] = ()) -> None:
        self._accepted = frozenset(accept_disputed)
        self._disputed: dict[str, Period[object]] = {}

    def on[Terms](self, period: Period[Terms]) -> Period[Terms]:
        """The same period, if a sale may rely on it; SaleRefused otherwise."""
        if period.state is State.IN_FORCE:
            return period
        if period.state is State.UNKNOWN:
            raise SaleRefused(
                f"{period.title}: no source found. {period.note}".strip(),
                rule=period.rule,
                hint="The sale can open when the rule is sourced.",
            )
        if EVERYTHING not in self._accepted and period.rule not in self._accepted:
            raise SaleRefused(
                f"{period.title} is disputed. {period.note}".strip(),
                rule=period.rule,
                hint=f"An operator may accept {period.rule}; the quote then says so.",
            )
        self._disputed[period.rule] = period
        return period

    @property
    def disputed(self) -> tuple[Period[object], ...]:
        """The disputed rules relied on, in order of use."""
        return tuple(self._disputed.values())
