"""Checkouts, orders and payments. An order keeps what the shopper saw and looks nothing up."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked
from storefront_backend.orders.after_sale import FulfillmentLine, Refund, RefundLine
from storefront_backend.orders.ledger import BrandTerms, LedgerEntry, LedgerMovement
from storefront_backend.orders.mails import OrderMail
from storefront_backend.orders.once import IdempotentCall
from storefront_backend.orders.promotions import BackInStockNotice, Piece, PromoCode

__all__ = [
    "BackInStockNotice",
    "BrandTerms",
    "Checkout",
    "CheckoutLine",
    "Fulfillment",
    "FulfillmentLine",
    "IdempotentCall",
    "LedgerEntry",
    "LedgerMovement",
    "OpenMoney",
    "Order",
    "OrderLine",
    "OrderMail",
    "Piece",
    "PromoCode",
    "Refund",
    "RefundLine",
    "Reservation",
    "Transaction",
    "TransactionEvent",
    "TransactionRequest",
]


class Checkout(models.Model):
    """A shopper's way to an order. The token is the key: who holds it may read and pay it."""

    class State(models.TextChoices):
        """As storefront_backend.commerce.checkout.CheckoutState."""

        OPEN = "open"
        PAYING = "paying"
        COMPLETED = "completed"
        ABANDONED = "abandoned"

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    client = models.CharField(max_length=32, blank=True)  # as request_client names it
    email = models.EmailField(blank=True)
    shipping_address = models.JSONField(null=True, blank=True)
    billing_address = models.JSONField(null=True, blank=True)
    delivery = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    promo = models.CharField(max_length=40, blank=True)  # the code, where it takes something off
    partner = models.CharField(max_length=40, blank=True)  # who counts: a code wins over a link
    partner_way = models.CharField(max_length=4, blank=True)  # commerce.attribution.Way
    link_partner = models.CharField(max_length=40, blank=True)  # whose link was followed last
    link_at = models.DateTimeField(null=True, blank=True)
    gift_message = models.TextField(blank=True)
    # When the shopper agreed that an engraved piece cannot be returned without a fault.
    no_return_consent_at = models.DateTimeField(null=True, blank=True)
    quote = models.JSONField(null=True, blank=True)
    quote_expires_at = models.DateTimeField(null=True, blank=True)
    rates = models.JSONField(default=dict, blank=True)  # of the quote, as Order.rates
    # Warehouses that the quote holds for, by variant: {"17": [3]}. Another may change the duty.
    dispatch = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=("client", "created_at"), name="checkouts_of_client", condition=~Q(client="")
            ),
            models.Index(fields=("updated_at",), name="checkouts_left", condition=Q(state="open")),
        )

    def __str__(self) -> str:
        return str(self.token)


class CheckoutLine(models.Model):
    """A variant in a checkout. `unit_price` is the net goods price locked with the quote."""

    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.ProductVariant", on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField(default=0)
    quantity = models.PositiveSmallIntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=3)
    engraving = models.CharField(max_length=60, blank=True)
    ring_size = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_has_pieces"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant}"


