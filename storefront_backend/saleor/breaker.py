"""A circuit breaker: after some failures in a row calls fail at once, but for one that retries.

    CLOSED ──failures in a row──> OPEN ──pause is over──> one caller tries ──it works──> CLOSED
                                    └──<── the others are refused ──<── it fails ──<──┘

Without it each shopper pays the whole timeout of a Saleor that hangs. Kept packages were looked at:
pybreaker holds its lock during the call, so it serialises all callers; circuitbreaker lets
everybody try at once when the pause is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storefront_backend.saleor.errors import SaleorUnavailable


class Breaker:
    """One for each Saleor and process; `clock` counts seconds."""

    def __init__(
        self, failures: int = 3, pause: float = 15.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_from = 0.0  # while it is open: when the next caller may try

    @contextmanager
    def watching(self, failure: type[Exception]) -> Iterator[None]:
        """Count how the call in the block ends. Raises SaleorUnavailable instead, while open."""
        self._admit()
        try:
            yield
        except failure:
            self._count(1)
            raise
        except BaseException:
            self._count(0)  # an answer, though not one that the caller wanted
            raise
        self._count(0)

    def _admit(self) -> None:
        with self._lock:
            if self._failures < self._most:
                return
            now = self._clock()
            if now < self._closed_from:
                raise SaleorUnavailable("Saleor has not answered several times; retrying soon")
            # This one tries; calls that come meanwhile wait for another pause at most.
            self._closed_from = now + self._pause

    def _count(self, failed: int) -> None:
        with self._lock:
            self._failures = (self._failures + 1) if failed else 0
            if self._failures >= self._most:
                self._closed_from = self._clock() + self._pause
