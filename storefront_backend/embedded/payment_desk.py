"""Money and orders kept in step, whatever dies between two instructions.

A Transaction row is written before the provider is asked, and the provider is asked with that row's
reference as the idempotency key. What the provider says comes back as events, in any order and any
number of times; each is recorded once. An order is written in the transaction that records its
money; money that can become no order is given back. `recover` repeats whatever a killed process
left half done, by asking the provider.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from i18n.money import Money
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    CommerceError,
    InvalidRequest,
    NotFound,
    PaymentDeclined,
    ProviderUnavailable,
    QuoteExpired,
)
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.payments import (
    EventKind,
    PaymentEvent,
    PaymentRequest,
    PaymentSession,
    PaymentState,
    WebhookRequest,
)
from storefront_backend.commerce.ports import PaymentProvider
from storefront_backend.embedded import stock
from storefront_backend.embedded.checkout_rows import checkout_of
from storefront_backend.embedded.order_rows import order_of
from storefront_backend.embedded.sale import sell
from storefront_backend.orders.models import Checkout, Reservation, Transaction, TransactionEvent
from storefront_backend.orders.models import Order as OrderRow

log = structlog.get_logger(__name__)

_AFTER = {
    EventKind.AUTHORIZED: Transaction.State.AUTHORIZED,
    EventKind.CHARGED: Transaction.State.CHARGED,
    EventKind.FAILED: Transaction.State.FAILED,
    EventKind.CANCELED: Transaction.State.CANCELED,
}
# An event that comes late must not take a payment back: charged stays charged.
_RANK = {
    Transaction.State.REQUESTED: 0,
    Transaction.State.PENDING: 1,
    Transaction.State.FAILED: 2,
    Transaction.State.CANCELED: 2,
    Transaction.State.AUTHORIZED: 3,
    Transaction.State.CHARGED: 4,
    Transaction.State.REFUNDED: 5,
}
_UNSETTLED = (Transaction.State.REQUESTED, Transaction.State.PENDING)
_MONEY_HELD = (Transaction.State.AUTHORIZED, Transaction.State.CHARGED)


@dataclass(frozen=True, slots=True)
class PaymentDesk:
    """Takes payments for embedded checkouts with one provider."""

    provider: PaymentProvider
    now: Callable[[], datetime]
    hold_for: timedelta

    def begin(self, token: str, *, return_url: str, cancel_url: str) -> PaymentSession:
        """Reserve the pieces and send the shopper to pay. Again: the same session.

        The addresses may hold `{reference}`. Raises QuoteExpired, OutOfStock, PaymentDeclined,
        ProviderUnavailable, InvalidRequest where the checkout is not ready.
        """
        payment = self._prepare(token)
        return self._ask_provider(payment, return_url=return_url, cancel_url=cancel_url)

    def settle(self, reference: str) -> Order | None:
        """Ask the provider what became of a payment; the order, if there is one."""
        payment = _payment(reference)
        if payment.provider_id:
            for event in self.provider.look_up(payment.provider_id):
                self.record(event)
        row = OrderRow.objects.filter(checkout=payment.checkout_id).first()
        return None if row is None else order_of(row)

    def read_webhook(self, request: WebhookRequest) -> Order | None:
        """Verify, read and record what the provider sends."""
        return self.record(self.provider.read_event(request))

    def record(self, event: PaymentEvent) -> Order | None:
        """Record an event once and do what follows from it; the order, if there is one."""
        if event.kind is EventKind.OTHER:
            return None
        refusal: CommerceError | None = None
        with transaction.atomic():
            payment = Transaction.objects.select_for_update().get(pk=_payment(event.reference).pk)
            self._write_event(payment, event)
            if payment.state in _MONEY_HELD:
                try:
                    with transaction.atomic():
                        self._sell(payment)
                except CommerceError as error:
                    refusal = error
            elif payment.state in (Transaction.State.FAILED, Transaction.State.CANCELED):
                self._reopen(payment)
        if refusal is not None:
            self._give_back(payment, refusal)
        row = OrderRow.objects.filter(checkout=payment.checkout_id).first()
        return None if row is None else order_of(row)

    def recover(self, older_than: timedelta = timedelta(minutes=2)) -> int:
        """Finish what a killed process left; returns how many payments were looked at."""
        self.release_expired()
        limit = self.now() - older_than
        held = Q(state__in=_MONEY_HELD, checkout__order=None)
        waiting = Transaction.objects.filter(
            Q(state__in=_UNSETTLED) | held, created_at__lte=limit
        ).order_by("created_at")
        count = 0
        for payment in waiting.iterator():
            count += 1
            try:
                if payment.provider_id:
                    self.settle(str(payment.reference))
                    self._finish_held(payment.pk)
                else:
                    self._forget(payment.pk)
            except CommerceError as error:
                log.warning("payment not recovered", reference=payment.reference, code=error.code)
        return count

    def release_expired(self) -> int:
        """Give back the pieces of shoppers who did not pay in time."""
        expired = Reservation.objects.filter(expires_at__lt=self.now())
        checkouts = Checkout.objects.filter(
            pk__in=expired.values("checkout"), state=Checkout.State.PAYING
        )
        count = 0
        for checkout in checkouts:
            with transaction.atomic():
                locked = Checkout.objects.select_for_update().get(pk=checkout.pk)
                if locked.state == Checkout.State.PAYING:
                    stock.release(locked)
                    locked.state = Checkout.State.OPEN
                    locked.save(update_fields=("state", "updated_at"))
                    count += 1
        return count

    def _prepare(self, token: str) -> Transaction:
        now = self.now()
        with transaction.atomic():
            checkout = _locked(token)
            if checkout.state in (Checkout.State.COMPLETED, Checkout.State.ABANDONED):
                raise CheckoutClosed("This checkout is closed", field="token")
            view = checkout_of(checkout)
            if view.quote is None or view.missing:
                field, message = view.missing[0] if view.missing else ("lines", "Nothing to pay")
                raise InvalidRequest(message, field=field)
            if view.quote.expires_at <= now:
                raise QuoteExpired(
                    "The price was held until now and has run out", hint="Refresh the checkout"
                )
            amount = view.quote.total
            open_payment = checkout.transactions.filter(
                state__in=_UNSETTLED, amount=amount.amount, currency=amount.currency
            ).first()
            lines = checkout.lines.select_related("variant")
            country = (checkout.shipping_address or {}).get("country", "")
            stock.reserve(checkout, lines, country, now + self.hold_for)
            checkout.state = Checkout.State.PAYING
            checkout.save(update_fields=("state", "updated_at"))
            return open_payment or Transaction.objects.create(
                checkout=checkout,
                provider=self.provider.name,
                amount=amount.amount,
                currency=amount.currency,
            )

    def _ask_provider(
        self, payment: Transaction, *, return_url: str, cancel_url: str
    ) -> PaymentSession:
        checkout = payment.checkout
        reference = str(payment.reference)
        try:
            session = self.provider.start(
                PaymentRequest(
                    reference=reference,
                    amount=Money(payment.amount, payment.currency),
                    email=checkout.email,
                    description=f"Pavilion {checkout.market.upper()} {checkout.token}",
                    return_url=return_url.format(reference=reference),
                    cancel_url=cancel_url.format(reference=reference),
                    language=checkout.language,
                )
            )
        except PaymentDeclined as declined:
            with transaction.atomic():
                payment.state = Transaction.State.FAILED
                payment.reason = declined.message[:200]
                payment.save(update_fields=("state", "reason", "updated_at"))
                self._reopen(payment)
            raise
        except ProviderUnavailable:
            # The row stays REQUESTED: recovery, or the shopper's next try, asks again.
            raise
        Transaction.objects.filter(pk=payment.pk).update(
            provider_id=session.provider_id, redirect_url=session.redirect_url
        )
        if session.state is PaymentState.PENDING:
            Transaction.objects.filter(pk=payment.pk, state=Transaction.State.REQUESTED).update(
                state=Transaction.State.PENDING
            )
        payment.refresh_from_db()
        return session

    def _write_event(self, payment: Transaction, event: PaymentEvent) -> None:
        _, new = TransactionEvent.objects.get_or_create(
            provider=self.provider.name,
            event_id=event.id,
            defaults={
                "transaction": payment,
                "kind": event.kind.value,
                "amount": event.amount.amount,
                "currency": event.amount.currency,
                "reason": event.reason[:200],
                "occurred_at": event.occurred_at,
            },
        )
        if not new:
            return
        if not payment.provider_id:
            payment.provider_id = event.provider_id
        if event.kind is EventKind.CHARGED:
            payment.charged += event.amount.amount
        if event.kind is EventKind.REFUNDED:
            payment.refunded += event.amount.amount
        after = _AFTER.get(event.kind, payment.state)
        if payment.charged and payment.refunded >= payment.charged:
            after = Transaction.State.REFUNDED
        if _RANK[Transaction.State(after)] > _RANK[Transaction.State(payment.state)]:
            payment.state = after
            payment.reason = event.reason[:200]
        payment.save()

    def _sell(self, payment: Transaction) -> None:
        paid = Money(payment.amount, payment.currency)
        if payment.state == Transaction.State.CHARGED and payment.charged != payment.amount:
            raise InvalidRequest(f"{payment.charged} was charged, not {payment.amount}")
        sell(payment.checkout_id, paid, str(payment.reference), self.now())

    def _give_back(self, payment: Transaction, refusal: CommerceError) -> None:
        """Money that can become no order returns to the shopper; the reason is kept."""
        reference = f"{payment.reference}-back"
        log.warning("payment given back", reference=payment.reference, code=refusal.code)
        if payment.state == Transaction.State.CHARGED:
            amount = Money(payment.charged - payment.refunded, payment.currency)
            event = self.provider.refund(payment.provider_id, amount, reference=reference)
        else:
            event = self.provider.cancel(payment.provider_id, reference=reference)
        with transaction.atomic():
            locked = Transaction.objects.select_for_update().get(pk=payment.pk)
            self._write_event(locked, event)
            locked.reason = f"{refusal.code}: {refusal.message}"[:200]
            if event.kind is EventKind.CANCELED:
                # An authorization that was let go ranks below a held one; here it really ends.
                locked.state = Transaction.State.CANCELED
            locked.save(update_fields=("reason", "state", "updated_at"))
            self._reopen(locked)

    def _forget(self, payment_id: int) -> None:
        """We died before the provider's answer reached us, so no shopper was ever sent to pay.

        Should the provider tell of money all the same, its event outranks this.
        """
        with transaction.atomic():
            payment = Transaction.objects.select_for_update().get(pk=payment_id)
            if payment.state == Transaction.State.REQUESTED and not payment.provider_id:
                payment.state = Transaction.State.CANCELED
                payment.save(update_fields=("state", "updated_at"))
                self._reopen(payment)

    def _finish_held(self, payment_id: int) -> None:
        """Money held, events all known, and still no order: sell now or give back."""
        refusal: CommerceError | None = None
        with transaction.atomic():
            payment = Transaction.objects.select_for_update().get(pk=payment_id)
            if payment.state not in _MONEY_HELD:
                return
            try:
                with transaction.atomic():
                    self._sell(payment)
            except CommerceError as error:
                refusal = error
        if refusal is not None:
            self._give_back(payment, refusal)

    def _reopen(self, payment: Transaction) -> None:
        checkout = Checkout.objects.select_for_update().get(pk=payment.checkout_id)
        if checkout.state == Checkout.State.PAYING:
            stock.release(checkout)
            checkout.state = Checkout.State.OPEN
            checkout.save(update_fields=("state", "updated_at"))


def _payment(reference: str) -> Transaction:
    try:
        return Transaction.objects.select_related("checkout").get(reference=uuid.UUID(reference))
    except (Transaction.DoesNotExist, ValueError):
        raise NotFound("There is no such payment", field="reference") from None


def _locked(token: str) -> Checkout:
    try:
        return Checkout.objects.select_for_update().get(token=uuid.UUID(str(token)))
    except (Checkout.DoesNotExist, ValueError):
        raise NotFound("There is no such checkout", field="token") from None
