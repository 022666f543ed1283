"""A brand's sheet on its way into the catalogue, as a row that outlives every process."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from catalog_import import limits


class ImportRun(models.Model):
    """One sheet: uploaded, checked in the background, and applied on request.

        CHECKING ──> CHECKED ──apply──> APPLYING ──> DONE
            └──────────────────────────────┴───────> FAILED   the run, not the sheet, went wrong

    A sheet full of errors is CHECKED: its `report` lists them. `options` is what it was handed in
    with, `touched_at` when a worker last showed a sign of life. Undoing a run is a run, too, with
    its plan and its applying: `undoes` names the one.
    """

    class State(models.TextChoices):
        """A killed worker leaves CHECKING or APPLYING; the sweep has another go on."""

        CHECKING = "checking"
        CHECKED = "checked"
        APPLYING = "applying"
        DONE = "done"
        FAILED = "failed"

    class Phase(models.TextChoices):
        """What a worker is at; empty while the run waits for one."""

        READING = "reading"
        CHECKING = "checking"
        PLANNING = "planning"
        WRITING = "writing"
        STOCK = "stock"
        MEDIA = "media"

    UNDER_WAY: ClassVar = (State.CHECKING, State.APPLYING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=200)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    source_key = models.CharField(max_length=200)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHECKING)
    report = models.JSONField(default=dict, blank=True)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by"
    )
    # Written between the products' transactions, never in them: others see how far it is.
    phase = models.CharField(max_length=8, choices=Phase.choices, blank=True, default="")
    rows_done = models.PositiveIntegerField(default=0)
    rows_of = models.PositiveIntegerField(default=0)
    products_failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("brand", "-created_at"), name="import_run_newest"),)

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class ImportPiece(models.Model):
    """A piece in a run's plan: what would happen to it, and what each market says to it.

    `differences` are [field, before, after], `verdicts` by market {"outcome", "reasons"}, as
    pricing.draft_verdicts makes them. A new check replaces all of a run's.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="pieces")
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=limits.PRODUCT_CODE)
    name = models.CharField(max_length=limits.NAME, blank=True)
    action = models.CharField(max_length=10)
    differences = models.JSONField(default=list, blank=True)
    verdicts = models.JSONField(default=dict, blank=True)
    # Whether some market that the piece is meant for stops it.
    is_stopped = models.BooleanField(default=False)

    class Meta:
        ordering = ("run", "position")
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="one_place_in_a_plan"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.code}"


class ImportImage(models.Model):
    """A product as a run found it, and what the run left, for as long as it may be undone.

    `before` is empty for a product that the run made. `after` is a digest of what the run left,
    `stock` its quantities then by the stock row's id (pricing.import_images). `mesh_key` keeps the
    earlier mesh in the store.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="images")
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(
        "catalog.Product", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    code = models.CharField(max_length=limits.PRODUCT_CODE)
    name = models.CharField(max_length=limits.NAME, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.CharField(max_length=64, blank=True)
    stock = models.JSONField(default=dict, blank=True)
    mesh_key = models.CharField(max_length=200, blank=True, db_index=True)
    is_undone = models.BooleanField(default=False)

    class Meta:
        ordering = ("run", "id")
        constraints = (models.UniqueConstraint(fields=("run", "product"), name="one_image_a_run"),)

    def __str__(self) -> str:
        return self.code
