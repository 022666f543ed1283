"""Addresses of our own pages, and where a visitor may be sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from i18n.market import Market
from storefront_backend.web.places import ShopRequest


def page_path(name: str, market: Market, language: str, *arguments: Any) -> str:
    """The path of a page in a market and language."""
    return reverse(f"web:{name}", args=(market.code, language, *arguments))


def absolute(path: str) -> str:
    """The public address of a path."""
    return settings.PUBLIC_URL.rstrip("/") + path


def go_to(request: ShopRequest, name: str, *arguments: Any) -> HttpResponseRedirect:
    """On to another page of the same market and language; a POST becomes a GET."""
    path = page_path(name, request.market, request.language, *arguments)
    return HttpResponseRedirect(path, status=303)


def safe_path(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """`wanted` if it is a page of this shop: no open redirect through our name."""
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here else otherwise
