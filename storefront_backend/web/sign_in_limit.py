"""How often somebody may try to sign in, counted in the shared cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache

# One address may stand for a whole office, and one account be tried from many addresses.
_PER_ADDRESS = 4
_PER_ACCOUNT = 10


def take_attempt(address: str, account: str) -> bool:
    """Use up one attempt of address, account and both together; False if none is left.

    Each attempt takes a numbered slot with `add`, which one process alone can win: counting up
    would read and write apart, and let a crowd through.
    """
    return all(
        any(cache.add(f"{key}.{slot}", 1, settings.SIGN_IN_WINDOW.total_seconds())
            for slot in range(limit))
        for key, limit in _counters(address, account)
    )  # fmt: skip


def forget_attempts(address: str, account: str) -> None:
    """After a success: the pair starts anew; address and account keep their counts."""
    key, limit = next(_counters(address, account))
    cache.delete_many([f"{key}.{slot}" for slot in range(limit)])


def _counters(address: str, account: str) -> Iterator[tuple[str, int]]:
    attempts = settings.SIGN_IN_ATTEMPTS
    yield _key("pair", address, account), attempts
    yield _key("address", address), attempts * _PER_ADDRESS
    yield _key("account", account), attempts * _PER_ACCOUNT


def _key(*parts: str) -> str:
    return "sign-in." + hashlib.sha256("\n".join(parts).lower().encode()).hexdigest()[:32]
