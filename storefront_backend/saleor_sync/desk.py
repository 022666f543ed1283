"""The payment desk of a shop on a Saleor: it queries Saleor before and notifies it after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from i18n.landed_cost import LandedCost
from i18n.money import Money
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.aftersale.payment_desk import PaymentDesk
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.payments import EventKind, PaymentEvent, PaymentSession
from storefront_backend.orders.models import Checkout, Transaction
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.saleor_sync.payment_news import record_news
from storefront_backend.saleor_sync.sales import Sales


@dataclass(frozen=True, slots=True)
class MirroredDesk(PaymentDesk):
    """A PaymentDesk whose orders become Saleor's, too. `report_later` queues the telling of what
    became of a payment that Saleor began itself, by the id of its PaymentNews."""

    sales: Sales
    report_later: Callable[[int], None]

    def begin(self, token: str, *, return_url: str, cancel_url: str) -> PaymentSession:
        """Ask Saleor once more, and send the shopper to pay what it confirms.

        Raises TotalsDiffer, CheckoutUnavailable and CheckoutBusy besides; then nothing is begun.
        """
        row = Checkout.objects.filter(token=token).first()
        if row is not None and row.quote is not None and row.state != Checkout.State.COMPLETED:
            with self.sales.admitted():
                self.sales.confirm(token, LandedCost.from_json(row.quote).at_checkout)
        return PaymentDesk.begin(self, token, return_url=return_url, cancel_url=cancel_url)

    def take_event(self, event: PaymentEvent) -> Transaction | None:
        """Record an event. Saleor is notified in the background: the sender waits for us.

        An event of no payment of ours may be of one that Saleor began itself: it is recorded,
        and Saleor is queried.
        """
        try:
            rows.find_payment(event.reference)
        except NotFound:
            if event.kind is not EventKind.OTHER and (row := record_news(event)) is not None:
                self.report_later(row.pk)
            return None
        payment = PaymentDesk.take_event(self, event)
        if payment is not None:
            self.sales.later(str(payment.checkout.token))
        return payment

    def refund(self, number: str, amount: Money, *, reference: str, reason: str = "") -> Order:
        """Refund, and notify Saleor."""
        order = PaymentDesk.refund(self, number, amount, reference=reference, reason=reason)
        self.sales.later(_token_of(number))
        return order

    def refund_for_saleor(self, number: str, amount: Money, *, reference: str) -> PaymentEvent:
        """Refund because Saleor asks; our answer notifies it. Idempotent by the reference."""
        PaymentDesk.refund(self, number, amount, reference=reference, reason="Requested in Saleor")
        return self._last(number, EventKind.REFUNDED, amount)

    def capture_for_saleor(self, number: str, amount: Money) -> PaymentEvent:
        """Take held money because Saleor asks."""
        self.capture(number, amount)
        return self._last(number, EventKind.CHARGED, amount)

    def _last(self, number: str, kind: EventKind, amount: Money) -> PaymentEvent:
        order = OrderRow.objects.get(number=number)
        payment = rows.find_payment(order.payment_reference)
        row = (
            rows.counted(payment)
            .filter(kind=kind.value, amount=amount.amount)
            .order_by("-recorded_at")
            .first()
        )
        if row is None:
            raise InvalidRequest("The provider has not confirmed it yet")
        return PaymentEvent(
            id=row.event_id,
            kind=kind,
            reference=str(payment.reference),
            provider_id=payment.provider_id,
            amount=amount,
            occurred_at=row.occurred_at,
        )


def _token_of(number: str) -> str:
    return str(OrderRow.objects.values_list("checkout__token", flat=True).get(number=number))
