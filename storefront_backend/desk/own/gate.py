"""Owners and operators without a second factor are led to it before they reach anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from storefront_backend.accounts.models import User
from storefront_backend.accounts.second_factor import owes_one

_GUARDED = ("/desk/", "/api/desk/", "/admin/", "/papers/")
# Where they add one, or leave.
_OPEN = (
    "/desk/account/",
    "/desk/sign-in/",
    "/desk/sign-out/",
    "/desk/language/",
    "/desk/invitation/",
    "/admin/login/",
    "/admin/logout/",
)


class EnrolFirstMiddleware:
    """By the start of the path, so that a page yet to be built is guarded, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Instead of the view: the way to a second factor."""
        path = request.path_info
        if not path.startswith(_GUARDED) or path.startswith(_OPEN):
            return None
        if not isinstance(request.user, User) or not owes_one(request.user):
            return None
        if path.startswith("/api/"):
            said = {
                "code": "second_factor_required",
                "message": "The account must have a second factor",
                "field": "",
                "hint": "Sign in at /desk/ and add an authenticator app or a passkey.",
            }
            return JsonResponse(said, status=403)
        return redirect("mfa_index")
