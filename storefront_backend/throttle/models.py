"""The counters of all rate limits."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """How often a key was counted in its window. An expired row counts as none."""

    key = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
