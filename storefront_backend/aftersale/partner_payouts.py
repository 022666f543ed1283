"""Paying partners: what is due after all refunds, unless a signal holds it for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from i18n.money import Money
from storefront_backend.aftersale import commissions
from storefront_backend.background.items import each
from storefront_backend.campaigns.models import Partner
from storefront_backend.commerce import ledger
from storefront_backend.commerce.attribution import address_key
from storefront_backend.commerce.errors import InvalidRequest, KeyReused
from storefront_backend.commerce.ledger import Account, MovementKind
from storefront_backend.commerce.partner_signals import OrderFacts, signals
from storefront_backend.orders.models import LedgerEntry, LedgerMovement
from storefront_backend.partners.models import Attribution, PayoutHold
from storefront_backend.partners.reading import PAYOUT_PREFIX, due
from storefront_backend.selling.attribution import agreed
from storefront_backend.selling.ledger import write


class PayoutHeld(InvalidRequest):
    """A signal holds the partner's payouts; a person releases it, with a reason."""

    code = "payout_held"


def pay(partner_id: int, amount: Money, *, reference: str, at: datetime) -> bool:
    """Book that a partner has been paid; the reference is the bank's and pays once.

    Commission and signals are brought up to date first. False where it is booked already. Raises
    PayoutHeld; InvalidRequest where more is paid than is due, or the partner agreed to no terms;
    KeyReused where the reference paid something else.
    """
    reference = reference.strip()
    if not reference:
        raise InvalidRequest("A payout has the bank's reference", field="reference")
    refresh(partner_id, at)
    key = f"{PAYOUT_PREFIX}{reference}"
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        known = LedgerMovement.objects.filter(key=key).first()
        if known is not None:
            _check_same(known, partner, amount)
            return False
        if agreed(partner) is None:
            raise InvalidRequest(f"{partner.code} has agreed to no terms", field="partner")
        if open_holds(partner_id).exists():
            raise PayoutHeld(
                f"Payouts of {partner.code} are held",
                field="partner",
                hint="Look at the signals, and release each with a reason.",
            )
        owed = next((each for each in due(partner_id) if each.currency == amount.currency), None)
        if owed is None or not Decimal(0) < amount.amount <= owed.amount:
            raise InvalidRequest(
                f"{partner.code} is owed {owed or 'nothing'}, not {amount}", field="amount"
            )
        return write(ledger.partner_payout(key, amount), None, None, at, partner=partner)


def refresh(partner_id: int, now: datetime) -> None:
    """Book what is due of a partner's orders, and write down what signals there are."""
    for row in commissions.unsettled(now).filter(partner=partner_id):
        commissions.book(row.pk, now)
    find_holds(partner_id, now)


def find_all_holds(now: datetime) -> int:
    """Write down the signals of partners whose orders or money have moved lately.

    Returns how many are new. What a run misses is found when the partner is paid (`refresh`).
    """
    count = 0

    def work(partner_id: int) -> bool:
        nonlocal count
        found = find_holds(partner_id, now)
        count += found
        return bool(found)

    since = now - commissions.OVERLAP
    sent = Attribution.objects.filter(created_at__gte=since).values_list("partner", flat=True)
    moved = LedgerMovement.objects.filter(partner__isnull=False, booked_at__gte=since)
    partners = sent.union(moved.values_list("partner", flat=True)).order_by("partner")
    each("partner-holds", partners, work, now, most=None)
    return count


def find_holds(partner_id: int, now: datetime) -> int:
    """Write down a partner's signals, each once; one that a person released stays released."""
    paid = LedgerMovement.objects.filter(partner=partner_id, kind=MovementKind.PARTNER_PAYOUT)
    found = signals(_facts(partner_id), paid.values_list("booked_at", flat=True))
    known = set(PayoutHold.objects.filter(partner=partner_id).values_list("signal", "subject"))
    rows = [
        PayoutHold(
            partner_id=partner_id,
            signal=each.signal,
            subject=each.subject,
            orders=list(each.orders),
            found_at=now,
        )
        for each in found
        if (each.signal, each.subject) not in known
    ]
    PayoutHold.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def open_holds(partner_id: int) -> QuerySet[PayoutHold]:
    """What holds a partner's payouts now."""
    return PayoutHold.objects.filter(partner=partner_id, released_at=None)


def release(hold_id: int, *, by: int, reason: str, at: datetime) -> None:
    """Release a hold; idempotent. The database keeps who did it (audit). Raises InvalidRequest."""
    if not reason.strip():
        raise InvalidRequest("Say why the payout may go on", field="reason")
    PayoutHold.objects.filter(pk=hold_id, released_at=None).update(
        released_at=at, released_by=by, reason=reason.strip()[:300]
    )


def _facts(partner_id: int) -> Iterable[OrderFacts]:
    moved: dict[int, list[tuple[datetime, Decimal]]] = {}
    entries = LedgerEntry.objects.filter(
        movement__partner=partner_id, account=Account.PARTNER_DUE, order__isnull=False
    )
    for order, at, amount in entries.values_list("order", "movement__booked_at", "amount"):
        moved.setdefault(order, []).append((at, -amount))
    for row in Attribution.objects.filter(partner=partner_id).select_related("order"):
        mine = moved.get(row.order_id, [])
        yield OrderFacts(
            row.order.number,
            _door(row.order.shipping_address),
            row.refusal,
            min((at for at, amount in mine if amount > 0), default=None),
            max((at for at, amount in mine if amount < 0), default=None),
        )


def _door(address: dict[str, str]) -> str:
    """A digest: a signal names a door without keeping where it is."""
    key = address_key(address)
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def _check_same(known: LedgerMovement, partner: Partner, amount: Money) -> None:
    paid = known.entries.get(account=Account.PARTNER_DUE)
    if (known.partner_id, paid.amount, paid.currency) != (
        partner.pk, amount.amount, amount.currency,
    ):  # fmt: skip
        raise KeyReused("That reference paid something else", field="reference")
