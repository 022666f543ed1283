"""Orders: what was bought, as it was shown, and what has happened to it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from i18n.landed_cost import LandedCost
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.commerce.checkout import Address


class OrderState(StrEnum):
    """Saleor's order states, as far as we use them."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    CANCELED = "canceled"
    RETURNED = "returned"


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


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """One brand's parcel of an order."""

    id: str
    number: str
    brand: str
    state: str
    line_ids: tuple[str, ...]
    tracking: str = ""


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

    @property
    def total(self) -> Money:
        """What the shopper was asked to pay at checkout."""
        return self.cost.at_checkout
