"""How many shoppers' requests may wait for Saleor at once in one process.

Saleor asks us for delivery and tax before it answers a checkout, so a request that waits for it
must never hold the threads that serve its questions and everybody else's pages: at 16 checkouts on
2 × 8 threads the shop waited for itself, 32 s for the home page too. A few are inside, a few more
wait for a moment, and all others are refused at once: it is busy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storefront_backend.commerce.errors import ProviderUnavailable


class SaleorBusy(ProviderUnavailable):
    """Too many wait for Saleor already; no request was sent."""

    code = "saleor_busy"


class Gate:
    """`at_once` callers inside, `waiting` before it, each for `patience` seconds at most."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._patience = patience
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._inside = threading.BoundedSemaphore(at_once)

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Go in, wait for a moment, or be refused. Raises SaleorBusy."""
        if not self._places.acquire(blocking=False):
            raise SaleorBusy("As many requests as may wait for Saleor do so already")
        try:
            if not self._inside.acquire(timeout=self._patience):
                raise SaleorBusy(f"Waited {self._patience:g} s for Saleor to have time")
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._places.release()
