"""Gives a device that has just signed in the cookie by which it is known."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from storefront_backend.accounts.sign_in import remember_device


class KnownDeviceMiddleware:
    """After every answer; most have nothing to remember."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        remember_device(request, response)
        return response
