"""What happens to an order after its sale: parcels in part, cancellations, returns, refunds."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked


class FulfillmentLine(models.Model):
    """Pieces of an order line in a parcel."""

    fulfillment = models.ForeignKey(
        "orders.Fulfillment", on_delete=models.CASCADE, related_name="lines"
    )
    line = models.ForeignKey(
        "orders.OrderLine", on_delete=models.CASCADE, related_name="fulfillment_lines"
    )
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("line", "id")
        constraints = (
            models.UniqueConstraint(fields=("fulfillment", "line"), name="one_row_a_parcel_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="parcel_line_has_pieces"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"


@tracked("order", "brand", "number", "kind", "state", "reason", "amount", "currency")
class Refund(models.Model):
    """A refund for pieces of one brand; its number is that of the credit note.

    Written before the provider is called: the request is idempotent by its `key`, and the number is
    the provider's idempotency key. Money that the provider has refunded or lost already is done
    when it is written; its `source` says on which account it was open.
    """

    class Kind(models.TextChoices):
        """Before the parcel left, or after; an allowance leaves the pieces with the shopper."""

        CANCELLATION = "cancellation"
        RETURN = "return"
        ALLOWANCE = "allowance"

    class Source(models.TextChoices):
        """The ledger's account that the money comes from."""

        PROVIDER = "provider"
        UNALLOCATED = "unallocated"
        DISPUTED = "disputed"

    class State(models.TextChoices):
        """ASKED until the provider has answered."""

        ASKED = "asked"
        DONE = "done"

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="refunds")
    brand = models.ForeignKey("catalog.Brand", on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=5, choices=State.choices, default=State.ASKED)
    source = models.CharField(max_length=11, choices=Source.choices, default=Source.PROVIDER)
    # The money was held and not taken yet: the rest is taken and this is released.
    is_release = models.BooleanField(default=False)
    reason = models.CharField(max_length=200)
    # What becomes of the duty that was paid: a sentence for the shopper and for customs.
    duty_note = models.CharField(max_length=300, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_money"),)

    def __str__(self) -> str:
        return self.number


class RefundLine(models.Model):
    """Pieces of an order line and what is refunded for them, part by part."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(
        "orders.OrderLine", on_delete=models.PROTECT, related_name="refund_lines"
    )
    quantity = models.PositiveSmallIntegerField()
    goods = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    shipping = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    duty = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)
    tax = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal)

    class Meta:
        ordering = ("line", "id")
        constraints = (
            models.UniqueConstraint(fields=("refund", "line"), name="one_row_a_refund_line"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"
