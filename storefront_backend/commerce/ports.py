"""The ports: what commerce needs of the outside, each small, each with one contract suite.

The implementations live in `selling`, `aftersale`, `pricing`, `saleor_sync` and in the adapters
(`saleor`, `payments`, `storage`, `rates`); `wiring` picks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

from i18n.money import Money
from storefront_backend.commerce.catalogue import (
    CatalogChanges,
    CatalogProduct,
    ListingPrice,
    PublishReport,
    StockLevel,
)
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    LineRequest,
    OpenCheckout,
    Wishes,
)
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.payments import (
    PaymentEvent,
    PaymentRequest,
    PaymentSession,
    WebhookRequest,
)
from storefront_backend.commerce.rates import Rates
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress


class CatalogEngine(Protocol):
    """Where products are sold from. All writes are idempotent."""

    def publish(self, products: Sequence[CatalogProduct]) -> PublishReport:
        """Create or bring up to date; writes only what differs, and takes each product by itself.

        A name or description that the engine's side wrote last is left alone and reported.
        """

    def set_prices(self, prices: Sequence[ListingPrice]) -> None:
        """Set goods prices, all or none of a product's. Raises NotFound before any is set."""

    def set_stock(self, levels: Sequence[StockLevel]) -> None:
        """Set pieces at hand, reservations not taken off. Raises NotFound before any is set."""

    def changes_since(self, cursor: str) -> CatalogChanges:
        """A page of what others changed since the cursor; an empty cursor reads from the start.

        No changes and the same cursor again: there is nothing more for now.
        """


class CheckoutEngine(Protocol):
    """A shopper's way from lines to an order. Every method returns the whole checkout."""

    def open(self, request: OpenCheckout) -> Checkout:
        """A new checkout. Raises NotListed, OutOfStock, InvalidRequest."""

    def get(self, token: str) -> Checkout:
        """The checkout as it is now. Raises NotFound."""

    def set_lines(self, token: str, lines: Sequence[LineRequest]) -> Checkout:
        """Replace the lines. Raises NotListed, OutOfStock, CheckoutClosed."""

    def set_delivery(
        self,
        token: str,
        *,
        email: str,
        shipping: Address,
        billing: Address | None,
        option: str,
        wishes: Wishes | None = None,
    ) -> Checkout:
        """Set addresses, the delivery option (empty: the cheapest) and wishes (none: as they are).

        Raises InvalidAddress, InvalidRequest.
        """

    def apply_code(self, token: str, code: str) -> Checkout:
        """Apply a promo or partner code; an empty one takes it off. Raises InvalidRequest."""

    def complete(self, token: str, *, paid: Money, payment_reference: str) -> Order:
        """Turn a paid checkout into an order; idempotent by the reference."""


class OrderEngine(Protocol):
    """Orders after the sale."""

    def get(self, key: str) -> Order:
        """The order of a number or of a token. Raises NotFound."""

    def list(self, *, email: str = "", brand: str = "", limit: int = 50) -> Sequence[Order]:
        """Newest first; a brand gets only its own lines of each order."""

    def fulfil(
        self,
        number: str,
        *,
        brand: str,
        tracking: str,
        pieces: Mapping[str, int] | None = None,
        carrier: str = "",
    ) -> Order:
        """Send a brand's parcel, with the pieces named (by order line id) or with all.

        `carrier`: where it is not the one that the shopper chose. Again with the same tracking: no
        change. Raises OrderOnHold where a person must look at the order first.
        """

    def cancel(self, number: str, *, reason: str) -> Order:
        """Cancel what is not yet sent and release its stock."""


class PaymentProvider(Protocol):
    """A payment provider. Writes are idempotent by our reference."""

    name: str

    def start(self, request: PaymentRequest) -> PaymentSession:
        """Begin a payment. Raises PaymentDeclined, ProviderUnavailable."""

    def capture(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Take money that is held."""

    def refund(self, provider_id: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Refund, whole or in part."""

    def cancel(self, provider_id: str, *, reference: str) -> PaymentEvent:
        """Release a payment that was not taken."""

    def read_event(self, request: WebhookRequest) -> PaymentEvent:
        """Verify and read a webhook. Raises InvalidRequest on a bad signature."""

    def look_up(self, provider_id: str) -> Sequence[PaymentEvent]:
        """All that the provider knows of a payment: how a lost webhook is healed."""


class PaymentStatement(Protocol):
    """A provider's own account of the money, to compare ours with."""

    name: str

    def events_since(self, since: datetime) -> Iterator[PaymentEvent]:
        """What happened to payments that carry a reference of ours and were begun since then."""

    def look_up(self, provider_id: str) -> Sequence[PaymentEvent]:
        """All that the provider knows of one payment. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is stored under a key, and when somebody last put it there."""

    key: str
    size: int
    put_at: datetime


class AssetStore(Protocol):
    """Files by content: a key is made of the bytes' SHA-256, so a key never changes meaning."""

    def put(self, source: BinaryIO, *, media_type: str, public: bool) -> str:
        """Store and return the key. The same bytes again: the same key, and `put_at` is now."""

    def open(self, key: str) -> BinaryIO:
        """Read. Raises NotFound."""

    def url(self, key: str, *, expires: timedelta | None = None) -> str:
        """An address that reads the file: lasting for a public one, else signed until `expires`."""

    def delete(self, key: str) -> None:
        """Forget the file; deleting twice is no error."""

    def stored(self) -> Iterator[StoredFile]:
        """All that is stored here, in no order: for finding what is no longer needed."""


class UploadStore(Protocol):
    """Large files that come in parts, straight from a browser, over lines that get cut.

    A file becomes an asset whole and checked, or not at all. Every method is idempotent, and a
    process may be killed in any of them.
    """

    def begin(self, upload_id: str, size: int) -> str:
        """Make room and return the store's reference. Raises ProviderUnavailable when full."""

    def address(self, upload: OpenUpload, part: Part, *, expires: timedelta) -> PartAddress:
        """Where exactly this part, of this size and digest, may be sent until `expires`."""

    def parts(self, upload: OpenUpload) -> Sequence[Part]:
        """The parts that have arrived whole, by number: where to go on after a cut line."""

    def complete(self, upload: OpenUpload, parts: Sequence[Part], *, sha256: str) -> str:
        """Join the parts, check the whole, and return its private key in the AssetStore.

        Raises UploadIncomplete where parts are missing, ChecksumMismatch where the whole is not
        what `sha256` (hex) says. The parts stay until `discard`.
        """

    def discard(self, upload_id: str) -> None:
        """Forget what is left of an upload; the asset that came of it stays."""

    def unfinished(self) -> Iterator[str]:
        """The ids of all uploads of which something is stored here."""


class Translator(Protocol):
    """Drafts of texts in other languages. Codes are ours: "zh-Hant", "ja"."""

    name: str

    def languages(self) -> frozenset[str]:
        """What it translates into. Raises ProviderUnavailable."""

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, kept: Sequence[str] = ()
    ) -> Sequence[str]:
        """One translation a text, in order; words of `kept` stay as they are.

        Raises ProviderUnavailable, where the same call may work later, and ProviderError.
        """


class RateSource(Protocol):
    """Metal and exchange rates, each with its source, its time and its licence."""

    def rates(self, as_of: datetime) -> Rates:
        """The rates in force at that time. Raises StaleRates where there are none."""
