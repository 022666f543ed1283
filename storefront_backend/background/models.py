"""What background work remembers between its runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Failure(models.Model):
    """An item or a job that failed. It is retried at `next_at`, or set aside for a person.

    The row goes when the work succeeds, so what is here is what is not well now.
    """

    kind = models.CharField(max_length=60)  # "job", or the kind of item: "mail:parcel", "relist"
    item = models.CharField(max_length=100)  # its id
    subject = models.CharField(max_length=200, blank=True)  # the task of a job
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)  # the class of the error
    message = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-last_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("kind", "item"), name="one_failure_an_item"),
        )
        indexes = (
            models.Index(
                fields=("kind",), condition=Q(set_aside_at__isnull=False), name="set_aside"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.item}: {self.error}"


class StepState(models.Model):
    """How a step of the sweep is doing: when it last began, and when it last ended well."""

    name = models.CharField(max_length=40, unique=True)
    first_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)  # queued, or running; null when over
    began_at = models.DateTimeField(null=True, blank=True)
    ended_well_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    next_at = models.DateTimeField(null=True, blank=True)  # not before, after a failure
    error = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
