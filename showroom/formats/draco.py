"""Draco payloads inside glTF.

Damaged Draco data decodes to something without complaint more often than not, so what comes out is
held against what the document promises: points, corners, range.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, TooLarge
from showroom.limits import Limits


def decode(
    data: bytes, packed: dict[str, Any], expected: tuple[int, int], limits: Limits
) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Positions (n, 3) and corner numbers (3m,), or DamagedFile when the promise is not kept."""
    import DracoPy

    points, corners = expected
    if corners > 3 * limits.triangles or points > 3 * limits.triangles:
        raise TooLarge(f"The file has over {limits.triangles:,} triangles.")
    if "POSITION" not in (packed.get("attributes") or {}):
        raise DamagedFile("The Draco data of the file has no points.")
    try:
        mesh = DracoPy.decode(data)
        positions = np.asarray(mesh.points, np.float32).reshape(-1, 3)
        faces = np.asarray(mesh.faces, np.int64).reshape(-1)
    except Exception as error:
        raise DamagedFile("The Draco data of the file is damaged.") from error
    if len(positions) != points or len(faces) != corners:
        raise DamagedFile("The Draco data of the file is not what the file announces.")
    if len(faces) and (faces.min() < 0 or faces.max() >= points):
        raise DamagedFile("A triangle of the Draco data names a point that does not exist.")
    return positions, faces.astype(np.uint32)
