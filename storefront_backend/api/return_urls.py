"""Where a payment page may send a shopper back to: the shop itself, and its storefronts."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from storefront_backend.commerce.errors import InvalidRequest

_LONGEST = 2_000


def check_return_url(url: str, field: str) -> str:
    """The address, if its origin is PUBLIC_URL's or one of STOREFRONT_ORIGINS.

    Raises InvalidRequest. Browsers read an address more loosely than we do, so one that they could
    read otherwise (a backslash, a space, a user before the host) is refused.
    """
    if len(url) > _LONGEST or "\\" in url or any(ord(each) <= 32 for each in url):
        raise _refused(field)
    try:
        origin = _origin(url)
    except ValueError:
        raise _refused(field) from None
    ours = (settings.PUBLIC_URL, *settings.STOREFRONT_ORIGINS)
    if not origin or origin not in {_origin(each) for each in ours}:
        raise _refused(field)
    return url


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no plain address of the web."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _refused(field: str) -> InvalidRequest:
    return InvalidRequest(
        "A payment page sends shoppers back to this shop's storefronts only",
        field=field,
        hint="The operator lists them in STOREFRONT_ORIGINS.",
    )
