"""Who sits at the shop's own desk, and what every page of it has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import is_operator, operates
from storefront_backend.desk.operator.sections import sections_of
from storefront_backend.desk.pages import SeatedView, frame, seated


@dataclass(frozen=True, slots=True)
class OperatorSeat:
    """A signed-in operator. Operators see every brand's rows, as the shop does."""

    user: User
    language: str

    def may(self, right: str) -> bool:
        """Whether this operator has the right, as "orders.view_order"."""
        return operates(self.user, right)


def operator_page(
    right: str, *methods: str
) -> Callable[[SeatedView[OperatorSeat]], Callable[..., HttpResponseBase]]:
    """A page of the shop's desk: operators with that right, in their language.

    `right` "" lets every operator in. To anybody else there is no such page: 404.
    """

    def seat_of(user: User, language: str) -> OperatorSeat | None:
        may = operates(user, right) if right else is_operator(user)
        return OperatorSeat(user, language) if may else None

    return seated("operators", methods, seat_of)


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
