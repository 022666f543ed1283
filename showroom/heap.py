"""Lets the C library keep the memory that arrays free, so that the next ones find it warm."""

from __future__ import annotations

import ctypes
import functools

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # <malloc.h> of glibc
_KEPT = 64 << 20  # bytes at most at the heap's end
_OWN = 16 << 20  # larger arrays are mapped one by one and unmapped one by one


@functools.cache
def keep() -> None:
    """Once for this process. Without it a step's arrays are unmapped at its end and mapped again in
    the next: a tenth of a build of 100,000 triangles is the system clearing those pages.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):
        return  # another C library, with habits of its own
    mallopt(_M_MMAP_THRESHOLD, _OWN)
    mallopt(_M_TRIM_THRESHOLD, _KEPT)
