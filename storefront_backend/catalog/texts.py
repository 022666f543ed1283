"""A machine's draft of a text: shown to people at the desk, never to shoppers."""

from __future__ import annotations

from django.db import models


class TextDraft(models.Model):
    """Waits until a person accepts it, with or without changes. `source` is what it was made of."""

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="text_drafts")
    subject = models.CharField(max_length=12)  # storefront_backend.texts.subjects
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=16)
    language = models.CharField(max_length=10)
    text = models.TextField()
    source_language = models.CharField(max_length=10)
    source = models.TextField()
    engine = models.CharField(max_length=20)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("subject", "object_id", "field", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("brand", "subject", "object_id", "field", "language"),
                name="one_draft_a_text",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.object_id} {self.field} {self.language}"
