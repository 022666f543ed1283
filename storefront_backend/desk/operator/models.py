"""What operators did at the desk: who, what, when, from what, to what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class OperatorAct(models.Model):
    """One act of a person, written once and never changed. `key` is that of the form it came by.

    The database keeps changes of single columns elsewhere; this says what somebody meant to do.
    """

    key = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)  # stays when the account goes
    act = models.CharField(max_length=40)  # a code of words.ACTS
    kind = models.CharField(max_length=30)  # what it was done to: "order", "brand", …
    subject = models.CharField(max_length=120)  # its number, slug, …
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("kind", "subject", "-at"), name="acts_of_a_subject"),)

    def __str__(self) -> str:
        return f"{self.by_name}: {self.act} {self.subject}"