class Reservation(models.Model):
    """Pieces promised to a checkout while its shopper pays; counted in Stock.reserved."""

    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="reservations")
    stock = models.ForeignKey("catalog.Stock", on_delete=models.CASCADE)
    quantity = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("expires_at",)
        constraints = (
            models.UniqueConstraint(fields=("checkout", "stock"), name="one_reservation"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} of {self.stock}"


@tracked("number", "state", "flag")
class Order(models.Model):
    """A sale. `landed` is the landed cost as it was shown, `rates` what it was made with."""

    class State(models.TextChoices):
        """As storefront_backend.commerce.orders.OrderState."""

        UNFULFILLED = "unfulfilled"
        PARTIALLY_FULFILLED = "partially_fulfilled"
        FULFILLED = "fulfilled"
        CANCELED = "canceled"
        RETURNED = "returned"

    class Flag(models.TextChoices):
        """What a person must look at before anything is sent."""

        DISPUTED = "disputed"  # the shopper's bank demands the money back
        UNPAID = "unpaid"  # the money that was held is gone
        REFUNDED = (
            "refunded"  # all its money, or a part that no line bears; and pieces are not sent
        )
        MISMATCH = "mismatch"  # the provider reported money in another currency, or of none

    number = models.CharField(max_length=20, unique=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # One order a checkout: the database refuses a second in every race.
    checkout = models.OneToOneField(Checkout, on_delete=models.PROTECT, related_name="order")
    # The payment that made it; a second payment of the same checkout is refunded.
    payment_reference = models.CharField(max_length=64, unique=True)
    flag = models.CharField(max_length=10, choices=Flag.choices, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.UNFULFILLED)
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    email = models.EmailField()
    total = models.DecimalField(max_digits=14, decimal_places=3)
    paid = models.DecimalField(max_digits=14, decimal_places=3)
    refunded = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    shipping_address = models.JSONField()
    billing_address = models.JSONField(null=True, blank=True)
    delivery = models.CharField(max_length=40)
    partner = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    promo = models.CharField(max_length=40, blank=True)
    gift_message = models.TextField(blank=True)
    no_return_consent_at = models.DateTimeField(null=True, blank=True)
    landed = models.JSONField()
    # What the price was made with: `goods` (by SKU the tick that listed it), `tick` and `rulebook`
    # of duty and tax, and `values`, the rates of that tick. Empty on orders from before.
    rates = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.number


class OpenMoney(Order):
    """An order whose money was refunded at the provider's or disputed, as the operator's list."""

    class Meta:
        proxy = True
        verbose_name = "order with open money"
        verbose_name_plural = "open money"

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """A line as it was sold; the variant may change or go, the line does not."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    brand = models.ForeignKey("catalog.Brand", on_delete=models.PROTECT, related_name="order_lines")
    variant = models.ForeignKey("catalog.ProductVariant", null=True, on_delete=models.SET_NULL)
    position = models.PositiveSmallIntegerField(default=0)
    sku = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveSmallIntegerField()
    goods = models.DecimalField(max_digits=14, decimal_places=3)
    passport = models.JSONField()
    engraving = models.CharField(max_length=60, blank=True)
    ring_size = models.CharField(max_length=16, blank=True)
    warehouse = models.CharField(max_length=40, blank=True)  # empty: made to order
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.order} {self.sku}"


@tracked("order", "brand", "number", "state", "tracking", "carrier")
class Fulfillment(models.Model):
    """One parcel of a brand's pieces of an order; what is left behind goes into another.

    The terms are those of the day of the sale.
    """

    class State(models.TextChoices):
        """Waiting, on its way, or cancelled."""

        WAITING = "waiting"
        FULFILLED = "fulfilled"
        CANCELED = "canceled"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fulfillments")
    brand = models.ForeignKey(
        "catalog.Brand", on_delete=models.PROTECT, related_name="fulfillments"
    )
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    tracking = models.CharField(max_length=80, blank=True)
    carrier = models.CharField(max_length=60, blank=True)  # empty: the one the shopper chose
    sent_at = models.DateTimeField(null=True, blank=True)
    commission = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal)
    commission_tax = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number


class Transaction(models.Model):
    """One attempt to pay a checkout. Written before the provider is called, so none is lost."""

    class State(models.TextChoices):
        """REQUESTED: we may or may not have reached the provider; recovery asks it."""

        REQUESTED = "requested"
        PENDING = "pending"
        AUTHORIZED = "authorized"
        CHARGED = "charged"
        FAILED = "failed"
        CANCELED = "canceled"
        REFUNDED = "refunded"

    class Dispute(models.TextChoices):
        """The state of a dispute about the payment."""

        OPEN = "open"
        WON = "won"
        LOST = "lost"

    reference = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="transactions")
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=120, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    charged = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    refunded = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    redirect_url = models.TextField(blank=True)
    # The request to the provider, verbatim: on a retry it answers with the same payment.
    request = models.JSONField(default=dict, blank=True)
    dispute = models.CharField(max_length=4, choices=Dispute.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.provider} {self.reference} {self.state}"


class TransactionEvent(models.Model):
    """An event that a provider sent us, once: the pair of provider and event id is unique."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="events")
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    # Our own request that it answers; empty: somebody did it at the provider's.
    request = models.CharField(max_length=120, blank=True)
    # What the provider took for a dispute, in its account's currency.
    fee = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    fee_currency = models.CharField(max_length=3, blank=True)
    # Why it does not count: its money is not of the payment's currency, or not above zero.
    mismatch = models.CharField(max_length=200, blank=True)
    # When a person looked at that and let the order go on.
    checked_at = models.DateTimeField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("occurred_at", "id")
        constraints = (models.UniqueConstraint(fields=("provider", "event_id"), name="one_event"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class TransactionRequest(models.Model):
    """What we want a provider to do with a payment, written before the call.

    The reference is the idempotency key, so a request that a killed process left is retried.
    """

    class Kind(models.TextChoices):
        """What is requested."""

        CAPTURE = "capture"
        REFUND = "refund"
        CANCEL = "cancel"

    class State(models.TextChoices):
        """ASKED until an answer is recorded; REFUSED keeps the provider's reason."""

        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    reference = models.CharField(max_length=120, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.reference} {self.state}"
