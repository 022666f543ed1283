"""Which mails an order's shopper has been sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class OrderMail(models.Model):
    """A mail about an order, sent once; `problem` where its address took none."""

    class Kind(models.TextChoices):
        """That it is bought, and that a parcel has left."""

        CONFIRMATION = "confirmation"
        PARCEL = "parcel"

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="mails")
    parcel = models.ForeignKey(
        "orders.Fulfillment", null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sent_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("sent_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("order",), condition=Q(parcel=None), name="one_confirmation"
            ),
            models.UniqueConstraint(fields=("parcel",), name="one_mail_a_parcel"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.order}"
