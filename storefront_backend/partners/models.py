"""The programme: its terms, who applied and agreed, and the rates of commission.

`campaigns.Partner` is the public side of a partner, a code and a name. An application is the
person behind it; it is approved before the partner earns anything.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked
from storefront_backend.campaigns.models import Partner
from storefront_backend.commerce.commissions import Bearer
from storefront_backend.partners.sales import AttributedLine, Attribution, ClickDay, PayoutHold
from storefront_backend.partners.work import Brief, Content, Loan

__all__ = [
    "Acceptance",
    "Application",
    "AttributedLine",
    "Attribution",
    "Brief",
    "ClickDay",
    "CommissionRule",
    "Content",
    "Loan",
    "PayoutHold",
    "Terms",
]


@tracked("version", "texts", "window_days", "final_after_days", "published_at")
class Terms(models.Model):
    """A version of what partners agree to. What is published is not changed: it is superseded."""

    version = models.CharField(max_length=20, unique=True)
    texts = models.JSONField(default=dict)  # by language; English is there
    # A link counts for an order this many days after it was followed.
    window_days = models.PositiveSmallIntegerField(
        validators=(MinValueValidator(1), MaxValueValidator(90))
    )
    # A sale is final this many days after the last parcel of its line has left.
    final_after_days = models.PositiveSmallIntegerField(
        validators=(MinValueValidator(0), MaxValueValidator(180))
    )
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("-published_at", "-pk")
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return self.version


@tracked("email", "name", "kind", "state", "partner", "user", "decided_by", "decision")
class Application(models.Model):
    """Somebody who wants to be a partner. The address is for loans and against self-purchase."""

    class State(models.TextChoices):
        """What a marketer has decided."""

        OPEN = "open"
        APPROVED = "approved"
        DECLINED = "declined"

    name = models.CharField(max_length=80)
    email = models.EmailField()
    kind = models.CharField(max_length=3, choices=Partner.Kind.choices)
    channels = models.TextField(max_length=1000)  # addresses of what they publish, one a line
    message = models.TextField(max_length=1000, blank=True)
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=10)
    address = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    partner = models.OneToOneField(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="application"
    )
    # The account that opens the partner's own page; joined at its first visit, by its address.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="partner_application",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.CharField(max_length=300, blank=True)  # why, as the applicant is told
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("email",),
                condition=Q(state__in=("open", "approved")),
                name="one_application_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", partner__isnull=False)
                | (~Q(state="approved") & Q(partner=None)),
                name="approved_is_a_partner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}: {self.state}"


class Acceptance(models.Model):
    """That somebody agreed to terms: when, to which version, and the text as they read it."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="acceptances"
    )
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="acceptances")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    text = models.TextField()
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ("-accepted_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "terms"), name="terms_accepted_once"),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.version}"


@tracked("campaign", "brand", "kind", "rate", "borne_by", "is_active")
class CommissionRule(models.Model):
    """A rate (0.08 is 8 %) for a campaign, a brand and a kind of partner; what is empty is any."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=3, choices=Partner.Kind.choices, blank=True)
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    borne_by = models.CharField(
        max_length=5, choices=[(each, each.value) for each in Bearer], default=Bearer.SHOP
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "brand", "kind"),
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="one_rule_a_case",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lt=1), name="rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(borne_by="shop") | Q(brand__isnull=False),
                name="a_named_brand_bears",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rate}"
