"""Keeps payments and orders consistent, even if a process is killed between two instructions.

A Transaction row is written before the provider is called, and that row's reference is the
idempotency key of the call; a TransactionRequest likewise before a capture, a refund or a
cancellation. What the provider says comes back as events, in any order and any number of times;
each is recorded once. An order is written in the transaction that records its money; money that can
become no order is refunded or released. `recover` retries what a killed process left half done;
every step is idempotent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import Q

from i18n.locales import text_in
from i18n.money import Money
from storefront_backend.aftersale import payment_recovery, provider_books
from storefront_backend.aftersale import payment_rows as rows
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    CommerceError,
    InvalidRequest,
    NotFound,
    PaymentDeclined,
    ProviderError,
    QuoteExpired,
)
from storefront_backend.commerce.orders import Order
from storefront_backend.commerce.payments import (
    EventKind,
    PaymentEvent,
    PaymentRequest,
    PaymentSession,
    WebhookRequest,
)
from storefront_backend.commerce.ports import PaymentProvider
from storefront_backend.orders.models import Checkout, Transaction, TransactionRequest
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.orders.reading import order_of
from storefront_backend.selling import stock
from storefront_backend.selling.checkout_rows import checkout_of
from storefront_backend.selling.holds import check_held
from storefront_backend.selling.sale import sell

log = structlog.get_logger(__name__)

# A payment page stays open at least as long as its pieces are held, and never less than this:
# Stripe takes 30 minutes to 24 hours.
# https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
_PAGE_OPEN_FOR = timedelta(minutes=35)
# A shopper who retries soon gets the same payment, later a new one: Stripe keeps even its own
# failure (500) under the key for a day. The sweep releases a payment that no shopper was sent to.
# https://docs.stripe.com/api/idempotent_requests
_SAME_PAYMENT_FOR = timedelta(minutes=1)
_DESCRIPTION = 200  # characters; what the shopper reads on the payment page


@dataclass(frozen=True, slots=True)
class PaymentDesk:
    """Takes payments for our own checkouts with one provider.

    Call its methods outside of transactions: what is recorded before the provider is called
    must be committed by then.
    """

    provider: PaymentProvider
    now: Callable[[], datetime]
    hold_for: timedelta

    def begin(self, token: str, *, return_url: str, cancel_url: str) -> PaymentSession:
        """Reserve the pieces and send the shopper to pay. Again: the same session.

        The addresses may hold `{reference}`. Raises QuoteExpired, OutOfStock, PaymentDeclined,
        ProviderUnavailable, LimitReached where the pieces were held too often without a payment,
        InvalidRequest where the checkout is not ready.
        """
        return self.start(self._prepare(token, return_url, cancel_url))

    def settle(self, reference: str) -> Order | None:
        """Ask the provider what became of a payment; the order, if there is one."""
        payment = rows.find_payment(reference)
        if payment.provider_id:
            for event in self.provider.look_up(payment.provider_id):
                self.take_event(event)
        return _order_of_checkout(payment)

    def refusal(self, reference: str) -> str:
        """Why a payment has come to no order: a word of DeclineReason where the shopper's bank or
        card refused, `code: sentence` where the money was returned; empty while neither is so.
        """
        return rows.find_payment(reference).reason

    def give_up(self, reference: str) -> Order | None:
        """The shopper came back without paying; an order, if there was a payment after all."""
        payment = rows.find_payment(reference)
        if payment.provider_id and payment.state in rows.UNSETTLED:
            try:
                return self.record(
                    self.provider.cancel(payment.provider_id, reference=f"{reference}-abandon")
                )
            except InvalidRequest:
                pass  # decided in the meantime: the provider says how
        return self.settle(reference)

    def read_webhook(self, request: WebhookRequest) -> None:
        """Verify, read and record what the provider sends."""
        self.take_event(self.provider.read_event(request))

    def record(self, event: PaymentEvent) -> Order | None:
        """Record an event once and do what follows from it; the order, if there is one."""
        payment = self.take_event(event)
        return None if payment is None else _order_of_checkout(payment)

    def take_event(self, event: PaymentEvent) -> Transaction | None:
        """Every event comes in here, from any source; a desk that notifies others extends this.

        The payment that it is of, or None where it says nothing about one.
        """
        if event.kind is EventKind.OTHER:
            return None
        with transaction.atomic():
            payment = rows.lock_reference(event.reference)
            if rows.write_event(payment, event):
                back = self.follow(payment)
            else:
                back = _if_pending(rows.returned(payment))
        if back is not None:
            self._try(back)
        return payment

    def capture(self, number: str, amount: Money | None = None) -> Money:
        """Take the held money of an order: all of it, or `amount` and release the rest.

        Returns what has been taken; where the money was taken already, that and nothing happens.
        Call it before a parcel leaves. Raises InvalidRequest where nothing is held,
        PaymentDeclined, ProviderUnavailable (the sweep asks again).
        """
        with transaction.atomic():
            _, payment = rows.lock_order(number)
            if payment.charged:
                return Money(payment.charged, payment.currency).quantized()
            if payment.state != Transaction.State.AUTHORIZED:
                raise InvalidRequest(f"No money is held for order {number}", field="number")
            held = Money(payment.amount, payment.currency).quantized()
            wanted = amount or held
            if wanted.currency != held.currency or not 0 < wanted.amount <= held.amount:
                raise InvalidRequest(f"{held} is held, not {wanted}", field="amount")
            reference = f"{payment.reference}-capture"
            request = rows.ask(payment, TransactionRequest.Kind.CAPTURE, reference, wanted.amount)
        self.carry_out(request.pk)
        payment.refresh_from_db()
        return Money(payment.charged, payment.currency).quantized()

    def refund(self, number: str, amount: Money, *, reference: str, reason: str = "") -> Order:
        """Refund an order, whole or in part; idempotent by the reference.

        Held money that was not taken is released, which works for the whole only: capture less to
        keep less. Raises InvalidRequest, ProviderUnavailable (the sweep asks again).
        """
        with transaction.atomic():
            order, payment = rows.lock_order(number)
            name = f"{payment.reference}-refund-{reference}"
            known = payment.requests.filter(reference=name).first()
            held = payment.state == Transaction.State.AUTHORIZED
            request = known or rows.ask(
                payment,
                TransactionRequest.Kind.CANCEL if held else TransactionRequest.Kind.REFUND,
                name,
                _refundable(payment, amount),
                reason,
            )
            if (request.amount, request.currency) != (amount.amount, amount.currency):
                raise InvalidRequest("That reference refunded another amount", field="reference")
        self.carry_out(request.pk)
        order.refresh_from_db()
        return order_of(order)

    def recover(self, older_than: timedelta = timedelta(minutes=2)) -> int:
        """Finish what a killed process left; returns how many payments were looked at."""
        return payment_recovery.recover(self, older_than)

    def release_expired(self) -> int:
        """Release the reserved pieces of shoppers who did not pay in time (timeout)."""
        return payment_recovery.release_expired(self.now())

    def _prepare(self, token: str, return_url: str, cancel_url: str) -> Transaction:
        now = self.now()
        with transaction.atomic():
            checkout = rows.lock_checkout(token)
            if checkout.state in (Checkout.State.COMPLETED, Checkout.State.ABANDONED):
                raise CheckoutClosed("This checkout is closed", field="token")
            view = checkout_of(checkout)
            if view.quote is None or view.missing:
                field, message = view.missing[0] if view.missing else ("lines", "Nothing to pay")
                raise InvalidRequest(message, field=field)
            if view.quote.expires_at <= now:
                raise QuoteExpired("The held price has expired", hint="Refresh the checkout")
            amount = view.quote.total
            open_payment = checkout.transactions.filter(
                Q(state=Transaction.State.PENDING)
                | Q(state=Transaction.State.REQUESTED, created_at__gt=now - _SAME_PAYMENT_FOR),
                amount=amount.amount,
                currency=amount.currency,
                provider=self.provider.name,
            ).first()
            lines = checkout.lines.all()  # read with the view
            if open_payment is None:
                check_held(checkout, lines, now)
            country = (checkout.shipping_address or {}).get("country", "")
            stock.reserve(checkout, lines, country, now + self.hold_for)
            checkout.state = Checkout.State.PAYING
            checkout.save(update_fields=("state", "updated_at"))
            payment = open_payment or Transaction(
                checkout=checkout,
                provider=self.provider.name,
                amount=amount.amount,
                currency=amount.currency,
            )
            if not payment.request:
                reference = str(payment.reference)
                payment.request = {
                    "email": checkout.email,
                    "description": _described(checkout),
                    "return_url": return_url.replace("{reference}", reference),
                    "cancel_url": cancel_url.replace("{reference}", reference),
                    "language": checkout.language,
                    "expires_at": (now + max(self.hold_for, _PAGE_OPEN_FOR)).isoformat(),
                }
                payment.save()
            return payment

    def start(self, payment: Transaction) -> PaymentSession:
        """Ask the provider to begin a recorded payment; a retry gets the same answer."""
        requested = payment.request
        try:
            session = self.provider.start(
                PaymentRequest(
                    reference=str(payment.reference),
                    amount=Money(payment.amount, payment.currency),
                    email=requested["email"],
                    description=requested["description"],
                    return_url=requested["return_url"],
                    cancel_url=requested["cancel_url"],
                    language=requested["language"],
                    expires_at=datetime.fromisoformat(requested["expires_at"]),
                )
            )
        except (PaymentDeclined, InvalidRequest) as refusal:
            # Nothing was begun. Any other failure leaves the row REQUESTED, to be retried.
            with transaction.atomic():
                locked = rows.lock_payment(payment.pk)
                if locked.state == Transaction.State.REQUESTED:
                    locked.state = Transaction.State.FAILED
                    locked.reason = refusal.message[:200]
                    locked.save(update_fields=("state", "reason", "updated_at"))
                    _reopen(locked)
            raise
        with transaction.atomic():
            locked = rows.lock_payment(payment.pk)
            locked.redirect_url = session.redirect_url
            rows.refresh(locked, session.provider_id)
        payment.refresh_from_db()
        return session

    def follow(self, payment: Transaction, *, final: bool = False) -> TransactionRequest | None:
        """Do what a (locked) payment's state asks for; the provider call that it needs, if any.

        `final`: everything the provider knows has been recorded, so nothing is waited for.
        """
        mine = OrderRow.objects.filter(payment_reference=payment.reference).exists()
        back = rows.returned(payment)
        if mine:
            provider_books.book(payment, self.now())
            rows.mark_order(payment)
        elif payment.state in rows.ENDED:
            _reopen(payment)
        elif payment.charged or payment.state == Transaction.State.AUTHORIZED:
            authorized = rows.counted(payment).filter(kind=EventKind.AUTHORIZED.value).exists()
            whole = authorized or payment.charged == payment.amount
            if back is None and (whole or final):
                try:
                    with transaction.atomic():
                        self._sell(payment, whole=whole)
                    provider_books.book(payment, self.now())
                    rows.mark_order(payment)
                except CommerceError as refusal:
                    return self._return_money(payment, refusal)
        return _if_pending(back)

    def carry_out(self, request_pk: int) -> None:
        """Send a recorded request to the provider and record its answer. Idempotent.

        Raises InvalidRequest, PaymentDeclined or NotFound where the provider refuses, which is
        final; ProviderError leaves the request to be retried.
        """
        request = TransactionRequest.objects.select_related("transaction").get(pk=request_pk)
        if request.state == TransactionRequest.State.DONE:
            return
        if request.state == TransactionRequest.State.REFUSED:
            raise InvalidRequest(f"The provider refused: {request.refusal}")
        payment_id = request.transaction.provider_id
        amount = Money(request.amount, request.currency)
        try:
            if request.kind == TransactionRequest.Kind.CANCEL:
                event = self.provider.cancel(payment_id, reference=request.reference)
            elif request.kind == TransactionRequest.Kind.CAPTURE:
                event = self.provider.capture(payment_id, amount, reference=request.reference)
            else:
                event = self.provider.refund(payment_id, amount, reference=request.reference)
        except (InvalidRequest, PaymentDeclined, NotFound) as refusal:
            request.state = TransactionRequest.State.REFUSED
            request.refusal = f"{refusal.code}: {refusal.message}"[:200]
            request.save(update_fields=("state", "refusal", "updated_at"))
            raise
        with transaction.atomic():
            payment = rows.lock_payment(request.transaction_id)
            request.state = TransactionRequest.State.DONE
            request.save(update_fields=("state", "updated_at"))
            rows.write_event(payment, event)
            self.follow(payment)

    def _try(self, request: TransactionRequest) -> None:
        """Ask now; where the provider does not answer, the sweep asks again."""
        try:
            self.carry_out(request.pk)
        except ProviderError as error:
            log.warning(
                "refund or release not done yet", reference=request.reference, code=error.code
            )
        except CommerceError as error:
            log.error("refund or release refused", reference=request.reference, code=error.code)

    def _sell(self, payment: Transaction, *, whole: bool) -> None:
        paid = Money(payment.amount, payment.currency).quantized()
        if not whole:
            charged = Money(payment.charged, payment.currency).quantized()
            raise InvalidRequest(f"{charged} was charged, not {paid}")
        sell(payment.checkout_id, paid, str(payment.reference), self.now())

    def _return_money(
        self, payment: Transaction, refusal: CommerceError
    ) -> TransactionRequest | None:
        """Money that can become no order returns to the shopper; the reason is kept."""
        log.warning("payment refunded or released", reference=payment.reference, code=refusal.code)
        reason = f"{refusal.code}: {refusal.message}"
        rest = payment.charged - payment.refunded
        request = None
        if payment.charged and rest > 0:
            name = f"{payment.reference}-back"
            request = rows.ask(payment, TransactionRequest.Kind.REFUND, name, rest, reason)
        elif not payment.charged:
            name = f"{payment.reference}-back-held"
            request = rows.ask(
                payment, TransactionRequest.Kind.CANCEL, name, payment.amount, reason
            )
        rows.refresh(payment)
        _reopen(payment)
        return request


def _if_pending(request: TransactionRequest | None) -> TransactionRequest | None:
    return request if request and request.state == TransactionRequest.State.ASKED else None


def _refundable(payment: Transaction, amount: Money) -> Decimal:
    requested = payment.requests.filter(
        kind=TransactionRequest.Kind.REFUND, state=TransactionRequest.State.ASKED
    )
    rest = payment.charged - payment.refunded - sum(r.amount for r in requested)
    if payment.state == Transaction.State.AUTHORIZED:
        if amount.amount != payment.amount:
            raise InvalidRequest("Held money can be released as a whole only", field="amount")
        rest = payment.amount
    if amount.currency != payment.currency or not 0 < amount.amount <= rest:
        most = Money(rest, payment.currency).quantized()
        raise InvalidRequest(f"No more than {most} can be refunded", field="amount")
    return amount.amount


def _described(checkout: Checkout) -> str:
    """The pieces by name, in the shopper's language."""
    names = (
        text_in(line.variant.product.names, checkout.language) for line in checkout.lines.all()
    )
    return ", ".join(names)[:_DESCRIPTION]


def _reopen(payment: Transaction) -> None:
    checkout = Checkout.objects.select_for_update().get(pk=payment.checkout_id)
    others = checkout.transactions.exclude(pk=payment.pk)
    if others.filter(state__in=(*rows.UNSETTLED, *rows.MONEY_HELD)).exists():
        return  # the pieces are held for a payment that is still under way
    if checkout.state == Checkout.State.PAYING:
        stock.release(checkout)
        checkout.state = Checkout.State.OPEN
        checkout.save(update_fields=("state", "updated_at"))


def _order_of_checkout(payment: Transaction) -> Order | None:
    row = OrderRow.objects.filter(checkout=payment.checkout_id).first()
    return None if row is None else order_of(row)
