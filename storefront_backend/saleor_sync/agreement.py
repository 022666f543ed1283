"""What happened to an order on either side, brought to the other. Every step is idempotent."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from i18n.money import Money
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.commerce.ports import OrderEngine
from storefront_backend.orders.models import Fulfillment, Order, Transaction, TransactionEvent
from storefront_backend.saleor import orders as theirs_of
from storefront_backend.saleor import payments
from storefront_backend.saleor.orders import SaleorOrder, read_order
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import SaleorSale

# A parcel that the Dashboard sent without a tracking number is known by Saleor's own name for it.
UNTRACKED = "saleor:"
_TOLD = (
    EventKind.REFUNDED,
    EventKind.REFUND_FAILED,
    EventKind.DISPUTED,
    EventKind.DISPUTE_WON,
    EventKind.DISPUTE_LOST,
    EventKind.CANCELED,
)


def payment_of(order: Order) -> Transaction | None:
    """The payment that made the order; None where it was paid by another way than ours."""
    try:
        reference = uuid.UUID(order.payment_reference)
    except ValueError:
        return None
    return Transaction.objects.filter(reference=reference).first()


def take_over_parcels(ours: OrderEngine, order: Order, theirs: SaleorOrder) -> None:
    """Parcels that Saleor's side has sent leave here, too."""
    known = set(_sent(order).values_list("tracking", flat=True))
    lines = {line.sku: line for line in order.lines.select_related("brand")}
    for parcel in theirs.parcels:
        tracking = parcel.tracking or f"{UNTRACKED}{parcel.id}"
        if parcel.status != "FULFILLED" or tracking in known:
            continue
        by_brand: dict[str, dict[str, int]] = {}
        for sku, count in parcel.pieces:
            if sku in lines:
                own = by_brand.setdefault(lines[sku].brand.slug, {})
                own[str(lines[sku].pk)] = own.get(str(lines[sku].pk), 0) + count
        for brand, pieces in by_brand.items():
            ours.fulfil(order.number, brand=brand, tracking=tracking, pieces=pieces)


def report_parcels(saleor: Saleor, order: Order, theirs: SaleorOrder) -> None:
    """Parcels that a brand has sent become Saleor's fulfillments."""
    known = {parcel.tracking for parcel in theirs.parcels}
    is_stale = False
    for parcel in _sent(order).prefetch_related("lines__line"):
        if parcel.tracking in known or parcel.tracking.startswith(UNTRACKED):
            continue
        pieces: dict[str, int] = {}
        for each in parcel.lines.all():
            pieces[each.line.sku] = pieces.get(each.line.sku, 0) + each.quantity
        # What the first parcel left is read again before the second.
        existing = read_order(saleor, theirs.id) if is_stale else theirs
        theirs_of.fulfil(saleor, existing, pieces, parcel.tracking)
        is_stale = True


def report_payments(saleor: Saleor, row: SaleorSale, order: Order, theirs: SaleorOrder) -> None:
    """What the provider said since the sale, each once by its own name."""
    payment = payment_of(order)
    if payment is None or not row.transaction_id:
        return
    for event in rows.counted(payment):
        kind = EventKind(event.kind)
        # The first charge is sent with the sale, but for money that was only held then.
        late = kind is EventKind.CHARGED and not theirs.charged
        if (kind in _TOLD or late) and event.event_id not in theirs.reported:
            payments.report(saleor, _event(event, payment), transaction=row.transaction_id)


def money_apart(order: Order, theirs: SaleorOrder) -> str:
    """Where the money of an order differs between the sides; empty where it does not."""
    payment = payment_of(order)
    if payment is None:
        return ""
    apart = []
    ours = (
        ("charged", payment.charged, theirs.charged),
        ("refunded", payment.refunded, theirs.refunded),
    )
    for name, here, there in ours:
        if here != there.amount:
            apart.append(f"{name} {Money(here, order.currency).quantized()} here, {there} there")
    return "; ".join(apart)


def _sent(order: Order) -> QuerySet[Fulfillment]:
    return order.fulfillments.filter(state=Fulfillment.State.FULFILLED)


def _event(row: TransactionEvent, payment: Transaction) -> PaymentEvent:
    return PaymentEvent(
        id=row.event_id,
        kind=EventKind(row.kind),
        reference=str(payment.reference),
        provider_id=payment.provider_id,
        amount=Money(row.amount, row.currency).quantized(),
        occurred_at=row.occurred_at,
        reason=row.reason,
    )
