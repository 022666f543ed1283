"""Orders that partners sent: who counts, at which rate, and what holds a payout."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked
from storefront_backend.commerce.attribution import Refusal, Way
from storefront_backend.commerce.commissions import Bearer
from storefront_backend.commerce.partner_signals import Signal


class Attribution(models.Model):
    """The partner who sent an order, as it was settled at the sale; it never changes hands."""

    order = models.OneToOneField(
        "orders.Order", on_delete=models.PROTECT, related_name="attribution"
    )
    partner = models.ForeignKey(
        "campaigns.Partner", on_delete=models.PROTECT, related_name="attributions"
    )
    way = models.CharField(max_length=4, choices=[(each, each.value) for each in Way])
    touched_at = models.DateTimeField(null=True)
    # The partner bought it themselves: nothing is earned, and a person looks.
    refusal = models.CharField(
        max_length=12, choices=[(each, each.value) for each in Refusal], blank=True
    )
    final_after_days = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    final_at = models.DateTimeField(null=True)  # every line is final
    booked_until = models.DateTimeField(null=True)  # movements and refunds up to then are counted

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.order}: {self.partner}"


class AttributedLine(models.Model):
    """A line's rate and who bears it, of the day of the sale."""

    attribution = models.ForeignKey(Attribution, on_delete=models.PROTECT, related_name="lines")
    line = models.OneToOneField(
        "orders.OrderLine", on_delete=models.PROTECT, related_name="attributed"
    )
    rule = models.ForeignKey(
        "partners.CommissionRule", on_delete=models.PROTECT, related_name="lines"
    )
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    borne_by = models.CharField(max_length=5, choices=[(each, each.value) for each in Bearer])

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.line}: {self.rate}"


class ClickDay(models.Model):
    """How often a partner's links were followed on a day. Nothing about who followed them."""

    partner = models.ForeignKey(
        "campaigns.Partner", on_delete=models.CASCADE, related_name="click_days"
    )
    day = models.DateField()
    market = models.CharField(max_length=2, blank=True)
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=("partner", "day", "market"), name="one_row_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.partner} {self.day}: {self.clicks}"


@tracked("partner", "signal", "subject", "released_by", "reason")
class PayoutHold(models.Model):
    """A signal that holds a partner's payouts until a person releases it, with a reason."""

    partner = models.ForeignKey("campaigns.Partner", on_delete=models.PROTECT, related_name="holds")
    signal = models.CharField(max_length=20, choices=[(each, each.value) for each in Signal])
    subject = models.CharField(max_length=60)
    orders = models.JSONField(default=list)
    found_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("found_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("partner", "signal", "subject"), name="one_hold"),
            models.CheckConstraint(
                condition=Q(released_at=None) | (~Q(reason="") & Q(released_by__isnull=False)),
                name="released_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}: {self.signal} {self.subject}"
