"""What marketers make: campaigns, partners with their codes, and stories."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from storefront_backend.audit.tracking import tracked


@tracked("slug", "names", "introductions", "markets", "first_day", "last_day", "scheduled_at")
class Campaign(models.Model):
    """A named effort over some markets and days, showing chosen products.

    Each market has the days by its own clock: from the first moment of `first_day` there to the
    last moment of `last_day`. Without `scheduled_at` it is a draft, which no shopper sees.
    """

    slug = models.SlugField(max_length=80, unique=True)
    names = models.JSONField(default=dict)
    introductions = models.JSONField(default=dict, blank=True)
    markets = models.JSONField(default=list)
    first_day = models.DateField()
    last_day = models.DateField()
    scheduled_at = models.DateTimeField(null=True, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    budget_currency = models.CharField(max_length=3, blank=True)
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="campaigns")

    class Meta:
        ordering = ("-first_day", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="campaign_lasts"
            ),
        )

    def __str__(self) -> str:
        return self.slug


@tracked("code", "name", "kind", "campaign", "is_active")
class Partner(models.Model):
    """A KOL or KOC whose code says that a shopper came from them."""

    class Kind(models.TextChoices):
        """Key opinion leader, or key opinion consumer."""

        KOL = "kol", "KOL"
        KOC = "koc", "KOC"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=3, choices=Kind.choices)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="partners"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


@tracked("brand", "slug", "titles", "bodies", "published_at")
class Story(models.Model):
    """A text of a brand's craft and culture, by language."""

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="articles")
    slug = models.SlugField(max_length=80, unique=True)
    titles = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="articles")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-published_at",)
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.slug
