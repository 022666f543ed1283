"""What a brand has answered about one kind of its sheets, kept for the next one."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SheetMapping(models.Model):
    """A brand's answers for every sheet with the same headers (catalog_import.answers).

    `signature` is that of catalog_import.recognition; `source` says which export it is, or "sheet".
    """

    brand = models.ForeignKey(
        "catalog.Brand", on_delete=models.CASCADE, related_name="sheet_mappings"
    )
    signature = models.CharField(max_length=32)
    source = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at",)
        constraints = (
            models.UniqueConstraint(fields=("brand", "signature"), name="one_mapping_a_signature"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.signature[:8]}"
