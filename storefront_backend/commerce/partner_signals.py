"""What makes a person look before a partner is paid. A signal is no verdict: it holds a payout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ORDERS_AN_ADDRESS = 3  # this many orders to one door are a signal


class Signal(StrEnum):
    """What was found."""

    ONE_ADDRESS = "one-address"
    RETURNED_AFTER_PAYOUT = "return-after-payout"
    SELF_PURCHASE = "self-purchase"


@dataclass(frozen=True, slots=True)
class Found:
    """A signal about `subject`, which names it once; `orders` are the numbers to look at."""

    signal: Signal
    subject: str
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What signals read of an order that names the partner.

    `door` is a digest of the delivery address. `taken_back_at` is when commission was taken back.
    """

    number: str
    door: str
    refusal: str = ""
    earned_at: datetime | None = None
    taken_back_at: datetime | None = None


def signals(orders: Iterable[OrderFacts], paid_at: Iterable[datetime]) -> list[Found]:
    """All signals of one partner's orders, given when the partner was paid."""
    facts, payouts = list(orders), sorted(paid_at)
    return [*_doors(facts), *_returned(facts, payouts), *_own(facts)]


def _doors(facts: list[OrderFacts]) -> list[Found]:
    doors: defaultdict[str, list[str]] = defaultdict(list)
    for each in facts:
        if each.door:
            doors[each.door].append(each.number)
    # The count is part of the name: further orders to a door that was released are a new signal.
    return [
        Found(Signal.ONE_ADDRESS, f"{door[:16]} {len(numbers)}", tuple(sorted(numbers)))
        for door, numbers in sorted(doors.items())
        if len(numbers) >= ORDERS_AN_ADDRESS
    ]


def _returned(facts: list[OrderFacts], payouts: list[datetime]) -> list[Found]:
    return [
        Found(Signal.RETURNED_AFTER_PAYOUT, each.number, (each.number,))
        for each in facts
        if each.earned_at and each.taken_back_at
        # A payout came between: what was earned had been paid when it was taken back.
        if any(each.earned_at <= paid <= each.taken_back_at for paid in payouts)
    ]


def _own(facts: list[OrderFacts]) -> list[Found]:
    return [
        Found(Signal.SELF_PURCHASE, each.number, (each.number,)) for each in facts if each.refusal
    ]
