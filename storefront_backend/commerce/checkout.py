"""The checkout in Saleor's words: lines, address, delivery, code, quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from i18n.landed_cost import LandedCost
from i18n.money import Money


class CheckoutState(StrEnum):
    """The state of a checkout."""

    OPEN = "open"
    PAYING = "paying"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address by the field names of i18n.addresses; `country` is ISO 3166 alpha-2."""

    name: str
    country: str
    street_address: str
    city: str = ""
    city_area: str = ""  # district
    country_area: str = ""  # state, province, emirate, prefecture
    postal_code: str = ""
    sorting_code: str = ""
    company_name: str = ""
    phone: str = ""

    def to_json(self) -> dict[str, str]:
        """Plain values for a JSON column."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Address:
        """The address that `to_json` wrote; unknown keys are refused by the constructor."""
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class LineRequest:
    """What a shopper asks for. `ring_size` keeps the shopper's own words ("US 6½")."""

    sku: str
    quantity: int
    engraving: str = ""
    ring_size: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One line of a checkout; prices are net goods prices in the market's currency."""

    id: str
    sku: str
    product_slug: str
    brand: str
    name: str
    label: str
    quantity: int
    unit_price: Money
    engraving: str = ""
    ring_size: str = ""
    lead_days: int | None = None  # made to order: days until it is ready

    @property
    def goods(self) -> Money:
        """The line without shipping, duty and tax."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """A way to bring the parcel, insured up to a value, at a price in the market's currency."""

    id: str
    name: str
    carrier: str
    price: Money
    insured_up_to: Money
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """A landed cost frozen with its expiry; what the shopper pays until then."""

    cost: LandedCost
    expires_at: datetime

    @property
    def total(self) -> Money:
        """What the shopper pays the shop; under DDP that is everything."""
        return self.cost.at_checkout


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a shopper asks for besides: words for a card, and that engraved pieces stay sold."""

    gift_message: str = ""
    no_return_consent: bool = False


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout as pages, API and payment see it."""

    token: str
    market: str
    language: str
    currency: str
    state: CheckoutState
    email: str
    lines: tuple[CheckoutLine, ...]
    shipping_address: Address | None = None
    billing_address: Address | None = None
    delivery: DeliveryOption | None = None
    delivery_options: tuple[DeliveryOption, ...] = ()
    code: str = ""
    partner: str = ""
    gift_message: str = ""
    # When the shopper agreed that an engraved piece cannot be returned without a fault.
    no_return_consent_at: datetime | None = None
    quote: Quote | None = None
    order_number: str = ""
    # What is still missing before payment, as (field, message) in reading order.
    missing: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_engraved(self) -> bool:
        """Whether a piece is made to the shopper's own words."""
        return any(line.engraving for line in self.lines)

    @property
    def discount(self) -> Money:
        """What a code takes off the goods."""
        zero = Money.zero(self.currency)
        if self.quote is None:
            return zero
        full = Money.sum((line.goods for line in self.lines), self.currency).quantized()
        return full - self.quote.cost.of("goods")

    @property
    def ready(self) -> bool:
        """Whether the shopper can pay."""
        return not self.missing and self.quote is not None


@dataclass(frozen=True, slots=True)
class OpenCheckout:
    """The request for a new checkout. `partner` is the code of who sent the shopper.

    `sent_at` is when the shopper followed the partner's link; None: now.

    `client` names where it comes from, so that limits can count; empty: nothing is counted.
    """

    market: str
    language: str
    lines: tuple[LineRequest, ...] = ()
    email: str = ""
    user_id: int | None = None
    partner: str = ""
    client: str = ""
    sent_at: datetime | None = None
