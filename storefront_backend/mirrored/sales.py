"""What happens between our rows and the Saleor that the shop sells by. Every step may be repeated.

| step    | when                                   | and where Saleor does not answer             |
|---------|----------------------------------------|----------------------------------------------|
| bring   | a checkout is opened or changed        | its quote is withheld; the next change asks  |
| confirm | a shopper is about to pay              | nothing is begun                             |
| finish  | our order stands                       | the sale stays PAID; the sweep finishes it   |
| agree   | either side has changed an order       | the sweep, or the next event, does it        |
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from i18n.money import Money
from storefront_backend.commerce.checkout import Checkout
from storefront_backend.commerce.errors import (
    CommerceError,
    NotFound,
    NotListed,
    OutOfStock,
    ProviderError,
    ProviderUnavailable,
)
from storefront_backend.commerce.payments import EventKind, PaymentEvent
from storefront_backend.commerce.ports import OrderEngine
from storefront_backend.installations.models import Installation, SaleorSale
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import Fulfillment, Transaction, TransactionEvent
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.saleor import checkout as images
from storefront_backend.saleor import orders as theirs_of
from storefront_backend.saleor import payments
from storefront_backend.saleor.checkout import Image, TotalsDiffer
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.orders import SaleorOrder, read_order
from storefront_backend.saleor.transport import Saleor

log = structlog.get_logger(__name__)

# A parcel that the Dashboard sent without a tracking number is known by Saleor's own name for it.
UNTRACKED = "saleor:"
_TOLD = (
    EventKind.REFUNDED,
    EventKind.REFUND_FAILED,
    EventKind.DISPUTED,
    EventKind.DISPUTE_WON,
    EventKind.DISPUTE_LOST,
    EventKind.CANCELED,
)


class CheckoutUnavailable(ProviderUnavailable):
    """Saleor does not answer, or not us; the log says which."""

    code = "checkout_unavailable"


@dataclass(frozen=True, slots=True)
class Sales:
    """`installation` is asked for each time: a new token is used at once. `ours` are our orders."""

    installation: Callable[[], Installation]
    connect: Callable[[Installation], Saleor]
    ours: Callable[[], OrderEngine]

    def bring(self, view: Checkout) -> None:
        """Make Saleor's image as `view` is, and hold its total against the quote.

        Where it differs or Saleor does not answer, the quote is withheld, so that nobody sees or
        pays a total that Saleor does not confirm. Raises TotalsDiffer, CheckoutUnavailable,
        OutOfStock, NotListed, InvalidRequest.
        """
        if view.quote is None:
            return
        try:
            installation = self.installation()
            saleor = self.connect(installation)
            row = SaleorSale.objects.filter(token=view.token, installation=installation).first()
            image = _bring(saleor, view, row)
            if image.total != view.quote.total:
                raise _differ(image.total, view.quote.total)
        except CommerceError as error:
            log.warning(
                "checkout not confirmed", token=view.token, code=error.code, reason=error.message
            )
            withhold(view.token)
            raise _for_shoppers(error) from error
        SaleorSale.objects.update_or_create(
            token=view.token,
            defaults={
                "installation": installation,
                "checkout_id": image.id,
                "content": image.content,
                "currency": image.total.currency,
                "total": image.total.amount,
                "problem": "",
            },
        )

    def confirm(self, token: str, total: Money) -> None:
        """Ask Saleor once more before a shopper pays. Raises as `bring` does."""
        row = _row(token)
        try:
            stands = images.standing_total(self._saleor(row), _image(row))
            if stands != total:
                raise _differ(stands, total)
        except NotFound as gone:
            # Saleor sweeps away checkouts that nobody touches; the next change makes it anew.
            row.delete()
            withhold(token)
            raise TotalsDiffer("Saleor has forgotten the checkout", hint=_AGAIN) from gone
        except CommerceError as error:
            log.warning("sale not confirmed", token=token, code=error.code, reason=error.message)
            withhold(token)
            raise _for_shoppers(error) from error

    def finish(self, token: str) -> SaleorSale | None:
        """Make Saleor's order of a checkout that ours stands for; the sale, if it is one of ours.

        Where Saleor will not sell (the last piece went elsewhere), our order is cancelled and the
        money goes back. Never raises: what is left over the sweep takes up.
        """
        row = SaleorSale.objects.filter(token=token).first()
        order = OrderRow.objects.filter(checkout__token=token).first()
        if row is None or order is None or row.state not in (_OPEN, _PAID):
            return row
        SaleorSale.objects.filter(pk=row.pk, state=_OPEN).update(state=_PAID)
        payment = _payment_of(order)
        try:
            sold = images.sell(
                self._saleor(row),
                _image(row),
                paid=Money(order.paid, order.currency),
                payment=payment.provider_id if payment else order.payment_reference,
                name=payment.provider if payment else "Pavilion",
                order_number=order.number,
                held=payment is not None and payment.state == Transaction.State.AUTHORIZED,
            )
        except ProviderUnavailable as error:
            _note(row, _PAID, error.message)
        except (OutOfStock, NotListed) as error:
            log.error("saleor does not sell", order=order.number, code=error.code)
            self._undo(row, order, error)
        except CommerceError as error:
            # A token that has run out, an API that has changed: nothing that the shopper did. The
            # order stands, and is made there when a person has put it right.
            log.error("saleor has not made the order", order=order.number, code=error.code)
            _note(row, _PAID, error.message)
        else:
            row.order_id, row.order_number = sold.id, sold.number
            row.transaction_id = sold.transaction
            _note(row, SaleorSale.State.SOLD, "")
        return row

    def agree(self, row: SaleorSale) -> SaleorOrder | None:
        """Bring what has happened to an order on either side to the other. Raises CommerceError."""
        order = OrderRow.objects.filter(checkout__token=row.token).first()
        if order is None or not row.order_id:
            return None
        saleor = self._saleor(row)
        theirs = read_order(saleor, row.order_id)
        canceled = order.state == OrderRow.State.CANCELED
        if theirs.status == "CANCELED" and not canceled:
            self.ours().cancel(order.number, reason="Cancelled in Saleor")
        elif canceled:
            theirs_of.cancel(saleor, theirs)
        else:
            self._take_over_parcels(order, theirs)
            self._tell_parcels(saleor, order, theirs)
        self._tell_payments(saleor, row, order, theirs)
        SaleorSale.objects.filter(pk=row.pk).filter(
            Q(seen_at=None) | Q(seen_at__lt=theirs.updated_at)
        ).update(seen_at=theirs.updated_at, problem="")
        return theirs

    def try_to_agree(self, token: str) -> None:
        """The same after a change of ours: where it fails, the sweep does it."""
        row = SaleorSale.objects.filter(token=token, state=SaleorSale.State.SOLD).first()
        if row is None:
            return
        try:
            self.agree(row)
        except CommerceError as error:
            _note(row, SaleorSale.State.SOLD, error.message)

    def sweep(self, now: datetime, older_than: timedelta = timedelta(minutes=1)) -> int:
        """Take up what was left: paid and not sold, or changed and not told. Returns how many."""
        due = SaleorSale.objects.filter(updated_at__lt=now - older_than)
        paid = due.filter(state__in=(_OPEN, _PAID)).filter(
            token__in=OrderRow.objects.values("checkout__token")
        )
        tokens = list(paid.values_list("token", flat=True)[:_AT_ONCE])
        for token in tokens:
            self.finish(str(token))
        untold = list(due.filter(state=SaleorSale.State.SOLD).exclude(problem="")[:_AT_ONCE])
        for row in untold:
            self.try_to_agree(str(row.token))
        return len(tokens) + len(untold)

    def report(self, event: PaymentEvent) -> bool:
        """Tell Saleor of a payment that it began itself. Raises NotFound where it did not."""
        saleor = self.connect(self.installation())
        try:
            return payments.report(saleor, event, token=event.reference)
        except SaleorRefused as refusal:
            if any(problem.code == "NOT_FOUND" for problem in refusal.problems):
                raise NotFound("No payment of ours or of Saleor's", field="reference") from refusal
            raise

    def _saleor(self, row: SaleorSale) -> Saleor:
        return self.connect(row.installation)

    def _undo(self, row: SaleorSale, order: OrderRow, error: CommerceError) -> None:
        try:
            self.ours().cancel(order.number, reason=f"Saleor: {error.message}"[:200])
        except CommerceError as failure:
            _note(row, _PAID, f"not cancelled: {failure.message}")
            return
        _note(row, SaleorSale.State.REFUSED, error.message)

    def _take_over_parcels(self, order: OrderRow, theirs: SaleorOrder) -> None:
        known = set(_sent(order).values_list("tracking", flat=True))
        lines = {line.sku: line for line in order.lines.select_related("brand")}
        for parcel in theirs.parcels:
            tracking = parcel.tracking or f"{UNTRACKED}{parcel.id}"
            if parcel.status != "FULFILLED" or tracking in known:
                continue
            by_brand: dict[str, dict[str, int]] = {}
            for sku, count in parcel.pieces:
                if sku in lines:
                    own = by_brand.setdefault(lines[sku].brand.slug, {})
                    own[str(lines[sku].pk)] = own.get(str(lines[sku].pk), 0) + count
            for brand, pieces in by_brand.items():
                self.ours().fulfil(order.number, brand=brand, tracking=tracking, pieces=pieces)

    def _tell_parcels(self, saleor: Saleor, order: OrderRow, theirs: SaleorOrder) -> None:
        known = {parcel.tracking for parcel in theirs.parcels}
        told = False
        for parcel in _sent(order).prefetch_related("lines__line"):
            if parcel.tracking in known or parcel.tracking.startswith(UNTRACKED):
                continue
            pieces: dict[str, int] = {}
            for each in parcel.lines.all():
                pieces[each.line.sku] = pieces.get(each.line.sku, 0) + each.quantity
            # What the first parcel left is counted anew before the second.
            stands = read_order(saleor, theirs.id) if told else theirs
            theirs_of.fulfil(saleor, stands, pieces, parcel.tracking)
            told = True

    def _tell_payments(
        self, saleor: Saleor, row: SaleorSale, order: OrderRow, theirs: SaleorOrder
    ) -> None:
        payment = _payment_of(order)
        if payment is None or not row.transaction_id:
            return
        for event in payment.events.all():
            kind = EventKind(event.kind)
            # The first charge is told with the sale, but for money that was only held then.
            late = kind is EventKind.CHARGED and not theirs.charged
            if (kind in _TOLD or late) and event.event_id not in theirs.reported:
                payments.report(saleor, _event(event, payment), transaction=row.transaction_id)


_OPEN, _PAID = SaleorSale.State.OPEN, SaleorSale.State.PAID
_AT_ONCE = 100
_LATER = "Nothing was taken. Please try again in a few minutes."
_AGAIN = "Please look at the checkout once more"


def withhold(token: str) -> None:
    """Take the quote away: what is not confirmed is neither shown nor paid."""
    CheckoutRow.objects.filter(token=uuid.UUID(token)).exclude(
        state=CheckoutRow.State.COMPLETED
    ).update(quote=None, quote_expires_at=None)


def _bring(saleor: Saleor, view: Checkout, row: SaleorSale | None) -> Image:
    known = None if row is None else _image(row)
    try:
        return images.bring(saleor, view, known)
    except NotFound:
        # Saleor sweeps away checkouts that nobody touches.
        return images.bring(saleor, view, None)


def _differ(theirs: Money, ours: Money) -> TotalsDiffer:
    return TotalsDiffer(f"Saleor says {theirs}, we say {ours}")


def _for_shoppers(error: CommerceError) -> CommerceError:
    """The error as somebody at a checkout may read it: no total that is not confirmed, no names."""
    if isinstance(error, TotalsDiffer):
        said = "The price with duty and tax cannot be confirmed at the moment."
        return TotalsDiffer(said, hint=_LATER)
    if isinstance(error, ProviderError):
        return CheckoutUnavailable("The checkout cannot be reached at the moment.", hint=_LATER)
    return error


def _row(token: str) -> SaleorSale:
    row = SaleorSale.objects.select_related("installation").filter(token=token).first()
    if row is None:
        withhold(token)
        raise TotalsDiffer("The checkout is not in Saleor yet", hint=_AGAIN)
    return row


def _image(row: SaleorSale) -> Image:
    return Image(row.checkout_id, row.content, Money(row.total, row.currency).quantized())


def _payment_of(order: OrderRow) -> Transaction | None:
    try:
        reference = uuid.UUID(order.payment_reference)
    except ValueError:
        return None
    return Transaction.objects.filter(reference=reference).first()


def _sent(order: OrderRow) -> QuerySet[Fulfillment]:
    return order.fulfillments.filter(state=Fulfillment.State.FULFILLED)


def _event(row: TransactionEvent, payment: Transaction) -> PaymentEvent:
    return PaymentEvent(
        id=row.event_id,
        kind=EventKind(row.kind),
        reference=str(payment.reference),
        provider_id=payment.provider_id,
        amount=Money(row.amount, row.currency).quantized(),
        occurred_at=row.occurred_at,
        reason=row.reason,
    )


def _note(row: SaleorSale, state: SaleorSale.State, problem: str) -> None:
    row.state, row.problem = state, problem[:300]
    row.save()
