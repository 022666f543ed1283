"""A partner's money as statements: what was earned, taken back and paid, by order and payout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from i18n.money import Money
from storefront_backend.commerce.ledger import Account, MovementKind
from storefront_backend.orders.models import LedgerEntry, LedgerMovement

PAYOUT_PREFIX = "partner-payout "  # of a payout's key, before the bank's reference


@dataclass(frozen=True, slots=True)
class Earning:
    """What one movement added to what is due; what a refund takes back is below zero."""

    at: datetime
    order: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PartnerStatement:
    """opening + earnings since the payout before it - paid = closing. No payout: still open."""

    currency: str
    opening: Money
    lines: tuple[Earning, ...]
    paid: Money
    payout_id: int | None = None
    reference: str = ""
    at: datetime | None = None

    @property
    def earned(self) -> Money:
        """What the lines come to."""
        return Money.sum((line.amount for line in self.lines), self.currency).quantized()

    @property
    def closing(self) -> Money:
        """What stays due."""
        return self.opening + self.earned - self.paid


def due(partner_id: int) -> list[Money]:
    """What a partner is owed, by currency; below zero: more was taken back than was due."""
    sums = (
        LedgerEntry.objects.filter(movement__partner=partner_id, account=Account.PARTNER_DUE)
        .order_by("currency")
        .values("currency")
        .annotate(balance=Sum("amount"))
    )
    return [Money(-row["balance"], row["currency"]).quantized() for row in sums]


def statements(partner_id: int) -> list[PartnerStatement]:
    """Every payout of a partner, newest first, after the open period of each currency."""
    entries = (
        LedgerEntry.objects.filter(movement__partner=partner_id, account=Account.PARTNER_DUE)
        .select_related("movement__order")
        .order_by("movement_id", "pk")
    )
    by_currency: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        by_currency.setdefault(entry.currency, []).append(entry)
    found = [each for name in sorted(by_currency) for each in _periods(name, by_currency[name])]
    return sorted(found, key=lambda each: (each.payout_id is not None, -(each.payout_id or 0)))


def _periods(currency: str, entries: list[LedgerEntry]) -> Iterable[PartnerStatement]:
    opening = nothing = Money(Decimal(0), currency).quantized()
    lines: list[Earning] = []
    for entry in entries:
        row: LedgerMovement = entry.movement
        amount = Money(-entry.amount, currency).quantized()
        if row.kind != MovementKind.PARTNER_PAYOUT:
            lines.append(Earning(row.booked_at, row.order.number if row.order else "", amount))
            continue
        done = PartnerStatement(
            currency, opening, tuple(lines), -amount, row.pk,
            row.key.removeprefix(PAYOUT_PREFIX), row.booked_at,
        )  # fmt: skip
        yield done
        opening, lines = done.closing, []
    yield PartnerStatement(currency, opening, tuple(lines), nothing)
