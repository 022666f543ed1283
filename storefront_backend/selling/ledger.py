"""The brands' ledger over our rows: what follows from a sale, a parcel, a refund, a payout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from i18n.landed_cost import LandedCost
from i18n.money import Money
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce import ledger
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.ledger import Account, Movement
from storefront_backend.commerce.shares import Share, shares
from storefront_backend.orders.models import LedgerEntry, LedgerMovement, Order, OrderLine


def line_shares(order: Order, lines: Iterable[OrderLine]) -> dict[int, Share]:
    """What each line has of the order's landed cost, by the line's primary key."""
    goods = {str(line.pk): Money(line.goods, order.currency) for line in lines}
    found = shares(LandedCost.from_json(order.landed), goods)
    return {int(key): share for key, share in found.items()}


def write(
    movement: Movement,
    brand: Brand | None,
    order: Order | None,
    at: datetime,
    note: str = "",
    *,
    partner: Partner | None = None,
) -> bool:
    """Book a movement, idempotent by its key; False where it is booked already."""
    row, new = LedgerMovement.objects.get_or_create(
        key=movement.key,
        defaults={
            "kind": movement.kind,
            "brand": brand,
            "order": order,
            "partner": partner,
            "booked_at": at,
            "note": note[:200],
        },
    )
    if new:
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                movement=row,
                account=entry.account,
                brand=brand,
                order=order,
                currency=entry.amount.currency,
                amount=entry.amount.amount,
            )
            for entry in movement.entries
        )
    return new


def book_sale(order: Order, at: datetime) -> None:
    """Each brand's part of an order; idempotent."""
    lines = list(order.lines.select_related("brand"))
    each = line_shares(order, lines)
    for brand in {line.brand_id: line.brand for line in lines}.values():
        of_brand = (each[line.pk] for line in lines if line.brand_id == brand.pk)
        share = Share.sum(of_brand, order.currency)
        write(ledger.sale(f"sale {order.number} {brand.slug}", brand.slug, share), brand, order, at)


@dataclass(frozen=True, slots=True)
class Due:
    """What a brand is owed and what of it is not due yet, in one currency."""

    brand: str
    due: Money
    held: Money


def dues(brand: str = "") -> list[Due]:
    """Every brand's balance in every currency it sold in, by brand and currency."""
    entries = LedgerEntry.objects.filter(account__in=(Account.BRAND_HELD, Account.BRAND_PAYABLE))
    if brand:
        entries = entries.filter(brand__slug=brand)
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in (
        entries.order_by()
        .values("brand__slug", "currency", "account")
        .annotate(balance=Sum("amount"))
    ):
        sums.setdefault((row["brand__slug"], row["currency"]), {})[row["account"]] = -row["balance"]
    return [
        Due(
            slug,
            Money(found.get(Account.BRAND_PAYABLE, Decimal(0)), currency).quantized(),
            Money(found.get(Account.BRAND_HELD, Decimal(0)), currency).quantized(),
        )
        for (slug, currency), found in sorted(sums.items())
    ]


def balances() -> dict[str, dict[str, Decimal]]:
    """Every account's balance by currency; each currency's sum is zero."""
    found: dict[str, dict[str, Decimal]] = {}
    sums = LedgerEntry.objects.order_by().values("currency", "account")
    for row in sums.annotate(balance=Sum("amount")):
        found.setdefault(row["currency"], {})[row["account"]] = row["balance"]
    return found


@dataclass(frozen=True, slots=True)
class Open:
    """Money of an order that is not allocated yet; below zero: the shopper is owed it."""

    order: str
    account: Account
    amount: Money


def open_money(order: str = "") -> list[Open]:
    """What a person has to allocate, by order and account."""
    entries = LedgerEntry.objects.filter(account__in=ledger.OPEN_ACCOUNTS)
    if order:
        entries = entries.filter(order__number=order)
    sums = entries.order_by("order__number", "account").values(
        "order__number", "account", "currency"
    )
    return [
        Open(
            row["order__number"],
            Account(row["account"]),
            Money(row["balance"], row["currency"]).quantized(),
        )
        for row in sums.annotate(balance=Sum("amount"))
        if row["balance"]
    ]


def pay_out(brand: str, amount: Money, *, reference: str, at: datetime) -> bool:
    """Book that a brand has been paid; the reference is the bank's and pays once.

    False where it is booked already. Raises InvalidRequest where more is paid than is due, or the
    reference paid another amount.
    """
    key = f"payout {reference}"
    with transaction.atomic():
        row = Brand.objects.select_for_update().get(slug=brand)
        known = LedgerMovement.objects.filter(key=key).first()
        if known is not None:
            paid = known.entries.get(account=Account.BRAND_PAYABLE)
            if (known.brand_id, paid.amount, paid.currency) != (
                row.pk, amount.amount, amount.currency,
            ):  # fmt: skip
                raise InvalidRequest("That reference paid something else", field="reference")
            return False
        due = next((d.due for d in dues(brand) if d.due.currency == amount.currency), None)
        if due is None or not Decimal(0) < amount.amount <= due.amount:
            raise InvalidRequest(
                f"{brand} is owed {due or 'nothing'}, not {amount}", field="amount"
            )
        return write(ledger.payout(key, brand, amount), row, None, at)
