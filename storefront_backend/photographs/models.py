"""Photographs of a brand's pieces, and the files that pages show of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Photograph(models.Model):
    """One photograph of a product, or of one variant of it; without one, of the house itself.

    `sha256` is of the bytes as sent, so the same file is one photograph of a product. `look` is
    nearly the same for pictures that look alike (showroom.photographs). The original stays
    private; `renditions` are public.
    """

    class State(models.TextChoices):
        """A photograph is shown whole (READY) or not at all."""

        FETCHING = "fetching"  # its address is known, its bytes are not
        QUEUED = "queued"
        READY = "ready"
        REFUSED = "refused"  # the file or the address is at fault; `problem` says how
        FAILED = "failed"  # we are at fault; may be tried again

    UNDER_WAY: ClassVar = (State.FETCHING, State.QUEUED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="photographs")
    product = models.ForeignKey(
        "catalog.Product",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="photographs",
    )
    variant = models.ForeignKey(
        "catalog.ProductVariant",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="photographs",
    )
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.JSONField(default=dict, blank=True)  # by language, as names are
    source_name = models.CharField(max_length=200)
    source_url = models.CharField(max_length=2000, blank=True)
    source_key = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    problem = models.JSONField(default=dict, blank=True)
    look = models.CharField(max_length=16, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # when a job was last queued for it
    # Until when a worker has it; kept afterwards, since it says when the brand last had its turn.
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "sha256"),
                condition=~Q(sha256=""),
                name="one_photograph_a_file",
            ),
            models.UniqueConstraint(
                fields=("brand", "sha256"),
                condition=Q(product=None) & ~Q(sha256=""),
                name="one_house_picture_a_file",
            ),
            models.UniqueConstraint(
                fields=("product", "source_url"),
                condition=~Q(source_url=""),
                name="one_photograph_an_address",
            ),
        )
        indexes = (
            models.Index(
                fields=("brand", "created_at"),
                condition=Q(state__in=("fetching", "queued")),
                name="photograph_under_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_name} {self.state}"


class Rendition(models.Model):
    """One public file of a photograph. `key` is its address in the AssetStore."""

    photograph = models.ForeignKey(Photograph, on_delete=models.CASCADE, related_name="renditions")
    key = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("width", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("photograph", "media_type", "width"), name="one_rendition_a_width"
            ),
        )

    def __str__(self) -> str:
        return f"{self.media_type} {self.width}"
