"""The OrderEngine of a shop on a Saleor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.ports import OrderEngine
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.saleor_sync.sales import Sales


@dataclass(frozen=True, slots=True)
class MirroredOrders:
    """Implements OrderEngine: a change is ours first, and Saleor's in the background."""

    ours: OrderEngine
    sales: Sales

    def get(self, key: str) -> Order:
        """The order of a number or of a token. Raises NotFound."""
        return self.ours.get(key)

    def list(self, *, email: str = "", brand: str = "", limit: int = 50) -> Sequence[Order]:
        """Newest first; a brand gets only its own lines of each order."""
        return self.ours.list(email=email, brand=brand, limit=limit)

    def fulfil(
        self,
        number: str,
        *,
        brand: str,
        tracking: str,
        pieces: Mapping[str, int] | None = None,
        carrier: str = "",
    ) -> Order:
        """A brand's parcel leaves, here and in Saleor. Again with the same tracking: no change."""
        order = self.ours.fulfil(
            number, brand=brand, tracking=tracking, pieces=pieces, carrier=carrier
        )
        return self._notified(order)

    def cancel(self, number: str, *, reason: str) -> Order:
        """Cancel what is not yet sent, here and in Saleor; release stock and refund."""
        return self._notified(self.ours.cancel(number, reason=reason))

    def _notified(self, order: Order) -> Order:
        token = OrderRow.objects.values_list("checkout__token", flat=True).get(number=order.number)
        self.sales.later(str(token))
        return order
