"""What happens between our rows and the Saleor that the shop sells by. Every step is idempotent.

| step    | when                                   | and where Saleor does not answer             |
|---------|----------------------------------------|----------------------------------------------|
| bring   | a checkout is opened or changed        | its quote is withheld; a change retries    |
| confirm | a shopper is about to pay              | nothing is begun                             |
| finish  | our order exists                       | the sale stays PAID; the sweep finishes it   |
| agree   | either side has changed an order       | the sweep, or the next event, does it        |

A shopper waits for the first two alone, and only as many at once as the gate has `admitted`. The
others are background work: `later` queues `follow`, and what a killed process did not queue or did
not do is found by the sweep, since the rows of order, parcels and money say what has not been sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from i18n.money import Money
from storefront_backend.aftersale.allocations import AllocationDesk
from storefront_backend.commerce.checkout import Checkout
from storefront_backend.commerce.errors import (
    CommerceError,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
    ProviderError,
    ProviderUnavailable,
)
from storefront_backend.commerce.ports import OrderEngine
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import Fulfillment, Transaction, TransactionEvent
from storefront_backend.orders.models import Order as OrderRow
from storefront_backend.saleor import checkout as images
from storefront_backend.saleor import orders as theirs_of
from storefront_backend.saleor.checkout import Image, TotalsDiffer
from storefront_backend.saleor.gate import Gate, SaleorBusy
from storefront_backend.saleor.orders import SaleorOrder, read_order
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation, SaleorSale
from storefront_backend.saleor_rows.queries import working
from storefront_backend.saleor_sync import agreement, dashboard_refunds

log = structlog.get_logger(__name__)


class CheckoutUnavailable(ProviderUnavailable):
    """Saleor does not answer, or not us; the log says which."""

    code = "checkout_unavailable"


class CheckoutBusy(CheckoutUnavailable):
    """More shoppers are at the checkout than Saleor may be called for at once."""

    code = "checkout_busy"


@dataclass(frozen=True, slots=True)
class Sales:
    """`installation` is called each time: a new token is used at once. `ours` are our orders,
    `allocations` lets lines bear what was refunded in the Dashboard. `gate` counts the shoppers who
    wait for Saleor; `later` queues `follow` of a sale, by our checkout's token."""

    installation: Callable[[], Installation]
    connect: Callable[[Installation], Saleor]
    ours: Callable[[], OrderEngine]
    allocations: Callable[[], AllocationDesk]
    gate: Gate
    later: Callable[[str], None]

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """What a shopper waits for Saleor in. Raises CheckoutBusy before anything has been done."""
        try:
            with self.gate.enter():
                yield
        except SaleorBusy as busy:
            said = _("Many people are at the checkout right now.")
            hint = _("Nothing was taken. Please try again in a moment.")
            raise CheckoutBusy(said, hint=hint) from busy

    def bring(self, view: Checkout) -> None:
        """Make Saleor's image as `view` is, and hold its total against the quote.

        Where it differs or Saleor does not answer, the quote is withheld, so that no one sees or
        pays a total that Saleor does not confirm. Raises TotalsDiffer, CheckoutUnavailable,
        OutOfStock, NotListed, InvalidRequest.
        """
        if view.quote is None:
            return
        try:
            installation = self.installation()
            saleor = self.connect(installation)
            row = SaleorSale.objects.filter(token=view.token, api_url=installation.api_url).first()
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
                "api_url": installation.api_url,
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
            existing = images.standing_total(self._saleor(row), _image(row))
            if existing != total:
                raise _differ(existing, total)
        except NotFound as gone:
            # Saleor deletes checkouts that are not used; the next change makes it again.
            row.delete()
            withhold(token)
            raise _forgotten() from gone
        except CommerceError as error:
            log.warning("sale not confirmed", token=token, code=error.code, reason=error.message)
            withhold(token)
            raise _for_shoppers(error) from error

    def follow(self, token: str) -> None:
        """Do what is due of a sale: Saleor's order, and what has changed since. Never raises."""
        self.finish(token)
        self.reconcile_sale(token)

    def finish(self, token: str) -> SaleorSale | None:
        """Make Saleor's order of a checkout that ours was made of; the sale, if it is one of ours.

        Where Saleor will not sell (the last piece went elsewhere), our order is cancelled and the
        money is refunded. Never raises: the sweep retries what is left over.
        """
        row = SaleorSale.objects.filter(token=token).first()
        order = OrderRow.objects.filter(checkout__token=token).first()
        if row is None or order is None or row.state not in (_OPEN, _PAID):
            return row
        if not _lease(row):
            return row  # another process is making it
        payment = agreement.payment_of(order)
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
            # A token that has expired, an API that has changed: nothing that the shopper did. The
            # order is kept, and is made there when a person has put it right.
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
            agreement.take_over_parcels(self.ours(), order, theirs)
        # What happens here from now on may be missed below, and is looked for the next time.
        told_up_to = timezone.now()
        if not canceled and theirs.status != "CANCELED":
            agreement.report_parcels(saleor, order, theirs)
        agreement.report_payments(saleor, row, order, theirs)
        dashboard_refunds.allocate(order, theirs, self.allocations())
        SaleorSale.objects.filter(pk=row.pk).update(
            seen_at=Greatest(Coalesce("seen_at", theirs.updated_at), theirs.updated_at),
            agreed_at=told_up_to,
            problem="",
        )
        return theirs

    def reconcile_sale(self, token: str) -> None:
        """The same after a change of ours: where it fails, the sweep does it."""
        row = SaleorSale.objects.filter(token=token, state=SaleorSale.State.SOLD).first()
        if row is None:
            return
        try:
            self.agree(row)
        except CommerceError as error:
            _note(row, SaleorSale.State.SOLD, error.message)

    def sweep(self, now: datetime, older_than: timedelta = timedelta(minutes=1)) -> int:
        """Retry what was left: paid and not sold, or changed and not sent. Returns how many."""
        due = SaleorSale.objects.filter(updated_at__lt=now - older_than)
        paid = due.filter(state__in=(_OPEN, _PAID)).filter(
            token__in=OrderRow.objects.values("checkout__token")
        )
        tokens = list(paid.values_list("token", flat=True)[:_AT_ONCE])
        for token in tokens:
            self.finish(str(token))
        sold = due.filter(state=SaleorSale.State.SOLD)
        untold = [
            *sold.exclude(problem="").values_list("token", flat=True)[:_AT_ONCE],
            *changed_here(_lately(sold, now - _LATELY)).values_list("token", flat=True)[:_AT_ONCE],
        ]
        for token in dict.fromkeys(untold):
            self.reconcile_sale(str(token))
        return len(tokens) + len(untold)

    def _saleor(self, row: SaleorSale) -> Saleor:
        return self.connect(working(row.api_url))

    def _undo(self, row: SaleorSale, order: OrderRow, error: CommerceError) -> None:
        try:
            self.ours().cancel(order.number, reason=f"Saleor: {error.message}"[:200])
        except CommerceError as failure:
            _note(row, _PAID, f"not cancelled: {failure.message}")
            return
        _note(row, SaleorSale.State.REFUSED, error.message)


