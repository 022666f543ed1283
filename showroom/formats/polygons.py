"""Polygons to triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fans(index: NDArray[np.int64], corners: NDArray[np.int64]) -> NDArray[np.int64]:
    """(m, 3): each polygon as a fan from its first corner; polygons under 3 corners vanish.

    `index` holds the corners of all polygons in a row, `corners` how many each has.
    """
    starts = np.cumsum(corners) - corners
    triangles = np.maximum(corners - 2, 0)
    first = np.repeat(starts, triangles)
    step = np.arange(triangles.sum()) - np.repeat(np.cumsum(triangles) - triangles, triangles)
    return np.stack([index[first], index[first + step + 1], index[first + step + 2]], axis=1)
