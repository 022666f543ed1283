"""All that is known of one order, gathered for the page that a person decides on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from i18n.addresses import CheckedAddress
from i18n.money import Money
from storefront_backend.aftersale import pieces
from storefront_backend.background.models import Failure
from storefront_backend.commerce.orders import Order
from storefront_backend.desk.operator.acts import acts_of, fresh_key
from storefront_backend.desk.operator.words import WORDS
from storefront_backend.orders.models import Fulfillment, LedgerMovement, OrderMail, Transaction
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of
from storefront_backend.selling.ledger import Open, open_money


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its money and where its pieces are."""

    id: str
    line: Any
    count: pieces.Count


@dataclass(frozen=True, slots=True)
class BrandPart:
    """A brand's part: its lines, and whether a parcel waits."""

    brand: str
    lines: tuple[Line, ...]

    @property
    def waiting(self) -> int:
        """Pieces that have not left."""
        return sum(each.count.waiting for each in self.lines)


@dataclass(frozen=True, slots=True)
class LetterState:
    """A letter about the order: sent, refused by its address, failing, or not due yet."""

    kind: str
    parcel: str  # its number; empty for the confirmation
    sent_at: datetime | None = None
    problem: str = ""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    what: str
    detail: str = ""


def parts(row: OrderRow, order: Order) -> list[BrandPart]:
    """By brand, in the order of the lines."""
    counts = pieces.count(row)
    brands = dict.fromkeys(line.brand for line in order.lines)
    return [
        BrandPart(
            brand,
            tuple(
                Line(line.id, line, counts[int(line.id)])
                for line in order.lines
                if line.brand == brand
            ),
        )
        for brand in brands
    ]


def letters(row: OrderRow) -> list[LetterState]:
    """The confirmation, and the news of each parcel that has left."""
    sent = {mail.parcel_id: mail for mail in row.mails.all()}
    left = row.fulfillments.filter(state=Fulfillment.State.FULFILLED)
    failed = {
        (failure.kind, failure.item): failure
        for failure in Failure.objects.filter(
            kind__in=("mail:order", "mail:parcel"),
            item__in=[str(row.pk), *(str(parcel.pk) for parcel in left)],
        )
    }
    found = [_letter("confirmation", "", sent.get(None), failed.get(("mail:order", str(row.pk))))]
    for parcel in left:
        failure = failed.get(("mail:parcel", str(parcel.pk)))
        found.append(_letter("parcel", parcel.number, sent.get(parcel.pk), failure))
    return found


def _letter(kind: str, parcel: str, mail: OrderMail | None, failure: Failure | None) -> LetterState:
    if mail is None:
        return LetterState(kind, parcel, failure=failure)
    return LetterState(kind, parcel, mail.sent_at, mail.problem, failure)


def timeline(row: OrderRow, order: Order, payments: Iterable[Transaction]) -> list[Event]:
    """What happened, newest first."""
    found = [Event(row.created_at, _("Order placed"), str(order.cost.total))]
    for payment in payments:
        for event in payment.events.all():
            word = str(WORDS["event"].get(event.kind, event.kind))
            money = str(Money(event.amount, event.currency).quantized())
            found.append(Event(event.occurred_at, word, event.reason or money))
    for parcel in order.fulfillments:
        if parcel.sent_at:
            said = f"{parcel.number} {parcel.carrier} {parcel.tracking}"
            found.append(Event(parcel.sent_at, _("Parcel sent"), said))
    for refund in order.refunds:
        said = f"{refund.number} {refund.amount}: {refund.reason}"
        found.append(Event(refund.created_at, str(WORDS["refund"][refund.kind]), said))
    for mail in row.mails.all():
        word = str(WORDS["letter"][mail.kind])
        found.append(Event(mail.sent_at, word, mail.problem))
    for act in acts_of("order", row.number):
        word = str(WORDS["act"].get(act.act, act.act))
        found.append(Event(act.at, f"{word} ({act.by_name})", act.note or act.after))
    return sorted(found, key=lambda event: event.at, reverse=True)


def order_context(row: OrderRow) -> dict[str, Any]:
    """What the order's page shows."""
    order = order_of(row)
    address = order.shipping_address
    payments = list(
        Transaction.objects.filter(checkout=row.checkout_id).prefetch_related("events", "requests")
    )
    movements = LedgerMovement.objects.filter(order=row).select_related("brand")
    open_now: list[Open] = open_money(row.number)
    return {
        "row": row,
        "order": order,
        "address": CheckedAddress(address.country, address.to_json(), ()).lines(),
        "phone": address.phone,
        "parts": parts(row, order),
        "payments": payments,
        "movements": movements.prefetch_related("entries"),
        "open": open_now,
        "letters": letters(row),
        "timeline": timeline(row, order, payments),
        "acts": acts_of("order", row.number),
        "key": fresh_key(),
    }
