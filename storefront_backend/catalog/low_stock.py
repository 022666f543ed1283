"""Pieces that run low: one row for each crossing of a brand's threshold, and the mails about it.

on hand ≤ threshold ──> LowStock, open ──> one LowStockMail a person
on hand > threshold ──> the row is over; the next crossing makes another
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class LowStock(models.Model):
    """A variant whose pieces on hand fell to the threshold; open until they are more again."""

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(
        "catalog.ProductVariant", on_delete=models.CASCADE, related_name="low_stock"
    )
    threshold = models.PositiveSmallIntegerField()
    on_hand = models.PositiveIntegerField()  # when it was noticed
    at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)
    # The moment of the mails that name it (LowStockMail.at); null until they are written down.
    mailed_with = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("variant",), condition=Q(over_at=None), name="one_open_low_stock"
            ),
        )
        indexes = (models.Index(fields=("brand", "mailed_with"), name="low_stock_of_a_mail"),)

    def __str__(self) -> str:
        return f"{self.variant} at {self.on_hand}"


class LowStockMail(models.Model):
    """One mail to one of the brand's people about all crossings of a moment."""

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=("at",), condition=Q(done_at=None), name="low_stock_mail_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.brand} to {self.user}"
