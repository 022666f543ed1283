"""Every act is confirmed: the page says what will happen, and nothing has happened yet.

A form is posted twice to the same address: first without `sure`, which shows the question with the
form's fields hidden in it, then with it. This needs no script, and the second post carries the key
that makes the act idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse

from storefront_backend.desk.operator.acts import fresh_key
from storefront_backend.desk.operator.seat import OperatorSeat, operator_render

_OURS = ("csrfmiddlewaretoken", "sure", "key")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before an act. `facts` are what it will change, as label and value."""

    title: str
    sentence: str
    button: str
    back: str  # the address that leads back
    facts: Sequence[tuple[str, object]] = ()
    asks_reason: bool = False  # a field for why, which the log keeps


def is_sure(request: HttpRequest) -> bool:
    """Whether the question has been answered."""
    return request.POST.get("sure") == "1"


def ask(
    request: HttpRequest,
    seat: OperatorSeat,
    question: Question,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """The question, with what was posted, and further fields that the answer carries."""
    hidden = [
        (name, value)
        for name in request.POST
        if name not in _OURS and name not in fields
        for value in request.POST.getlist(name)
    ]
    hidden += fields.items()
    context = {
        "question": question,
        "hidden": hidden,
        "key": request.POST.get("key") or fresh_key(),
    }
    return operator_render(request, seat, "ask.html", context)
