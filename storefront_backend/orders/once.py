"""Calls that a client may repeat: the same key does a thing once and gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from storefront_backend.commerce.errors import InvalidRequest


class IdempotentCall(models.Model):
    """A key that a client chose, what it was used for, and the answer it got."""

    key = models.CharField(max_length=120, unique=True)
    operation = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


def once(
    key: str, operation: str, subject: str, call: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of `call` (plain values), or the one that the key got before.

    What is refused or fails is not kept, so that a retry tries again; the call itself has to bear
    that. Raises InvalidRequest where the key was used for something else.
    """
    if not key:
        return call()
    row, _new = IdempotentCall.objects.get_or_create(
        key=key[:120], defaults={"operation": operation, "subject": subject}
    )
    if (row.operation, row.subject) != (operation, subject):
        raise InvalidRequest("That key was used for another call", field="idempotency_key")
    if row.answer is None:
        row.answer = call()
        row.save(update_fields=("answer",))
    answer: dict[str, Any] = row.answer
    return answer
