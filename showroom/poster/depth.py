"""Which triangle is seen at each pixel, looking straight down: a z-buffer in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 3_000_000  # candidate pixels held at a time: 100 MB


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """`face` is -1 where there is nothing; `weights` are the corners' shares, `height` the third
    coordinate. Arrays are (rows, columns) and (rows, columns, 3).
    """

    face: NDArray[np.int64]
    weights: NDArray[np.float32]
    height: NDArray[np.float32]


def seen(corners: NDArray[np.float64], rows: int, columns: int) -> Seen:
    """What is nearest to the eye. `corners` (n, 3, 3) are column, row and height in pixels."""
    pixels = rows * columns
    top = np.full(pixels, -np.inf, np.float32)
    face = np.full(pixels, -1, np.int64)
    weights = np.zeros((pixels, 3), np.float32)
    # A pixel is drawn where its middle is covered.
    most = [columns, rows]
    low = np.ceil(corners[:, :, :2].min(1) - 0.5).astype(np.int64).clip(0, most)
    high = np.floor(corners[:, :, :2].max(1) + 0.5).astype(np.int64).clip(0, most)
    counts = (high - low).clip(0).prod(1)
    drawn = np.flatnonzero(counts)  # of a fine mesh most triangles cover no pixel's middle
    low, high, counts = low[drawn], high[drawn], counts[drawn]
    plane = _planes(corners[drawn])
    ends = np.cumsum(counts)
    start = 0
    while start < len(drawn):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _AT_ONCE, side="right")))
        which, column, row = _candidates(low, high, counts, slice(start, stop))
        own = plane[which]
        # All in single precision: compared with what is kept, a height must be the very same.
        across = column.astype(np.float32) + np.float32(0.5) - own[:, 9]
        down = row.astype(np.float32) + np.float32(0.5) - own[:, 10]
        a = own[:, 0] * across + own[:, 1] * down + own[:, 2]
        b = own[:, 3] * across + own[:, 4] * down + own[:, 5]
        inside = np.flatnonzero((a >= 0) & (b >= 0) & (a + b <= 1))
        which, where = which[inside], row[inside] * columns + column[inside]
        a, b, own = a[inside], b[inside], own[inside]
        height = own[:, 6] * a + own[:, 7] * b + own[:, 8]
        np.maximum.at(top, where, height)
        wins = height >= top[where]
        face[where[wins]] = drawn[which[wins]]
        weights[where[wins]] = np.stack([a[wins], b[wins], 1 - a[wins] - b[wins]], axis=1)
        start = stop
    shape = (rows, columns)
    return Seen(face.reshape(shape), weights.reshape(*shape, 3), top.reshape(shape))


def _planes(corners: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n, 11): what turns a point into the shares of two corners and its height.

    Points are taken from the first corner, so that single precision is enough.
    """
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = (corners[:, k].T for k in range(3))
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    over = np.divide(1.0, area, out=np.full_like(area, np.nan), where=area != 0)
    first = ((by - cy) * over, (cx - bx) * over, np.ones_like(ax))
    second = ((cy - ay) * over, (ax - cx) * over, np.zeros_like(ax))
    return np.stack([*first, *second, az - cz, bz - cz, cz, ax, ay], axis=1).astype(np.float32)


def _candidates(
    low: NDArray[np.int64], high: NDArray[np.int64], counts: NDArray[np.int64], some: slice
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Triangle, column and row of every pixel in the boxes around the triangles."""
    first, count = low[some], counts[some]
    which = np.repeat(np.arange(some.start, some.start + len(count)), count)
    offset = (np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)).astype(np.int32)
    width = np.repeat((high[some, 0] - first[:, 0]).astype(np.int32), count)
    down = offset // width
    column = np.repeat(first[:, 0].astype(np.int32), count) + offset - down * width
    return which, column, np.repeat(first[:, 1].astype(np.int32), count) + down