_OPEN, _PAID = SaleorSale.State.OPEN, SaleorSale.State.PAID
_AT_ONCE = 100
# A sale that a killed process was finishing is retried by another after this timeout.
_LEASE = timedelta(minutes=2)
# How far back the sweep looks for what was not sent; the hourly reconcile compares everything.
_LATELY = timedelta(hours=2)


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
        # Saleor deletes checkouts that are not used.
        return images.bring(saleor, view, None)


def _differ(theirs: Money, ours: Money) -> TotalsDiffer:
    return TotalsDiffer(f"Saleor says {theirs}, we say {ours}")


def _for_shoppers(error: CommerceError) -> CommerceError:
    """The error as somebody at a checkout may read it, in their language: no total that is not
    confirmed, and no word of a Saleor."""
    if isinstance(error, TotalsDiffer):
        said = _("The price with duty and tax cannot be confirmed at the moment.")
        return TotalsDiffer(said, hint=_later())
    if isinstance(error, ProviderError):
        said = _("Checkout is not available at the moment. Please try again.")
        return CheckoutUnavailable(said, hint=_later())
    if isinstance(error, OutOfStock):
        said = _("One of the pieces has just been sold. Please remove it from your bag.")
        return OutOfStock(said, field=error.field)
    if isinstance(error, NotListed):
        return NotListed(_("One of the pieces is not available in this market."), field=error.field)
    if isinstance(error, InvalidRequest) and error.field == "quantity":
        said = _("You cannot buy that many pieces at once.")
        return InvalidRequest(said, field=error.field)
    return error


def _later() -> str:
    return _("You have not been charged. Please try again in a few minutes.")


def _forgotten() -> TotalsDiffer:
    return TotalsDiffer(
        _("The price has changed. Please confirm it again."),
        hint=_("Please go through checkout again."),
    )


def _row(token: str) -> SaleorSale:
    row = SaleorSale.objects.filter(token=token).first()
    if row is None:
        withhold(token)
        raise _forgotten()
    return row


def _image(row: SaleorSale) -> Image:
    return Image(row.checkout_id, row.content, Money(row.total, row.currency).quantized())


def _note(row: SaleorSale, state: SaleorSale.State, problem: str) -> None:
    row.state, row.problem, row.leased_until = state, problem[:300], None
    row.save(
        update_fields=(
            "state",
            "problem",
            "leased_until",
            "order_id",
            "order_number",
            "transaction_id",
            "updated_at",
        )
    )


def _lease(row: SaleorSale) -> bool:
    """Take the sale on, unless another process has it: two would record the payment twice.

    One conditional UPDATE, measured by the database's clock.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    return bool(
        SaleorSale.objects.filter(free, pk=row.pk, state__in=(_OPEN, _PAID)).update(
            state=_PAID, leased_until=Now() + _LEASE
        )
    )


def changed_here(sales: QuerySet[SaleorSale]) -> QuerySet[SaleorSale]:
    """Of these sales those whose order has changed here and was not brought to Saleor yet."""
    agreed = OuterRef("agreed_at")
    parcels = Fulfillment.objects.filter(
        order__checkout__token=OuterRef("token"), sent_at__gt=agreed
    )
    money = TransactionEvent.objects.filter(
        transaction__checkout__token=OuterRef("token"), recorded_at__gt=agreed
    )
    return sales.filter(Q(agreed_at=None) | Exists(parcels) | Exists(money))


def _lately(sales: QuerySet[SaleorSale], since: datetime) -> QuerySet[SaleorSale]:
    """Those with a parcel or a movement of money since then: few, also in a large shop."""
    parcels = Fulfillment.objects.filter(sent_at__gt=since)
    money = TransactionEvent.objects.filter(recorded_at__gt=since)
    return sales.filter(
        Q(token__in=parcels.values("order__checkout__token"))
        | Q(token__in=money.values("transaction__checkout__token"))
    )
