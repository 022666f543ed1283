"""Forgets the counters of rate limits whose time is over."""

from __future__ import annotations

from django.tasks import task

from storefront_backend.throttle.store import forget_expired


@task(queue_name="default")
def forget_counters() -> int:
    """How many, in bounded steps."""
    forgotten = 0
    for _ in range(50):
        some = forget_expired()
        forgotten += some
        if not some:
            break
    return forgotten
