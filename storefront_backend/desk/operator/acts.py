"""Records what an operator did; the same form twice is one act."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from storefront_backend import wiring
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.desk.operator.seat import OperatorSeat


def fresh_key() -> str:
    """A name for one act, which its form carries: sent twice, it counts once."""
    return f"desk-{get_random_string(16)}"


def key_of(request: HttpRequest) -> str:
    """The key that the form came with; one without gets its own."""
    return request.POST.get("key", "")[:100] or fresh_key()


def record(
    seat: OperatorSeat,
    act: str,
    kind: str,
    subject: str,
    *,
    key: str,
    before: str = "",
    after: str = "",
    note: str = "",
) -> bool:
    """Write an act down once; false where its key is there already."""
    _, new = OperatorAct.objects.get_or_create(
        key=f"{key} {act} {subject}"[:100],
        defaults={
            "at": wiring.now(),
            "by": seat.user,
            "by_name": seat.user.email[:150],
            "act": act,
            "kind": kind,
            "subject": subject[:120],
            "before": before[:300],
            "after": after[:300],
            "note": note[:1000],
        },
    )
    return new


def acts_of(kind: str, subject: str) -> QuerySet[OperatorAct]:
    """What was done to one thing, newest first."""
    return OperatorAct.objects.filter(kind=kind, subject=subject)
