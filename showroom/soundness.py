"""Whether a scene can be what it claims: the check of everything that a reader hands over."""

from __future__ import annotations

import numpy as np

from showroom.errors import DamagedFile, Implausible, NothingToShow, TooLarge
from showroom.limits import Limits
from showroom.scene import Mesh, Scene

_LARGEST = 1e9  # in whatever unit: a kilometre of micrometres


def check(scene: Scene, limits: Limits) -> None:
    """Raise the Unreadable that the scene deserves: empty, not finite, out of range, too large."""
    if not scene.parts or scene.stored_triangles == 0:
        raise NothingToShow("The file has no triangles.", hint="Export the solid itself.")
    if len(scene.parts) > limits.parts:
        raise TooLarge(
            f"The file has {len(scene.parts):,} parts; {limits.parts:,} are allowed.",
            hint="Join parts of the same material, or use blocks for repeated stones.",
        )
    if scene.stored_triangles > limits.triangles:
        raise TooLarge(f"The file has over {limits.triangles:,} triangles.")
    for mesh in scene.geometries:
        _check_mesh(mesh)
    for part in scene.parts:
        if not 0 <= part.geometry < len(scene.geometries) or part.count == 0:
            raise DamagedFile(f"The part {part.name!r} names a mesh that does not exist.")
        if not np.isfinite(part.transforms).all() or np.abs(part.transforms).max() > _LARGEST:
            raise DamagedFile(f"The part {part.name!r} is placed nowhere.")
        if (np.abs(np.linalg.det(part.transforms[:, :3, :3])) < 1e-36).any():
            raise DamagedFile(f"The part {part.name!r} is scaled to nothing.")
    extents = scene.extents()
    if not np.isfinite(extents).all() or extents.max() <= 0:
        raise NothingToShow("All points of the file lie in one place.")
    if np.median(extents) <= extents.max() * 1e-6:
        raise Implausible(
            "The piece is a line: two of its three dimensions are zero.",
            hint="Export the solid itself.",
        )


def _check_mesh(mesh: Mesh) -> None:
    if len(mesh.positions) == 0 or len(mesh.faces) == 0:
        raise NothingToShow("A part of the file has no triangles.")
    if not np.isfinite(mesh.positions).all():
        raise DamagedFile(
            "Some points of the file are not numbers.", hint="Export it again and upload it."
        )
    if float(np.abs(mesh.positions).max()) > _LARGEST:
        raise Implausible("Some points of the file are farther away than any piece is large.")
    if int(mesh.faces.max()) >= len(mesh.positions):
        raise DamagedFile("A triangle of the file names a point that does not exist.")
