"""Idempotent calls that a client may retry: one key acts once and always gets the same answer.

A key counts for one call about one subject (a checkout's token, a payment's reference), which only
its shopper knows: no one can use up the keys of others by guessing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from storefront_backend.commerce.errors import InvalidRequest

LONGEST_KEY = 120
_KEPT_FOR = timedelta(days=30)


class IdempotentCall(models.Model):
    """A key that a client chose, what it was used for, and the answer it got."""

    key = models.CharField(max_length=LONGEST_KEY)
    operation = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=("subject", "operation", "key"), name="one_answer"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


def once(
    key: str, operation: str, subject: str, call: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of `call` (plain values), or the one that the key got before.

    Only answers are kept: what is refused or fails is tried again, and leaves nothing behind. Two
    that come at the same moment both call, which the call has to bear, and get one answer. Raises
    InvalidRequest for a key that is too long.
    """
    if not key:
        return call()
    if len(key) > LONGEST_KEY:
        raise InvalidRequest(f"A key has {LONGEST_KEY} characters at most", field="idempotency_key")
    scope = {"operation": operation, "subject": subject, "key": key}
    row = IdempotentCall.objects.filter(**scope).first()
    if row is None:
        row, _new = IdempotentCall.objects.get_or_create(**scope, defaults={"answer": call()})
    answer: dict[str, Any] = row.answer
    return answer


def forget_old_calls(now: datetime) -> int:
    """Delete answers that no client will ask for any more; returns how many."""
    return IdempotentCall.objects.filter(created_at__lt=now - _KEPT_FOR).delete()[0]
