"""The errors of commerce.

    CommerceError
    ├── NotFound               a checkout, order or product that does not exist (or is not yours)
    ├── InvalidRequest         a field of the request is wrong; `field` says which
    │   ├── InvalidAddress     an address its country would not deliver to; several fields at once
    │   ├── EngravingRefused   a text that cannot be cut (commerce.engraving)
    │   ├── NoSuchPieces       an order does not hold those pieces, or not where they are wanted
    │   ├── KeyReused          an idempotency key that did something else before
    │   ├── OrderOnHold        an order that is disputed or unpaid; a person must look at it first
    │   ├── BrandLimitReached  a brand has as many rows, bytes or jobs as it may
    │   ├── UploadIncomplete   parts of an upload have not arrived
    │   └── ChecksumMismatch   the bytes that arrived are not those that were announced
    ├── NotListed              the market's rules, or the brand, do not offer the piece there
    ├── OutOfStock             no warehouse has the piece any more
    ├── QuoteExpired           the frozen price has expired; a new quote is one call away
    ├── CheckoutClosed         the checkout has become an order already
    ├── LimitReached           more requests than one client may make; retry later
    ├── StaleRates             a metal or exchange rate is too old to price with
    ├── PaymentDeclined        the shopper's bank said no; another card may do
    └── ProviderError          a payment or commerce provider failed
        └── ProviderUnavailable  … and the same call may work later (`retry` is true)

`code` is stable and part of the API; `retry` says whether the same call can help later.
"""

from __future__ import annotations

from collections.abc import Mapping


class CommerceError(Exception):
    """Base: a stable code, the field it is about (may be empty), a sentence, and what to do."""

    code = "commerce_error"
    retry = False

    def __init__(
        self, message: str, *, field: str = "", hint: str = "", index: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint
        self.index = index  # which of several things of that field, counted from 0


class NotFound(CommerceError):
    """No such thing, or not yours."""

    code = "not_found"


class InvalidRequest(CommerceError):
    """A field of the request is wrong."""

    code = "invalid"


class InvalidAddress(InvalidRequest):
    """An address that its country would not deliver to; `fields` maps each field to its fault."""

    code = "invalid_address"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("The address is not complete or not right", field=next(iter(fields), ""))
        self.fields = dict(fields)


class NoSuchPieces(InvalidRequest):
    """The order does not hold those pieces, or not where they are wanted."""

    code = "no_such_pieces"


class KeyReused(InvalidRequest):
    """The idempotency key did something else before."""

    code = "key_reused"


class OrderOnHold(InvalidRequest):
    """The order is disputed or unpaid; a person must look at it first."""

    code = "order_on_hold"


class UploadIncomplete(InvalidRequest):
    """Parts of an upload have not arrived; sending them makes it good."""

    code = "upload_incomplete"


class ChecksumMismatch(InvalidRequest):
    """The bytes that arrived are not those that were announced."""

    code = "checksum_mismatch"


class NotListed(CommerceError):
    """The piece is not for sale in that market; the message says by which rule."""

    code = "not_listed"


class OutOfStock(CommerceError):
    """No stock left to reserve."""

    code = "out_of_stock"


class QuoteExpired(CommerceError):
    """The frozen price has expired."""

    code = "quote_expired"


class CheckoutClosed(CommerceError):
    """The checkout is an order already, or given up."""

    code = "checkout_closed"


class BrandLimitReached(InvalidRequest):
    """The brand has as many variants, stored bytes or jobs as one brand may have."""

    code = "brand_limit_reached"


class LimitReached(CommerceError):
    """The client, or the checkout, has done this as often as it may for now."""

    code = "limit_reached"


class StaleRates(CommerceError):
    """A rate is missing or older than the price book allows."""

    code = "stale_rates"


class PaymentDeclined(CommerceError):
    """The payment was refused; `reason` is a word of payments.DeclineReason."""

    code = "payment_declined"

    def __init__(self, message: str, *, reason: str = "declined", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class ProviderError(CommerceError):
    """A provider answered with a failure."""

    code = "provider_error"


class ProviderUnavailable(ProviderError):
    """A provider did not answer; the same call may work later."""

    code = "provider_unavailable"
    retry = True
