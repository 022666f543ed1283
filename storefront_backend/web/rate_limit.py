"""How many pictures somebody may have drawn in a minute."""

from __future__ import annotations

import hashlib

from django.core.cache import cache


def may_draw(address: str, minute: int, most: int) -> bool:
    """Count one; False once `most` are used up in that minute.

    A crowd that comes at the same instant may get a few more: that costs some processor time, and
    a count that never errs would cost a lock.
    """
    key = "draw." + hashlib.sha256(f"{address} {minute}".encode()).hexdigest()[:32]
    if cache.add(key, 1, 120):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True
