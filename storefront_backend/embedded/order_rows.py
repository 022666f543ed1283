"""Order rows as the domain's order."""

from __future__ import annotations

from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.commerce.checkout import Address
from storefront_backend.commerce.orders import Fulfillment, Order, OrderLine, OrderState
from storefront_backend.orders.models import Order as OrderRow


def order_of(row: OrderRow, *, brand: str = "") -> Order:
    """The order; for a brand, with its own lines and parcel only."""
    lines = [line for line in row.lines.select_related("brand") if brand in ("", line.brand.slug)]
    parcels = [
        parcel
        for parcel in row.fulfillments.select_related("brand")
        if brand in ("", parcel.brand.slug)
    ]
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
                goods=Money(line.goods, row.currency),
                passport=Passport.from_json(line.passport),
                engraving=line.engraving,
                ring_size=line.ring_size,
            )
            for line in lines
        ),
        cost=LandedCost.from_json(row.landed),
        paid=Money(row.paid, row.currency),
        refunded=Money(row.refunded, row.currency),
        shipping_address=Address.from_json(row.shipping_address),
        fulfillments=tuple(
            Fulfillment(
                id=str(parcel.pk),
                number=parcel.number,
                brand=parcel.brand.slug,
                state=parcel.state,
                line_ids=tuple(str(line.pk) for line in lines if line.brand_id == parcel.brand_id),
                tracking=parcel.tracking,
            )
            for parcel in parcels
        ),
        created_at=row.created_at,
    )
