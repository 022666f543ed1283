"""Orders: what was bought, as it was shown, and what has happened to it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.commerce.checkout import Address
from storefront_backend.commerce.shares import Share


class OrderState(StrEnum):
    """Saleor's order states, as far as we use them."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    CANCELED = "canceled"
    RETURNED = "returned"


def order_state(*, waiting: int, sent: int, returned: int) -> OrderState:
    """The state of an order, or of one brand's part of it, by what became of its pieces.

    `sent` counts those that came back, too; pieces that are in none of the three were cancelled.
    """
    if sent and returned == sent and not waiting:
        return OrderState.RETURNED
    if sent:
        return OrderState.PARTIALLY_FULFILLED if waiting else OrderState.FULFILLED
    return OrderState.UNFULFILLED if waiting else OrderState.CANCELED


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line, frozen at the time of sale; `goods` is net for all pieces of the line."""

    id: str
    sku: str
    brand: str
    name: str
    label: str
    quantity: int
    goods: Money
    passport: Passport
    engraving: str = ""
    ring_size: str = ""
    warehouse: str = ""
    lead_days: int | None = None  # made to order: days until it is ready
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """A brand's parcel of an order. `pieces` are (order line id, how many)."""

    id: str
    number: str
    brand: str
    state: str
    pieces: tuple[tuple[str, int], ...]
    tracking: str = ""
    carrier: str = ""  # empty: the one that the shopper chose
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Pieces of an order line and what was refunded for them."""

    line_id: str
    quantity: int
    share: Share


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund for pieces of one brand; `number` is the credit note's.

    `kind` is cancellation, return or allowance (the shopper keeps the pieces), `state` asked or
    done.
    """

    number: str
    brand: str
    kind: str
    state: str
    reason: str
    duty_note: str
    amount: Money
    lines: tuple[RefundLine, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order with the landed cost that the shopper saw."""

    number: str
    token: str
    market: str
    language: str
    email: str
    state: OrderState
    lines: tuple[OrderLine, ...]
    cost: LandedCost
    paid: Money
    refunded: Money
    shipping_address: Address
    fulfillments: tuple[Fulfillment, ...]
    created_at: datetime
    gift_message: str = ""
    promo: str = ""
    delivery: str = ""
    no_return_consent_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()

    @property
    def total(self) -> Money:
        """What the shopper had to pay at checkout."""
        return self.cost.at_checkout
