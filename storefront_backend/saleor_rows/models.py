"""Rows about the Saleors that we are installed in. No row of theirs is kept here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from storefront_backend.saleor_rows.intakes import Intake
from storefront_backend.saleor_rows.payment_news import PaymentNews
from storefront_backend.saleor_rows.sales import SaleorSale
from storefront_backend.saleor_rows.sealing import seal, unseal

__all__ = ["Conflict", "Installation", "Intake", "PaymentNews", "SaleorEvent", "SaleorSale"]


class Installation(models.Model):
    """Our app in one Saleor, by that Saleor's API address.

        PENDING ──confirmed by a call with its token──> ACTIVE ──a newer one is confirmed──> RETIRED

    Anybody can send us a token, so a token counts only once its Saleor has answered to it; until
    then the one before it stays in use.

    All that is known of a Saleor (events, sales, intakes, conflicts) is kept by its API address and
    not by a row of this table, so that an app that was removed and installed again goes on with it.
    """

    class State(models.TextChoices):
        """How far the token has been proven."""

        PENDING = "pending"
        ACTIVE = "active"
        RETIRED = "retired"

    api_url = models.CharField(max_length=300)
    app_id = models.CharField(max_length=60, blank=True)  # Saleor's id of our app
    sealed_token = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    keys = models.JSONField(default=dict)  # its JWKS
    keys_fetched_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=20, blank=True)
    permissions = models.JSONField(default=list, blank=True)
    cursor = models.CharField(max_length=200, blank=True)  # how far its catalogue has been read
    # Up to when its orders have all been compared with ours.
    orders_read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("api_url", "-created_at")
        constraints = (
            models.UniqueConstraint(
                fields=("api_url",), condition=Q(state="active"), name="one_active_installation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.api_url} ({self.state})"

    @property
    def token(self) -> str:
        """The app's token. Raises CannotOpen."""
        return unseal(self.sealed_token)

    @token.setter
    def token(self, secret: str) -> None:
        self.sealed_token = seal(secret)


class SaleorEvent(models.Model):
    """One event that a Saleor sent us. The same bytes twice are the same row: that stops replays.

    Rows older than the longest time for which Saleor may retry are deleted by the sweep, and events
    that were issued before that are refused.
    """

    class State(models.TextChoices):
        """RECEIVED is to be done; FAILED is tried again by the sweep."""

        RECEIVED = "received"
        DONE = "done"
        STALE = "stale"  # something newer about the same subject had been done before
        FAILED = "failed"

    api_url = models.CharField(max_length=300)  # of the Saleor that said it
    digest = models.CharField(max_length=64)  # SHA-256 of event name and body, hex
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)  # Saleor's id of what it is about
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    issued_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at",)
        constraints = (
            models.UniqueConstraint(fields=("api_url", "digest"), name="the_same_event_is_one_row"),
        )
        indexes = (
            models.Index(fields=("api_url", "name", "subject", "-issued_at"), name="event_newest"),
            models.Index(
                fields=("received_at",),
                name="event_to_do",
                condition=Q(state__in=("received", "failed")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject} {self.state}"


class Conflict(models.Model):
    """A field that both sides wrote since they last agreed. The later one was kept."""

    api_url = models.CharField(max_length=300)  # of the Saleor that wrote the other side
    subject = models.CharField(max_length=120)  # slug or sku
    field = models.CharField(max_length=60)
    ours = models.TextField(blank=True)
    theirs = models.TextField(blank=True)
    kept = models.CharField(max_length=6)  # ours or theirs
    seen_at = models.DateTimeField(auto_now=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-seen_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("api_url", "subject", "field"),
                condition=Q(resolved_at=None),
                name="one_open_conflict_a_field",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.field}: {self.kept} kept"
