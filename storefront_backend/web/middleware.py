"""The market and the language of a request, read from its address: `/ae/ar/…`; what pages may use
of the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from storefront_backend.web.places import LANGUAGES, ShopRequest, market_of
from storefront_backend.web.via import follow

# The viewer opens full screen and in AR; nothing here looks, listens or asks where somebody is.
_PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                "accelerometer", "camera", "display-capture", "geolocation",
                "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
                "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
            )
        ),
        "fullscreen=(self)",
        "xr-spatial-tracking=(self)",
    ]
)  # fmt: skip


class PermissionsPolicyMiddleware:
    """Permissions-Policy on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response


class MarketMiddleware:
    """Sets `request.market` and `request.language`, and speaks the language while it is answered.

    Pages outside a market (the chooser, the admin, errors) speak the browser's language and set
    neither.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code, _, rest = request.path_info.lstrip("/").partition("/")
        address_language = rest.partition("/")[0]
        market = market_of(code)
        if market is None or address_language not in LANGUAGES:
            with translation.override(translation.get_language_from_request(request)):
                return self.get_response(request)
        shop = cast(ShopRequest, request)
        shop.market = market
        shop.language = LANGUAGES[address_language]
        with translation.override(address_language):
            response = self.get_response(request)
        if via := request.GET.get("via"):  # a partner's link to a page of the shop
            follow(request, response, via, market.code)
        response.headers.setdefault("Content-Language", shop.language)
        return response
