"""Binary STL: no names, no units; the trade takes it as millimetres."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from showroom.atelier.mesh import joined
from showroom.atelier.model import Model


def write(model: Model, path: Path) -> None:
    """All parts as one triangle soup."""
    mesh = joined(part.laid_out() for part in model.parts)
    corners = mesh.vertices[mesh.faces].astype("<f4")
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    records = np.zeros(len(corners), dtype=[("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    records["n"] = normals / np.where(length > 0, length, 1)
    records["v"] = corners
    header = b"Pavilion atelier, millimetres".ljust(80, b" ")
    path.write_bytes(header + np.uint32(len(corners)).tobytes() + records.tobytes())
