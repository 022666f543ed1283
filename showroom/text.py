"""Numbers out of text, many at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile


def numbers(rows: Sequence[bytes], width: int) -> NDArray[np.float64]:
    """(len(rows), width) numbers from lines of text; DamagedFile when a row has another width.

    `np.fromstring` stops silently at the first word that is no number, so the count is the check.
    Chunks keep the joined text small: a whole 5-million-triangle file would be held twice.
    """
    out = np.empty((len(rows), width))
    step = 1 << 18
    for start in range(0, len(rows), step):
        chunk = rows[start : start + step]
        text = b" ".join(chunk).decode("ascii", "replace")
        try:
            values = np.fromstring(text, sep=" ")
        except ValueError:
            values = np.empty(0)
        if len(values) != len(chunk) * width:
            raise DamagedFile(
                f"A line near number {start + len(values) // width + 1:,} does not hold "
                f"{width} numbers.",
                hint="Export the file again; a comma as decimal sign is a usual cause.",
            )
        out[start : start + step] = values.reshape(-1, width)
    return out
