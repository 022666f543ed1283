"""What the payment provider said of payments that Saleor, and not our own shop, began."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PaymentNews(models.Model):
    """One event of the provider that Saleor has to be notified of; the same event is one row.

    RECEIVED ──Saleor took it──> TOLD
       └──Saleor knows no such payment: another shop's on the same account──> FOREIGN
    """

    class State(models.TextChoices):
        """RECEIVED is sent by the sweep again until it is one of the others."""

        RECEIVED = "received"
        TOLD = "told"
        FOREIGN = "foreign"

    event_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=200)  # the token of Saleor's transaction
    provider_id = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=500, blank=True)
    occurred_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "payment news"
        ordering = ("-received_at",)
        indexes = (
            models.Index(
                fields=("updated_at",), name="payment_news_to_tell", condition=Q(state="received")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}: {self.state}"
