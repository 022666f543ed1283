"""Source meshes, their builds, and the assets that came of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Model(models.Model):
    """A brand's source mesh for a product. The source is private; only built assets are public."""

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="meshes")
    product = models.OneToOneField(
        "catalog.Product", on_delete=models.CASCADE, related_name="model"
    )
    source_key = models.CharField(max_length=200)
    source_name = models.CharField(max_length=200)
    source_bytes = models.PositiveBigIntegerField()
    # What the brand says of the mesh: kind, unit, alloys sold in, grams, part overrides.
    declared = models.JSONField(default=dict, blank=True)
    current_build = models.ForeignKey(
        "Build", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The input of which somebody chose the build to show; a choice lasts until the input changes.
    chosen_for = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("product",)

    def __str__(self) -> str:
        return self.source_name


class Build(models.Model):
    """One run of the pipeline over one source with one recipe and one declaration.

    `input_key` is a digest of all three: the same input is not built twice. It keeps its own copy
    of them, since the model may have changed before the build begins. A running build holds a
    lease; one whose lease has expired was killed and is queued again.
    """

    class State(models.TextChoices):
        """A build is published whole (DONE) or not at all."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"  # the file is at fault; the report says how
        FAILED = "failed"  # we are at fault; may be tried again
        CANCELED = "canceled"

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="builds")
    input_key = models.CharField(max_length=64)
    source_key = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    declared = models.JSONField(default=dict, blank=True)
    recipe = models.CharField(max_length=20, default="standard")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.FloatField(default=0)
    report = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # when a job was last queued for it
    started_at = models.DateTimeField(null=True, blank=True)  # when a worker last took it
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            # Two workers, or two clicks, can never build the same thing at once.
            models.UniqueConstraint(
                fields=("model", "input_key"),
                condition=Q(state__in=("queued", "running", "done")),
                name="one_live_build_an_input",
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.state}"


class Asset(models.Model):
    """One published file of a build. `key` is its address in the AssetStore."""

    build = models.ForeignKey(Build, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=12)  # web-glb, lod-glb, ar-glb, usdz, poster, …
    variation = models.CharField(max_length=40, blank=True)  # "square", "4x5", "lod1", …
    alloy = models.CharField(max_length=24, blank=True)
    key = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    bytes = models.PositiveBigIntegerField()
    triangles = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "alloy", "variation", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.alloy}".strip()


class Upload(models.Model):
    """A mesh on its way in, in parts; `models3d.uploads` says how it goes from state to state."""

    class State(models.TextChoices):
        """An upload becomes a Model's source whole (DONE) or not at all."""

        RECEIVING = "receiving"
        CHECKING = "checking"
        DONE = "done"
        REFUSED = "refused"
        CANCELED = "canceled"
        EXPIRED = "expired"

    OPEN: ClassVar = (State.RECEIVING, State.CHECKING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="uploads")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=200)
    bytes = models.PositiveBigIntegerField()
    part_bytes = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=500)  # the store's own name for it
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVING)
    received_bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    parts = models.JSONField(default=list, blank=True)  # their SHA-256, in order
    key = models.CharField(max_length=200, blank=True)
    problem = models.JSONField(default=dict, blank=True)
    cleared = models.BooleanField(default=False)  # the store holds nothing of it any more
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
