"""The CheckoutEngine of a shop on a Saleor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from i18n.money import Money
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    LineRequest,
    OpenCheckout,
    Wishes,
)
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.ports import CheckoutEngine
from storefront_backend.saleor_sync.sales import Sales


@dataclass(frozen=True, slots=True)
class MirroredCheckouts:
    """Implements CheckoutEngine: `ours` decides and quotes, and Saleor must confirm the total.

    Besides what `ours` raises, a change raises CheckoutBusy, and then nothing has changed; or
    TotalsDiffer and CheckoutUnavailable, and then the checkout stays as it was changed, without a
    quote, until the next change is confirmed.
    """

    ours: CheckoutEngine
    sales: Sales

    def open(self, request: OpenCheckout) -> Checkout:
        """A new checkout. Raises NotListed, OutOfStock, InvalidRequest."""
        return self._confirmed(lambda: self.ours.open(request))

    def get(self, token: str) -> Checkout:
        """The checkout as it is now, with the quote that Saleor confirmed. Raises NotFound."""
        return self.ours.get(token)

    def set_lines(self, token: str, lines: Sequence[LineRequest]) -> Checkout:
        """Replace the lines. Raises NotListed, OutOfStock, CheckoutClosed."""
        return self._confirmed(lambda: self.ours.set_lines(token, lines))

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
        """Set addresses, delivery and wishes. Raises InvalidAddress, InvalidRequest."""
        return self._confirmed(
            lambda: self.ours.set_delivery(
                token,
                email=email,
                shipping=shipping,
                billing=billing,
                option=option,
                wishes=wishes,
            )
        )

    def apply_code(self, token: str, code: str) -> Checkout:
        """Apply a code; an empty one takes it off. Raises InvalidRequest."""
        return self._confirmed(lambda: self.ours.apply_code(token, code))

    def complete(self, token: str, *, paid: Money, payment_reference: str) -> Order:
        """Our order first; Saleor's follows in the background."""
        order = self.ours.complete(token, paid=paid, payment_reference=payment_reference)
        self.sales.later(token)
        return order

    def _confirmed(self, change: Callable[[], Checkout]) -> Checkout:
        with self.sales.admitted():
            view = change()
            self.sales.bring(view)
            return view
