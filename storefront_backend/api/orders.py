"""The order as GraphQL types: what was sold, its parcels, and what was refunded."""

from __future__ import annotations

from typing import Any

import graphene

from storefront_backend.api.money import LandedCost, Money
from storefront_backend.api.products import MOST, PageInfo
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.orders import Fulfillment as Parcel
from storefront_backend.commerce.orders import Order as OrderView
from storefront_backend.orders.reading import bought_by


class OrderLine(graphene.ObjectType):
    """A line as it was sold."""

    id = graphene.String(required=True)
    sku = graphene.String(required=True)
    brand = graphene.String(required=True)
    name = graphene.String(required=True)
    label = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    goods = graphene.Field(Money, required=True)
    engraving = graphene.String(required=True)
    ring_size = graphene.String(required=True)
    lead_days = graphene.Int()
    serials = graphene.List(graphene.NonNull(graphene.String), required=True)


class FulfillmentLine(graphene.ObjectType):
    """Pieces of an order line in a parcel."""

    order_line_id = graphene.String(required=True)
    quantity = graphene.Int(required=True)


class Fulfillment(graphene.ObjectType):
    """A brand's parcel; its invoice has its number."""

    number = graphene.String(required=True)
    brand = graphene.String(required=True)
    state = graphene.String(required=True, description="waiting, fulfilled or canceled")
    tracking = graphene.String(required=True)
    carrier = graphene.String(required=True, description="empty: the one the shopper chose")
    sent_at = graphene.DateTime()
    lines = graphene.List(graphene.NonNull(FulfillmentLine), required=True)

    @staticmethod
    def resolve_lines(parcel: Parcel, _: Any) -> list[dict[str, Any]]:
        """What is in it."""
        return [{"order_line_id": line, "quantity": count} for line, count in parcel.pieces]


class Refund(graphene.ObjectType):
    """A refund; its number is that of the credit note."""

    number = graphene.String(required=True)
    brand = graphene.String(required=True)
    kind = graphene.String(required=True, description="cancellation, return or allowance")
    state = graphene.String(required=True, description="asked or done")
    reason = graphene.String(required=True)
    duty_note = graphene.String(required=True)
    amount = graphene.Field(Money, required=True)
    created_at = graphene.DateTime(required=True)


class Order(graphene.ObjectType):
    """An order with the landed cost that the shopper saw."""

    number = graphene.String(required=True)
    token = graphene.String(required=True)
    channel = graphene.String(required=True)
    state = graphene.String(required=True)
    created_at = graphene.DateTime(required=True)
    lines = graphene.List(graphene.NonNull(OrderLine), required=True)
    fulfillments = graphene.List(graphene.NonNull(Fulfillment), required=True)
    refunds = graphene.List(graphene.NonNull(Refund), required=True)
    landed_cost = graphene.Field(LandedCost, required=True)
    total = graphene.Field(Money, required=True)
    paid = graphene.Field(Money, required=True)
    refunded = graphene.Field(Money, required=True)
    gift_message = graphene.String(required=True)

    @staticmethod
    def resolve_channel(order: OrderView, _: Any) -> str:
        """The market."""
        return order.market

    @staticmethod
    def resolve_state(order: OrderView, _: Any) -> str:
        """Saleor's order states, in lower case."""
        return order.state.value

    @staticmethod
    def resolve_landed_cost(order: OrderView, _: Any) -> Any:
        """Frozen."""
        return order.cost


class OrderEdge(graphene.ObjectType):
    """Relay's edge; the cursor is the order's number."""

    cursor = graphene.String(required=True)
    node = graphene.Field(Order, required=True)


class OrderConnection(graphene.ObjectType):
    """The signed-in shopper's orders, newest first."""

    edges = graphene.List(graphene.NonNull(OrderEdge), required=True)
    page_info = graphene.Field(PageInfo, required=True)


def orders_of(user_id: int | None, first: int, after: str | None) -> dict[str, object]:
    """A connection of an account's orders; empty where no one is signed in.

    An e-mail address alone opens nothing: only orders bought while signed in are here. Raises
    InvalidRequest for a bad argument.
    """
    if not 1 <= first <= MOST:
        raise InvalidRequest(f"`first` must be from 1 to {MOST}", field="first")
    found = [] if user_id is None else bought_by(user_id, after=after or "", limit=first + 1)
    edges = [{"cursor": order.number, "node": order} for order in found[:first]]
    return {
        "edges": edges,
        "page_info": {
            "has_next_page": len(found) > first,
            "has_previous_page": after is not None,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
    }
