"""A paid checkout becomes an order in one transaction: idempotent, with rollback on failure."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from i18n.landed_cost import LandedCost
from i18n.locales import text_in
from i18n.money import Money
from storefront_backend.commerce.checkout import DeliveryOption
from storefront_backend.commerce.errors import CheckoutClosed, InvalidRequest
from storefront_backend.orders.models import (
    Checkout,
    CheckoutLine,
    Fulfillment,
    FulfillmentLine,
    OrderLine,
)
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.selling import attribution, promotions, stock
from storefront_backend.selling.checkout_rows import (
    checkout_of,
    variant_label,
)
from storefront_backend.selling.ledger import book_sale

_FIRST_NUMBER = 100_000


def sell(checkout_id: int, paid: Money, payment_reference: str, now: datetime) -> OrderRow:
    """The order of a paid checkout; the same order when it exists already.

    Raises InvalidRequest when what was paid is not what was quoted, OutOfStock when the pieces are
    gone (their reservation ran out while the shopper paid), CheckoutClosed when it was given up or
    paid by another payment.
    In each case the transaction is rolled back, and the caller refunds the money.
    """
    with transaction.atomic():
        # A row lock against the usual race: a webhook and the shopper's return arrive together.
        checkout = Checkout.objects.select_for_update().get(pk=checkout_id)
        known = OrderRow.objects.filter(checkout=checkout).first()
        if known is not None and known.payment_reference == payment_reference:
            return known
        if known is not None:
            raise CheckoutClosed("The order has been paid by another payment", field="token")
        if checkout.state == Checkout.State.ABANDONED:
            raise CheckoutClosed("This checkout was abandoned", field="token")
        view = checkout_of(checkout)
        if checkout.quote is None or view.missing:
            raise InvalidRequest("The checkout is not complete", field="token")
        cost = LandedCost.from_json(checkout.quote)
        if paid != cost.at_checkout:
            raise InvalidRequest(
                f"{paid} was paid where {cost.at_checkout} was due", field="amount"
            )
        lines = list(checkout.lines.all())  # read with all that they are sold with
        if not checkout.reservations.exists():
            address = checkout.shipping_address or {}
            stock.reserve(checkout, lines, address.get("country", ""), now + timedelta(minutes=1))
        taken = stock.take(checkout)
        promotions.use(checkout.promo, checkout.email)
        order = _write(checkout, cost, view.delivery, paid, payment_reference)
        _write_lines(order, checkout, cost, lines, taken)
        _write_parcels(order)
        attribution.freeze(order, checkout, now)
        book_sale(order, now)
        return order


def _write(
    checkout: Checkout,
    cost: LandedCost,
    delivery: DeliveryOption | None,
    paid: Money,
    payment_reference: str,
) -> OrderRow:
    order = OrderRow.objects.create(
        # One order a checkout, so the checkout's number numbers the order as well.
        number=str(_FIRST_NUMBER + checkout.pk),
        checkout=checkout,
        payment_reference=payment_reference,
        user_id=checkout.user_id,
        market=checkout.market,
        language=checkout.language,
        currency=checkout.currency,
        email=checkout.email,
        total=cost.at_checkout.amount,
        paid=paid.amount,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address,
        delivery=delivery.name if delivery else "",
        partner=checkout.partner,
        code=checkout.code,
        promo=checkout.promo,
        gift_message=checkout.gift_message,
        no_return_consent_at=checkout.no_return_consent_at,
        landed=cost.to_json(),
        rates=checkout.rates,
    )
    checkout.state = Checkout.State.COMPLETED
    checkout.save(update_fields=("state", "updated_at"))
    return order


def _write_lines(
    order: OrderRow,
    checkout: Checkout,
    cost: LandedCost,
    lines: list[CheckoutLine],
    taken: dict[int, str],
) -> None:
    goods = {line.line_id: line.amount.amount for line in cost.lines if line.kind == "goods"}
    rows = [
        OrderLine(
            order=order,
            brand=line.variant.product.brand,
            variant=line.variant,
            position=position,
            sku=line.variant.sku,
            name=text_in(line.variant.product.names, checkout.language),
            label=variant_label(line.variant),
            quantity=line.quantity,
            # Of the bill, so with what a code took off.
            goods=goods[str(line.pk)],
            passport=line.variant.passport,
            engraving=line.engraving,
            ring_size=line.ring_size,
            warehouse=taken.get(line.variant_id, ""),
            lead_days=None if line.variant_id in taken else line.variant.made_to_order_days,
        )
        for position, line in enumerate(lines)
    ]
    OrderLine.objects.bulk_create(rows)
    stock.assign_serials(rows)
    # Checkout lines are gone one day, so the bill names order lines from now on.
    ids = {str(old.pk): str(new.pk) for old, new in zip(lines, rows, strict=True)}
    for line in order.landed["lines"]:
        line["line_id"] = ids.get(line["line_id"], line["line_id"])
        if "parts" in line:
            line["parts"] = {ids[key]: part for key, part in line["parts"].items()}
    order.save(update_fields=("landed",))


def _write_parcels(order: OrderRow) -> None:
    """A parcel for each brand, on the brand's terms of today."""
    lines = list(order.lines.select_related("brand__terms"))
    brands = {line.brand_id: line.brand for line in lines}
    parcels = {}
    for count, brand in enumerate(brands.values(), start=1):
        terms = getattr(brand, "terms", None)
        parcels[brand.pk] = Fulfillment(
            order=order,
            brand=brand,
            number=f"{order.number}-{count}",
            commission=terms.commission if terms else Decimal(0),
            commission_tax=terms.commission_tax if terms else Decimal(0),
        )
    Fulfillment.objects.bulk_create(parcels.values())
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment=parcels[line.brand_id], line=line, quantity=line.quantity)
        for line in lines
    )
