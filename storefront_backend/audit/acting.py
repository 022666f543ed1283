"""Says to the database who is at work, so that its triggers can keep it with a change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

# What is kept where no request and no person is at work: a sale, a sweep, a provider's event.
IN_THE_BACKGROUND = "background"

# Addresses of people who work here name no secret; those of shoppers may (a checkout's token).
_NAMED = ("/desk/", "/api/desk/", "/admin/")


class ActingMiddleware(HistoryMiddleware):
    """The signed-in person of a request that may change something, and the page they used."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """What is kept with each change of the request."""
        person = request.user.pk if request.user.is_authenticated else None
        page = request.path if request.path.startswith(_NAMED) else ""
        return {"user": person, "via": page[:200]}


@contextmanager
def acting(person: int | None, via: str) -> Iterator[None]:
    """Background work that somebody began: their account's id, and what runs for them."""
    with pghistory.context(user=person, via=via):
        yield
