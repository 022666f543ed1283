"""What one rule says about a piece; the answers of may_list are made of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from i18n.law import Period, Source, State


class Outcome(StrEnum):
    """The answer, from best to worst."""

    ALLOWED = "allowed"
    UNDER_NAME = "allowed-under-name"
    NEEDS = "needs"
    NOT_ALLOWED = "not-allowed"


@dataclass(frozen=True, slots=True)
class Finding:
    """`need` is what the brand must bring; empty where it can bring nothing (not-allowed) or need
    only mind the name (allowed-under-name)."""

    rule: str
    message: str
    state: State
    source: Source
    need: str = ""
    outcome: Outcome = Outcome.ALLOWED

    @classmethod
    def by(cls, period: Period[Any], outcome: Outcome, message: str, need: str = "") -> Finding:
        """A finding with the rule, state and source of a period."""
        return cls(period.rule, message, period.state, period.source, need, outcome)
