"""Who sits at the shop's own desk, and what every page of it has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import is_operator, operates
from storefront_backend.desk.languages import language_of
from storefront_backend.desk.operator.sections import sections_of
from storefront_backend.desk.pages import frame, spoken, turned_away


@dataclass(frozen=True, slots=True)
class OperatorSeat:
    """A signed-in operator. Operators see every brand's rows, as the shop does."""

    user: User
    language: str

    def may(self, right: str) -> bool:
        """Whether this operator has the right, as "orders.view_order"."""
        return operates(self.user, right)


type OperatorView = Callable[Concatenate[HttpRequest, OperatorSeat, ...], HttpResponseBase]


def operator_page(right: str, *methods: str) -> Callable[[OperatorView], OperatorView]:
    """A page of the shop's desk: operators with that right, in their language.

    `right` "" lets every operator in. To anybody else there is no such page: 404.
    """

    def decorate(view: OperatorView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            user = request.user
            assert isinstance(user, User)  # others were turned away
            if not (operates(user, right) if right else is_operator(user)):
                raise Http404(request.path)
            seat = OperatorSeat(user, language_of(request, user))
            return spoken(seat.language, lambda: view(request, seat, **given))

        page.operators = True  # type: ignore[attr-defined]  # what the walk over all routes looks for
        return page

    return decorate


def operator_render(
    request: HttpRequest,
    seat: OperatorSeat,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page with what the frame shows: the sections that this operator may open."""
    match = request.resolver_match
    at = match.url_name if match else ""
    common = frame(seat.language) | {"seat": seat, "sections": sections_of(seat.user, at or "")}
    return render(request, f"desk/operator/{template}", common | context, status=status)
