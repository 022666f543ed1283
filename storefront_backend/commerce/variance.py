"""The variance guard: a rate that jumps waits for a human before it moves any price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from storefront_backend.commerce.rates import Rate, Rates


@dataclass(frozen=True, slots=True)
class Jump:
    """A rate that moved further than the guard lets pass. `share` is signed: 0.15 is +15 %."""

    code: str
    old: Decimal
    new: Decimal
    share: Decimal

    def to_json(self) -> dict[str, str]:
        """Plain values for a JSON column."""
        return {"code": self.code} | {
            name: format(getattr(self, name), "f") for name in ("old", "new", "share")
        }


def jumps(old: Rates, new: Rates, limit: Decimal) -> tuple[Jump, ...]:
    """The rates of both tables that moved by more than `limit` (a share) from old to new.

    A change of the base currency is a change of every number, so all of them jump.
    """
    found = []
    for before, after in ((old.metals, new.metals), (old.exchange, new.exchange)):
        for code in sorted(before.keys() & after.keys()):
            share = after[code].value / before[code].value - 1
            if abs(share) > limit or old.base != new.base:
                found.append(_jump(code, before, after, share))
    return tuple(found)


def _jump(code: str, before: Mapping[str, Rate], after: Mapping[str, Rate], share: Decimal) -> Jump:
    return Jump(code, before[code].value, after[code].value, share.quantize(Decimal("0.0001")))
