"""Source meshes, their builds, and the assets that came of them."""

from __future__ import annotations

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
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("product",)

    def __str__(self) -> str:
        return self.source_name


class Build(models.Model):
    """One run of the pipeline over one source with one recipe and one declaration.

    `input_key` is a digest of all three: the same input is not built twice. A running build holds
    a lease; one whose lease has run out was killed and is taken up again.
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
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.FloatField(default=0)
    report = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
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
