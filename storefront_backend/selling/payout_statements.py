"""A payout's statement: what a brand was owed before it, what followed from orders, what was paid.

    opening + lines of orders since the payout before it - paid = closing

Movements count in the order in which they were booked. Goods follow from what a movement changed:
what fell due, with the commission and its tax that were kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from i18n.money import Money
from storefront_backend.commerce.ledger import Account, MovementKind
from storefront_backend.orders.models import LedgerMovement

_KEPT = (Account.COMMISSION, Account.COMMISSION_TAX)
_PREFIX = "payout "  # of a payout's key, before the bank's reference


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one movement added to the money that is due; what the brand loses is below zero."""

    at: datetime
    kind: str
    order: str
    goods: Money
    refunded: Money
    commission: Money
    tax: Money  # on the commission
    partners: Money  # commission of partners that the brand bears

    @property
    def net(self) -> Money:
        """What is due more than before."""
        return self.goods + self.refunded + self.commission + self.tax + self.partners


@dataclass(frozen=True, slots=True)
class PayoutStatement:
    """A period in one currency. Until it is paid it has no payout."""

    currency: str
    opening: Money
    lines: tuple[StatementLine, ...]
    paid: Money
    payout_id: int | None = None
    reference: str = ""
    at: datetime | None = None

    def total(self, name: str) -> Money:
        """The sum of a column of the lines."""
        amounts = (getattr(line, name).amount for line in self.lines)
        return Money(sum(amounts, Decimal(0)), self.currency).quantized()

    @property
    def goods(self) -> Money:
        """Goods of all lines."""
        return self.total("goods")

    @property
    def refunded(self) -> Money:
        """Goods that came back."""
        return self.total("refunded")

    @property
    def commission(self) -> Money:
        """The shop's commission."""
        return self.total("commission")

    @property
    def tax(self) -> Money:
        """Tax on the commission."""
        return self.total("tax")

    @property
    def partners(self) -> Money:
        """Commission of partners (KOL, KOC) that the brand bears."""
        return self.total("partners")

    @property
    def net(self) -> Money:
        """What the lines come to."""
        return self.total("net")

    @property
    def closing(self) -> Money:
        """What stays due."""
        return self.opening + self.net - self.paid


def payout_statements(movements: QuerySet[LedgerMovement]) -> list[PayoutStatement]:
    """Every payout of one brand's movements, newest first, after the open period of a currency.

    A currency in which nothing was ever due has none.
    """
    rows = movements.filter(entries__account__in=(Account.BRAND_PAYABLE, *_KEPT)).distinct()
    by_currency: dict[str, list[_Booked]] = {}
    for row in rows.select_related("order").prefetch_related("entries").order_by("pk"):
        for booked in _booked(row):
            by_currency.setdefault(booked.currency, []).append(booked)
    found = [each for name in sorted(by_currency) for each in _periods(name, by_currency[name])]
    return sorted(found, key=lambda each: (each.payout_id is not None, -(each.payout_id or 0)))


@dataclass(frozen=True, slots=True)
class _Booked:
    """A movement's part in one currency: what it did to the accounts that the brand sees."""

    row: LedgerMovement
    currency: str
    due: Decimal
    commission: Decimal
    tax: Decimal

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency).quantized()

    def line(self) -> StatementLine:
        is_partners = self.row.kind == MovementKind.PARTNER_CHARGE
        partners = self.due if is_partners else Decimal(0)
        goods = self.due - self.commission - self.tax - partners
        return StatementLine(
            self.row.booked_at,
            self.row.kind,
            self.row.order.number if self.row.order else "",
            self.money(max(goods, Decimal(0))),
            self.money(min(goods, Decimal(0))),
            self.money(self.commission),
            self.money(self.tax),
            self.money(partners),
        )


def _booked(row: LedgerMovement) -> Iterable[_Booked]:
    sums: dict[str, dict[str, Decimal]] = {}
    for entry in row.entries.all():
        of_currency = sums.setdefault(entry.currency, {})
        of_currency[entry.account] = of_currency.get(entry.account, Decimal(0)) + entry.amount
    for currency, found in sums.items():
        due, fee, tax = (found.get(name, Decimal(0)) for name in (Account.BRAND_PAYABLE, *_KEPT))
        if due or fee or tax:
            # What is owed to the brand is below zero in the ledger, and so is what the shop keeps.
            yield _Booked(row, currency, -due, fee, tax)


def _periods(currency: str, booked: list[_Booked]) -> Iterable[PayoutStatement]:
    opening = paid = Money(Decimal(0), currency).quantized()
    lines: list[StatementLine] = []
    for each in booked:
        if each.row.kind != MovementKind.PAYOUT:
            lines.append(each.line())
            continue
        done = PayoutStatement(
            currency,
            opening,
            tuple(lines),
            each.money(-each.due),
            each.row.pk,
            each.row.key.removeprefix(_PREFIX),
            each.row.booked_at,
        )
        yield done
        opening, lines = done.closing, []
    yield PayoutStatement(currency, opening, tuple(lines), paid)
