"""A production shop opens to shoppers when its imprint is complete.

The desk, webhooks, and what belongs to an order already made go on: an operator has to be able to
fill it in, and a shopper to see their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront_backend.catalog.imprint import imprint, lacking

_OPEN_PAGES = frozenset({"robots", "imprint", "order", "order-paper", "checkout-paid"})
_AN_HOUR = "3600"


class OpenShopMiddleware:
    """503 on shoppers' pages and the API until the imprint is complete."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._is_open = False  # asked until it is: no query a page afterwards

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The page that says so, or None."""
        if self._is_open or not settings.PRODUCTION or not _is_for_shoppers(request):
            return None
        self._is_open = not lacking(imprint(), settings.MARKETS)
        if self._is_open:
            return None
        response = render(request, "web/closed.html", {"robots": "noindex"}, status=503)
        response.headers["Retry-After"] = _AN_HOUR
        response.headers["Cache-Control"] = "no-store"
        return response


def _is_for_shoppers(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is not None and match.namespace == "web":
        return match.url_name not in _OPEN_PAGES
    return request.path_info.startswith("/graphql/")
