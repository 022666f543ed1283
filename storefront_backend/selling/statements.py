"""A brand's statement: every movement of its money, as the brand sees it.

What is owed to the brand is above zero here; in the ledger it is the other side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from i18n.money import Money
from storefront_backend.commerce.ledger import Account
from storefront_backend.orders.models import LedgerMovement

_OWN = (Account.BRAND_HELD, Account.BRAND_PAYABLE)


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: what it added to the money not due yet, and to that which is due."""

    at: datetime
    kind: str
    order: str  # its number; empty where it is none's
    held: Money
    due: Money
    note: str = ""


def statement(brand_id: int, since: datetime | None = None) -> list[Line]:
    """The movements of a brand, newest first; a line for each currency of a movement."""
    rows = LedgerMovement.objects.filter(brand=brand_id)
    if since is not None:
        rows = rows.filter(booked_at__gte=since)
    rows = rows.select_related("order").prefetch_related("entries").order_by("-booked_at", "-pk")
    return [line for movement in rows for line in _lines(movement)]


def _lines(movement: LedgerMovement) -> list[Line]:
    sums: dict[str, dict[str, Decimal]] = {}
    for entry in movement.entries.all():
        if entry.account in _OWN:
            of_currency = sums.setdefault(entry.currency, dict.fromkeys(_OWN, Decimal(0)))
            of_currency[entry.account] -= entry.amount
    is_payout = movement.key.startswith("payout ")
    return [
        Line(
            movement.booked_at,
            movement.kind,
            movement.order.number if movement.order else "",
            Money(found[Account.BRAND_HELD], currency).quantized(),
            Money(found[Account.BRAND_PAYABLE], currency).quantized(),
            movement.key.removeprefix("payout ") if is_payout else movement.note,
        )
        for currency, found in sums.items()
    ]
