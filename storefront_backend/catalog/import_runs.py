"""A brand's sheet on its way into the catalogue, as a row that outlives every process."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One sheet: uploaded, checked in the background, and applied on request.

        CHECKING ──> CHECKED ──apply──> APPLYING ──> DONE
            └──────────────────────────────┴───────> FAILED   the run, not the sheet, went wrong

    A sheet full of errors is CHECKED: its `report` lists them. `options` is what it was handed in
    with, `touched_at` when a worker last showed a sign of life.
    """

    class State(models.TextChoices):
        """A killed worker leaves CHECKING or APPLYING; the sweep has another go on."""

        CHECKING = "checking"
        CHECKED = "checked"
        APPLYING = "applying"
        DONE = "done"
        FAILED = "failed"

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
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("brand", "-created_at"), name="import_run_newest"),)

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
