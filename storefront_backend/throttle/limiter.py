"""Rate limits: `limited(request, kind)` counts by client, `take(kind, key)` by anything."""

from __future__ import annotations

import hashlib
import math
import time

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem
from limits.strategies import FixedWindowRateLimiter

from storefront_backend.rate_limits import rates_of
from storefront_backend.throttle.client import client_group
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.store import PostgresCounters

_limiter = FixedWindowRateLimiter(PostgresCounters())


def limited(request: HttpRequest, kind: str) -> None:
    """Count one request of this client. Raises TooManyRequests."""
    take(kind, client_group(request))


def take(kind: str, *key: str) -> None:
    """Count one. Raises TooManyRequests with the seconds to wait.

    Call it outside of transactions: one that is rolled back takes its count with it, and one that
    is long makes others wait for the row.
    """
    for rate in _rates(kind):
        if not _limiter.hit(rate, _name(kind, key)):
            ends_at, _ = _limiter.get_window_stats(rate, _name(kind, key))
            raise TooManyRequests(max(1, math.ceil(ends_at - time.time())))


def credit_back(kind: str, *key: str) -> None:
    """Take one count back: what was counted turned out to be right."""
    for rate in _rates(kind):
        _limiter.hit(rate, _name(kind, key), cost=-1)


def reset(kind: str, *key: str) -> None:
    """Let the key begin again."""
    for rate in _rates(kind):
        _limiter.clear(rate, _name(kind, key))


def _rates(kind: str) -> tuple[RateLimitItem, ...]:
    return rates_of(kind, settings.RATE_LIMITS.get(kind))


def _name(kind: str, key: tuple[str, ...]) -> str:
    """Of one length for every text, and no list of mail addresses for who reads the table."""
    return f"{kind}/{hashlib.sha256('\n'.join(key).encode()).hexdigest()[:32]}"
