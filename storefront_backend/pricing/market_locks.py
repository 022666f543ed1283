"""Locks on the prices of a market: one tick alone writes, or any number of listers together.

PostgreSQL's advisory locks, released at the end of the transaction. Reading takes none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

_PRICES = 20_261  # the first half of the key: this kind of lock


def lock_exclusive(market: str) -> None:
    """Wait for the market's prices and keep every other writer out."""
    _lock("pg_advisory_xact_lock", market)


def lock_shared(markets: Iterable[str]) -> None:
    """Wait until no tick writes the markets' prices and keep ticks out."""
    for market in sorted(markets):  # in one order, so that two listers never wait in a circle
        _lock("pg_advisory_xact_lock_shared", market)


def _lock(function: str, market: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(%s, %s)",
            (_PRICES, crc32(market.encode()) & 0x7FFF_FFFF),
        )
