"""Answers 429 wherever a limit is used up."""

from __future__ import annotations

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from storefront_backend.throttle.errors import TooManyRequests


class TooManyRequestsMiddleware:
    """A view, a form or an authentication backend may raise TooManyRequests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for people, JSON for programs; both say how long to wait."""
        if not isinstance(error, TooManyRequests):
            return None
        if request.accepts("text/html"):
            minutes = math.ceil(error.wait / 60)
            response = render(request, "429.html", {"minutes": minutes}, status=429)
        else:
            said = {"code": error.code, "message": error.message, "field": "", "hint": error.hint}
            response = JsonResponse(said, status=429)
        response["Retry-After"] = str(error.wait)
        response["Cache-Control"] = "no-store"
        return response
