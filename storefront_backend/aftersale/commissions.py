"""Partners' commission in the ledger: earned when a line is final, taken back by every refund.

What is due on a line follows from what the order is now; what was booked before is subtracted, and
the difference is booked. So it does not matter how a refund was made, in which order, or how often
this runs. Two processes cannot book one difference: the attribution's row is locked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from i18n.money import Money
from storefront_backend.aftersale import pieces
from storefront_backend.background.items import each
from storefront_backend.commerce import ledger
from storefront_backend.commerce.commissions import Bearer, commission_on, goods_kept
from storefront_backend.commerce.ledger import OPEN_ACCOUNTS, Account, MovementKind
from storefront_backend.orders.models import (
    Fulfillment,
    LedgerEntry,
    LedgerMovement,
    Order,
    Refund,
)
from storefront_backend.partners.models import AttributedLine, Attribution
from storefront_backend.selling.ledger import write

# A transaction may commit later than the time it wrote: look back that far once more. An order
# that is not final yet is looked at as often.
OVERLAP = timedelta(hours=1)
_PARTNERS = (
    MovementKind.PARTNER_EARNING,
    MovementKind.PARTNER_CHARGE,
    MovementKind.PARTNER_PAYOUT,
)


def book_due(now: datetime) -> int:
    """Book what is due of every order; returns how many movements were written. Idempotent."""
    count = 0

    def work(row: Attribution) -> bool:
        nonlocal count
        booked = book(row.pk, now)
        count += booked
        return bool(booked)

    each("partner-commission", unsettled(now), work, now, id_of=lambda row: str(row.pk), most=None)
    return count


def unsettled(now: datetime) -> QuerySet[Attribution]:
    """Attributions whose commission may have changed since it was booked."""
    since = F("booked_until") - OVERLAP
    refunded = Refund.objects.filter(order=OuterRef("order"), created_at__gte=OuterRef("since"))
    moved = LedgerMovement.objects.filter(
        order=OuterRef("order"), booked_at__gte=OuterRef("since")
    ).exclude(kind__in=_PARTNERS)
    sent = Fulfillment.objects.filter(
        order=OuterRef("order"), state=Fulfillment.State.FULFILLED, sent_at__lte=now
    )
    waits = Q(final_at=None) & (Q(booked_until=None) | Q(booked_until__lt=now - OVERLAP))
    return (
        Attribution.objects.filter(refusal="")
        .annotate(since=since)
        .filter(waits & Exists(sent) | Exists(refunded) | Exists(moved))
        .order_by("pk")
    )


def book(attribution_id: int, now: datetime) -> int:
    """Book the difference of every line of one order; returns how many movements. Idempotent."""
    with transaction.atomic():
        row = Attribution.objects.select_for_update().get(pk=attribution_id)
        # An order's rows are read after the lock: what commits later is counted by a later run.
        order = row.order
        counts = pieces.count(order)
        left, lost = _money_left(order)
        lines = list(row.lines.select_related("line__brand"))
        booked = 0
        final = True
        for each_line in lines:
            before = _booked(each_line)
            # What was earned once is corrected at once.
            if not before.movements and not _is_final(
                each_line, counts[each_line.line_id], row, now
            ):
                final = False
                continue
            due = commission_on(_kept(each_line, order, left, lost), each_line.rate)
            booked += _book_difference(each_line, row, order, before, due, now)
        row.booked_until = now
        row.final_at = row.final_at or (now if final else None)
        row.save(update_fields=("booked_until", "final_at"))
        return booked


def earned(lines: Iterable[AttributedLine]) -> dict[int, Decimal]:
    """What is booked of each attributed line, by its primary key."""
    return {line.pk: _booked(line).amount for line in lines}


def _is_final(
    attributed: AttributedLine, count: pieces.Count, row: Attribution, now: datetime
) -> bool:
    """Every piece has left or was cancelled, and the time for returns has passed."""
    if count.waiting:
        return False
    sent = Fulfillment.objects.filter(
        lines__line=attributed.line_id, state=Fulfillment.State.FULFILLED
    )
    last = sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last is None or last + timedelta(days=row.final_after_days) <= now


def _kept(attributed: AttributedLine, order: Order, left: Money, lost: Money) -> Money:
    refunded = attributed.line.refund_lines.aggregate(sum=Sum("goods"))["sum"] or Decimal(0)
    goods = Money(attributed.line.goods, order.currency)
    return goods_kept(goods, Money(refunded, order.currency), left, lost)


def _money_left(order: Order) -> tuple[Money, Money]:
    """What was paid less refunds that name lines, and what of it is open or lost."""
    refunded = order.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    lost = LedgerEntry.objects.filter(
        order=order, currency=order.currency, account__in=(*OPEN_ACCOUNTS, Account.LOSS)
    ).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    left = Money(order.paid - refunded, order.currency)
    return left, Money(max(lost, Decimal(0)), order.currency)


class _Booked(NamedTuple):
    """The commission in the ledger for a line, and in how many movements."""

    amount: Decimal
    movements: int


def _booked(attributed: AttributedLine) -> _Booked:
    movements = LedgerMovement.objects.filter(key__startswith=f"{_key(attributed)} ")
    entries = LedgerEntry.objects.filter(movement__in=movements, account=Account.PARTNER_DUE)
    total = entries.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return _Booked(-total, movements.count())


def _key(attributed: AttributedLine) -> str:
    return f"partner-earning {attributed.line_id}"


def _book_difference(
    attributed: AttributedLine,
    row: Attribution,
    order: Order,
    before: _Booked,
    due: Money,
    now: datetime,
) -> int:
    difference = due - Money(before.amount, order.currency)
    if not difference:
        return 0
    key = f"{_key(attributed)} {before.movements + 1}"
    write(ledger.partner_earning(key, difference), None, order, now, partner=row.partner)
    if attributed.borne_by == Bearer.BRAND:
        brand = attributed.line.brand
        charge = ledger.partner_charge(f"charge {key}", brand.slug, difference)
        write(charge, brand, order, now)
    return 1
