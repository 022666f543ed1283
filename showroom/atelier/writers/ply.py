"""Binary PLY with a colour a corner: one mesh, the parts distinguished by colour only."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from showroom.atelier.colours import colour
from showroom.atelier.mesh import joined
from showroom.atelier.model import Model


def write(model: Model, path: Path) -> None:
    """Little endian, float positions in mm, 8-bit colours."""
    parts = [(part, part.laid_out()) for part in model.parts]
    mesh = joined(laid for _, laid in parts)
    shades = np.concatenate([np.tile(colour(p.material), (len(m.vertices), 1)) for p, m in parts])
    corners = np.zeros(len(mesh.vertices), dtype=[("p", "<f4", 3), ("c", "u1", 3)])
    corners["p"], corners["c"] = mesh.vertices, np.round(255 * shades)
    faces = np.zeros(len(mesh.faces), dtype=[("n", "u1"), ("v", "<i4", 3)])
    faces["n"], faces["v"] = 3, mesh.faces
    axes = "".join(f"property float {axis}\n" for axis in "xyz")
    channels = "".join(f"property uchar {channel}\n" for channel in ("red", "green", "blue"))
    header = (
        "ply\nformat binary_little_endian 1.0\ncomment Pavilion atelier, millimetres\n"
        f"element vertex {len(corners)}\n{axes}{channels}"
        f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    path.write_bytes(header.encode("ascii") + corners.tobytes() + faces.tobytes())
