"""Order rows as the domain's order."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.commerce.checkout import Address
from storefront_backend.commerce.orders import (
    Fulfillment,
    Order,
    OrderLine,
    OrderState,
    Refund,
    RefundLine,
)
from storefront_backend.commerce.shares import Share
from storefront_backend.orders.models import Fulfillment as FulfillmentRow
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.models import OrderLine as OrderLineRow
from storefront_backend.orders.models import Refund as RefundRow


def _related() -> tuple[Prefetch | str, ...]:  # type: ignore[type-arg]  # of three models
    """All that `order_of` reads, a query each."""
    return (
        Prefetch("lines", OrderLineRow.objects.select_related("brand")),
        "lines__pieces",
        Prefetch("fulfillments", FulfillmentRow.objects.select_related("brand")),
        "fulfillments__lines",
        Prefetch("refunds", RefundRow.objects.select_related("brand")),
        "refunds__lines",
    )


def order_of(row: OrderRow, *, brand: str = "") -> Order:
    """The order; for a brand, with its own lines and parcel only."""
    if not getattr(row, "_prefetched_objects_cache", None):
        prefetch_related_objects([row], *_related())
    lines = [line for line in row.lines.all() if brand in ("", line.brand.slug)]
    parcels = [p for p in row.fulfillments.all() if brand in ("", p.brand.slug)]
    refunds = [r for r in row.refunds.all() if brand in ("", r.brand.slug)]
    return Order(
        number=row.number,
        token=str(row.token),
        market=row.market,
        language=row.language,
        email=row.email,
        state=OrderState(row.state),
        lines=tuple(
            OrderLine(
                id=str(line.pk),
                sku=line.sku,
                brand=line.brand.slug,
                name=line.name,
                label=line.label,
                quantity=line.quantity,
                goods=Money(line.goods, row.currency).quantized(),
                passport=Passport.from_json(line.passport),
                engraving=line.engraving,
                ring_size=line.ring_size,
                warehouse=line.warehouse,
                lead_days=line.lead_days,
                serials=tuple(piece.serial for piece in line.pieces.all()),
            )
            for line in lines
        ),
        cost=LandedCost.from_json(row.landed),
        paid=Money(row.paid, row.currency).quantized(),
        refunded=Money(row.refunded, row.currency).quantized(),
        shipping_address=Address.from_json(row.shipping_address),
        fulfillments=tuple(
            Fulfillment(
                id=str(parcel.pk),
                number=parcel.number,
                brand=parcel.brand.slug,
                state=parcel.state,
                pieces=tuple((str(held.line_id), held.quantity) for held in parcel.lines.all()),
                tracking=parcel.tracking,
                carrier=parcel.carrier,
                sent_at=parcel.sent_at,
            )
            for parcel in parcels
        ),
        created_at=row.created_at,
        gift_message=row.gift_message,
        promo=row.promo,
        delivery=row.delivery,
        no_return_consent_at=row.no_return_consent_at,
        refunds=tuple(_refund(refund, row.currency) for refund in refunds),
    )


def loaded(rows: QuerySet[OrderRow]) -> QuerySet[OrderRow]:
    """The rows with all that `order_of` reads, in as many queries as there are tables."""
    return rows.prefetch_related(*_related())


def bought_by(user_id: int, *, after: str = "", limit: int) -> list[Order]:
    """An account's orders, newest first, from after the order of that number on."""
    rows = OrderRow.objects.filter(user=user_id).order_by("-pk")
    if after:
        rows = rows.filter(
            pk__lt=OrderRow.objects.filter(number=after, user=user_id).values("pk")[:1]
        )
    return [order_of(row) for row in loaded(rows[:limit])]


def _refund(refund: RefundRow, currency: str) -> Refund:
    return Refund(
        number=refund.number,
        brand=refund.brand.slug,
        kind=refund.kind,
        state=refund.state,
        reason=refund.reason,
        duty_note=refund.duty_note,
        amount=Money(refund.amount, currency).quantized(),
        lines=tuple(
            RefundLine(
                str(row.line_id),
                row.quantity,
                Share(
                    Money(row.goods, currency).quantized(),
                    Money(row.shipping, currency).quantized(),
                    Money(row.duty, currency).quantized(),
                    Money(row.tax, currency).quantized(),
                ),
            )
            for row in refund.lines.all()
        ),
        created_at=refund.created_at,
    )
