"""Who sits at the marketing desk, and what every page of it has in common.

Marketers see what shoppers may see, and what they made themselves: no brand's costs, terms or
payouts, no order's names and addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import markets, operates
from storefront_backend.desk.marketing.sections import sections_at
from storefront_backend.desk.pages import SeatedView, frame, seated


@dataclass(frozen=True, slots=True)
class MarketingSeat:
    """A signed-in marketer, or an operator whom the page lets in."""

    user: User
    language: str


def marketing_page(
    *methods: str, right: str = ""
) -> Callable[[SeatedView[MarketingSeat]], Callable[..., HttpResponseBase]]:
    """A page for marketers, and for operators with the right to campaigns or with `right`."""

    def seat_of(user: User, language: str) -> MarketingSeat | None:
        may = markets(user) or (right and operates(user, right))
        return MarketingSeat(user, language) if may else None

    return seated("marketers", methods, seat_of)


def marketing_render(
    request: HttpRequest,
    seat: MarketingSeat,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of desk/templates/desk/marketing with what the frame shows."""
    match = request.resolver_match
    at = (match.url_name if match else "") or ""
    common = frame(seat.language) | {"seat": seat, "sections": sections_at(at)}
    return render(request, f"desk/marketing/{template}", common | context, status=status)
