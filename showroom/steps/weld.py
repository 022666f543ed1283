"""Joins vertices that lie at the same place, so that triangles know their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from showroom.scene import Mesh, box
from showroom.soup import same_rows
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`share` of the mesh's largest extent within which points are one: 0.3 µm on a 30 mm ring."""

    share: float = 1e-5


DEFAULTS = Options()


def weld(work: Work, options: Options = DEFAULTS) -> Work:
    """Every geometry without double vertices and without the triangles that collapse."""
    meshes = tuple(welded(mesh, options) for mesh in work.scene.geometries)
    return work.with_scene(work.scene.with_meshes(meshes))


def welded(mesh: Mesh, options: Options = DEFAULTS) -> Mesh:
    """One mesh welded.

    Points are snapped to a grid to find partners but keep their place. Two points astride a grid
    line stay apart; a second pass on a shifted grid catches those and costs as much again, which
    no real file has repaid: exporters write the same point with the same digits.
    """
    low, high = box(mesh.positions)
    cell = max(float((high - low).max()) * options.share, 1e-30)
    snapped = np.rint((mesh.positions - low) / np.float32(cell)).astype(np.float32)
    first, number = same_rows(snapped)
    del snapped
    faces = np.take(number, mesh.faces)
    a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
    faces = faces[(a != b) & (b != c) & (c != a)]
    if len(faces) == 0:
        return mesh
    if len(first) == len(mesh.positions):
        return Mesh(mesh.positions, faces)
    used = np.zeros(len(first), bool)
    used[faces] = True
    if used.all():
        return Mesh(mesh.positions[first], faces)
    slot = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    return Mesh(mesh.positions[first[used]], slot[faces])
