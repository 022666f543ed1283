"""What partners do: briefs with the claims allowed, pieces on loan, and what they published."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from storefront_backend.audit.tracking import tracked


@tracked("title", "text", "claims", "is_open")
class Brief(models.Model):
    """What a partner is invited to show and say. `claims` are the allowed texts by market."""

    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    claims = models.JSONField(default=dict)  # {"jp": ["K18", …]}
    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Empty: for every partner.
    partners = models.ManyToManyField("campaigns.Partner", blank=True, related_name="briefs")
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


@tracked(
    "partner", "variant", "serial", "due_on", "insured", "currency", "returned_at", "condition"
)
class Loan(models.Model):
    """A piece in a partner's hands. It is lent, not given: the shop insures it and wants it back.

    The piece is taken out of stock while it is away.
    """

    partner = models.ForeignKey("campaigns.Partner", on_delete=models.PROTECT, related_name="loans")
    variant = models.ForeignKey("catalog.ProductVariant", on_delete=models.PROTECT)
    stock = models.ForeignKey("catalog.Stock", null=True, on_delete=models.SET_NULL)
    serial = models.CharField(max_length=40)
    lent_on = models.DateField()
    due_on = models.DateField()
    insured = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    returned_at = models.DateTimeField(null=True, blank=True)
    condition = models.CharField(max_length=300, blank=True)  # as it came back
    reminded_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            # Two marketers cannot lend one piece at once.
            models.UniqueConstraint(
                fields=("variant", "serial"),
                condition=Q(returned_at=None),
                name="lent_to_one",
            ),
            models.CheckConstraint(condition=Q(insured__gt=0), name="loan_is_insured"),
            models.CheckConstraint(condition=Q(due_on__gte=F("lent_on")), name="loan_comes_due"),
        )

    def __str__(self) -> str:
        return f"{self.serial} to {self.partner}"


@tracked("partner", "url", "state", "has_disclosure", "note", "checked_by")
class Content(models.Model):
    """What a partner published, checked by a marketer: is the paid partnership disclosed?"""

    class State(models.TextChoices):
        """What the marketer found."""

        HANDED_IN = "handed-in"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    partner = models.ForeignKey(
        "campaigns.Partner", on_delete=models.PROTECT, related_name="content"
    )
    brief = models.ForeignKey(
        Brief, null=True, blank=True, on_delete=models.SET_NULL, related_name="content"
    )
    url = models.URLField(max_length=500)
    market = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=State.choices, default=State.HANDED_IN)
    has_disclosure = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)
    handed_in_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-handed_in_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("partner", "url"), name="content_once"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(has_disclosure=True),
                name="accepted_is_disclosed",
            ),
        )

    def __str__(self) -> str:
        return self.url
