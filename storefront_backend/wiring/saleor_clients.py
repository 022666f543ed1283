"""Clients of the Saleor that the shop sells through, with short timeouts."""

from __future__ import annotations

from functools import cache

import httpx
from django.conf import settings

from storefront_backend.saleor.breaker import Breaker
from storefront_backend.saleor.gate import Gate
from storefront_backend.saleor.transport import Patience, Saleor
from storefront_backend.saleor_rows.models import Installation

# A whole checkout is some five requests: each has to be answered or given up soon. No second
# attempt follows one that has hung.
_SHOPPERS_PATIENCE = Patience(connect=2, read=10, attempts=2, first_wait=0.3, total=5)
_AT_THE_GATE = 10.0  # seconds


def for_shoppers(row: Installation) -> Saleor:
    """A Saleor with the patience that somebody at a checkout has."""
    return Saleor(
        row.api_url,
        row.token,
        http=_connections(),
        patience=_SHOPPERS_PATIENCE,
        breaker=breaker(row.api_url),
    )


@cache
def _connections() -> httpx.Client:
    """Kept open from one shopper to the next."""
    return httpx.Client()


@cache
def breaker(api_url: str) -> Breaker:
    """One for each Saleor in this process."""
    return Breaker()


@cache
def gate() -> Gate:
    """Half of this process's threads may wait for Saleor; two always stay free."""
    at_once = settings.WEB_THREADS // 2
    return Gate(at_once, settings.WEB_THREADS - at_once - 2, _AT_THE_GATE)
