"""A house that may not sell for now: its pieces leave the shop, its people read and change nothing.

A row, and no column of the brand, so that lifting it leaves no trace in what the brand is. Listings
are taken off in the transaction that writes the row; `pricing.listing` puts none on while it is
there, and lifting it marks the brand's products for relisting.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Suspension(models.Model):
    """One a brand, while it holds. Who wrote it is in the operators' log."""

    brand = models.OneToOneField(
        "catalog.Brand", on_delete=models.CASCADE, related_name="suspension"
    )
    since = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.brand} suspended"
