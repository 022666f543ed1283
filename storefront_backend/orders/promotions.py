"""Promo codes, serial numbers and back-in-stock notices."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class PromoCode(models.Model):
    """A code that takes something off the goods: a percentage, or a fixed amount in a currency.

    `used` counts orders; the last use is given by a conditional update, with a check behind it.
    With a campaign it is the campaign's offer: it holds for its pieces (all, where it names none),
    in its markets, while it is live there. `per_shopper` bounds the orders of one mail address.
    """

    class Kind(models.TextChoices):
        """How `value` is read."""

        PERCENTAGE = "percentage"
        FIXED = "fixed"

    code = models.CharField(max_length=40, unique=True)  # capitals
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3, blank=True)  # of a fixed amount
    markets = models.JSONField(default=list, blank=True)  # empty: everywhere
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    per_shopper = models.PositiveIntegerField(null=True, blank=True)
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offers",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(usage_limit=None) | Q(used__lte=F("usage_limit")),
                name="code_not_overused",
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0)
                & (
                    Q(kind="percentage", value__lte=Decimal(100))
                    | (Q(kind="fixed") & ~Q(currency=""))
                ),
                name="code_is_sane",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Piece(models.Model):
    """One piece with its serial number; a one-of-a-kind has a single row.

    A serial is sold once: the row names the order line that took it.
    """

    variant = models.ForeignKey(
        "catalog.ProductVariant", on_delete=models.CASCADE, related_name="pieces"
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse", on_delete=models.PROTECT, related_name="pieces"
    )
    serial = models.CharField(max_length=40)
    line = models.ForeignKey(
        "orders.OrderLine", null=True, blank=True, on_delete=models.SET_NULL, related_name="pieces"
    )

    class Meta:
        ordering = ("variant", "serial")
        constraints = (
            models.UniqueConstraint(fields=("variant", "serial"), name="one_serial_a_variant"),
        )

    def __str__(self) -> str:
        return self.serial


class BackInStockNotice(models.Model):
    """Somebody wants to be notified when a variant is back, and has confirmed it or has to."""

    variant = models.ForeignKey(
        "catalog.ProductVariant", on_delete=models.CASCADE, related_name="notices"
    )
    email = models.EmailField()
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)
    confirm_mailed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "email"), condition=Q(sent_at=None), name="one_open_notice"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} {self.variant}"
