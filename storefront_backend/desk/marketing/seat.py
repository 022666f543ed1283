"""Who sits at the marketing desk, and what every page of it has in common.

Marketers see what shoppers may see, and what they made themselves: no brand's costs, terms or
payouts, no order's names and addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import markets
from storefront_backend.desk.languages import language_of
from storefront_backend.desk.marketing.sections import sections_at
from storefront_backend.desk.pages import frame, spoken, turned_away


@dataclass(frozen=True, slots=True)
class MarketingSeat:
    """A signed-in marketer, or an operator with the right to campaigns."""

    user: User
    language: str


type MarketingView = Callable[Concatenate[HttpRequest, MarketingSeat, ...], HttpResponseBase]


def marketing_page(*methods: str) -> Callable[[MarketingView], MarketingView]:
    """A page of the marketing desk, in the marketer's language. To anybody else: 404."""

    def decorate(view: MarketingView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if away := turned_away(request, methods):
                return away
            user = request.user
            assert isinstance(user, User)  # others were turned away
            if not markets(user):
                raise Http404(request.path)
            seat = MarketingSeat(user, language_of(request, user))
            return spoken(seat.language, lambda: view(request, seat, **given))

        page.marketers = True  # type: ignore[attr-defined]  # what the walk over all routes looks for
        return page

    return decorate


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
