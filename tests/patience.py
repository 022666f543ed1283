"""How long tests wait: the one place for their timeouts.

A timeout in a test ends a hang; no test judges speed by one. So each is given for an idle machine
of today, and is stretched by how slow this one is and how many others want its cores.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

# Software WebGL takes 5 to 15 s to its first frame, so what a browser does by itself gets this.
BROWSER = 90.0
_LONGEST = 15.0  # a hang has to end some time
# 16 MiB through SHA-256, which takes 10 ms with the processor's help and 60 ms without.
_BLOCK, _USUAL = bytes(16 << 20), 0.06


def stretched(seconds: float) -> float:
    """Seconds of an idle machine as seconds of this one at this moment."""
    return seconds * factor(_wanting(), os.cpu_count() or 1, _slowness())


def deadline(seconds: float) -> float:
    """The time.monotonic() at which so many seconds of an idle machine are over."""
    return time.monotonic() + stretched(seconds)


def milliseconds(seconds: float) -> float:
    """The same for Playwright."""
    return stretched(seconds) * 1000


def factor(wanting: float, cores: int, slowness: float) -> float:
    """Never below 1: processes that want a core for each core, times the machine's own slowness."""
    return min(_LONGEST, max(1.0, wanting / cores) * max(1.0, slowness))


def _wanting() -> float:
    """Processes that run or want to: over the last minute, or now where that is more."""
    load = os.getloadavg()[0]
    with suppress(OSError, ValueError, IndexError):
        load = max(load, float(Path("/proc/loadavg").read_text().split()[3].partition("/")[0]))
    return load


@cache
def _slowness() -> float:
    began = time.process_time()
    sha256(_BLOCK).digest()
    return (time.process_time() - began) / _USUAL
