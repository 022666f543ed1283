"""Our checkouts and orders as they are in a Saleor."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SaleorSale(models.Model):
    """One sale of ours and its image in the Saleor that the shop sells through.

        OPEN ──our order exists──> PAID ──Saleor has made its order──> SOLD
                                     └──Saleor will not (no stock): refund──> REFUSED

    `token` is our checkout's. An order that others made in Saleor has no row here.
    """

    class State(models.TextChoices):
        """PAID is finished by the sweep, also after a killed process."""

        OPEN = "open"
        PAID = "paid"
        SOLD = "sold"
        REFUSED = "refused"

    # Of the Saleor, and not one installation of us in it: another installation goes on with it.
    api_url = models.CharField(max_length=300)
    token = models.UUIDField(unique=True)
    checkout_id = models.CharField(max_length=120)
    content = models.TextField(blank=True)  # the lines that the image was given
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)  # Saleor's, when last queried
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    order_id = models.CharField(max_length=120, blank=True)
    order_number = models.CharField(max_length=20, blank=True)
    transaction_id = models.CharField(max_length=120, blank=True, db_index=True)
    # Saleor's time of the order as last taken over; an older word about it changes nothing.
    seen_at = models.DateTimeField(null=True, blank=True)
    # When both sides were last compared and brought together.
    agreed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)  # the sweep tries again
    # Until then one process makes its order in Saleor, and no other.
    leased_until = models.DateTimeField(null=True, blank=True)
    # How the money differed when the hourly reconcile looked; a person has to see to it.
    money_apart = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at",)
        indexes = (
            models.Index(fields=("updated_at",), name="sale_to_finish", condition=Q(state="paid")),
            models.Index(fields=("api_url", "order_id"), name="sale_of_an_order"),
        )

    def __str__(self) -> str:
        return f"{self.token} {self.state}"
