"""The brands' ledger as rows. They are written once and never changed; the database sees to it.

A deferred trigger (migration 0003) lets no transaction end in which a movement does not come to
zero, and another refuses every change and deletion.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked
from storefront_backend.commerce.ledger import Account, MovementKind


@tracked("brand", "commission", "commission_tax")
class BrandTerms(models.Model):
    """What the shop keeps of a brand's goods, as agreed with the brand. Shares: 0.15 is 15 %."""

    brand = models.OneToOneField("catalog.Brand", on_delete=models.CASCADE, related_name="terms")
    commission = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal)
    commission_tax = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal)

    class Meta:
        verbose_name_plural = "brand terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(commission__gte=0, commission__lt=1, commission_tax__gte=0),
                name="terms_are_shares",
            ),
        )

    def __str__(self) -> str:
        return f"{self.brand}: {self.commission}"


class LedgerMovement(models.Model):
    """A movement of money, booked once: the key is unique. No brand: it is not allocated yet."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind.value) for kind in MovementKind])
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    order = models.ForeignKey(
        "orders.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    partner = models.ForeignKey(
        "campaigns.Partner",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
    )
    note = models.CharField(max_length=200, blank=True)  # why a person booked it
    booked_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("booked_at", "id")

    def __str__(self) -> str:
        return self.key


class LedgerEntry(models.Model):
    """One side of a movement. Positive: the account holds or is owed it. Negative: it owes."""

    movement = models.ForeignKey(LedgerMovement, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(
        max_length=14, choices=[(account, account.value) for account in Account]
    )
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    order = models.ForeignKey(
        "orders.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "ledger entries"
        indexes = (models.Index(fields=("brand", "account", "currency"), name="ledger_balance"),)

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"
