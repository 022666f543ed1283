"""Finds meshes that are copies of one another, turned, moved or sized, and stores each once.

CAD exports write a stone set two hundred times as two hundred meshes. Stored once it is two hundred
placements: a file for the web shrinks to what is really different.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Mesh, Part, Scene
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`share` of the mesh's size by which copies may differ: 0.2 µm on a 2 mm stone."""

    share: float = 1e-4
    most_triangles: int = 50_000  # larger meshes are not copies of one another in any real piece


DEFAULTS = Options()


def share(work: Work, options: Options = DEFAULTS) -> Work:
    """The scene with copies as placements; parts that differ in nothing but place become one."""
    return work.with_scene(_joined(_shared(work.scene, options)))


def _shared(scene: Scene, options: Options) -> Scene:
    originals: dict[bytes, list[int]] = {}
    target: dict[int, tuple[int, NDArray[np.float64]]] = {}
    for index, mesh in enumerate(scene.geometries):
        if len(mesh) > options.most_triangles:
            continue
        bucket = originals.setdefault(mesh.faces.tobytes(), [])
        for original in bucket:
            matrix = _similarity(scene.geometries[original], mesh, options.share)
            if matrix is not None:
                target[index] = (original, matrix)
                break
        else:
            bucket.append(index)
    if not target:
        return scene
    kept = [index for index in range(len(scene.geometries)) if index not in target]
    slot = {index: number for number, index in enumerate(kept)}

    def moved(part: Part) -> Part:
        if part.geometry not in target:
            return replace(part, geometry=slot[part.geometry])
        original, matrix = target[part.geometry]
        return replace(part, geometry=slot[original], transforms=part.transforms @ matrix)

    return replace(
        scene,
        geometries=tuple(scene.geometries[index] for index in kept),
        parts=tuple(moved(part) for part in scene.parts),
    )


def _similarity(one: Mesh, other: Mesh, share: float) -> NDArray[np.float64] | None:
    """The 4 × 4 matrix that takes `one` to `other`, corner by corner, or None.

    Rotation and even scale by Umeyama's least squares (IEEE PAMI 13, 1991), no mirror images.
    """
    if one.positions.shape != other.positions.shape:
        return None
    a, b = one.positions.astype(np.float64), other.positions.astype(np.float64)
    middle_a, middle_b = a.mean(0), b.mean(0)
    a, b = a - middle_a, b - middle_b
    spread_a, spread_b = float((a**2).sum()), float((b**2).sum())
    if spread_a <= 0 or spread_b <= 0:
        return None
    u, sizes, vt = np.linalg.svd(b.T @ a)
    if np.linalg.det(u @ vt) < 0:
        return None
    scale = float(sizes.sum()) / spread_a
    linear = scale * (u @ vt)
    off = np.abs(a @ linear.T - b).max()
    if off > share * np.sqrt(spread_b / len(b)):
        return None
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = middle_b - linear @ middle_a
    return matrix


def _joined(scene: Scene) -> Scene:
    groups: dict[tuple[object, ...], list[Part]] = {}
    for part in scene.parts:
        key = (part.geometry, part.role, part.material, part.finish, part.colour, _stem(part.name))
        groups.setdefault(key, []).append(part)
    parts = tuple(
        group[0]
        if len(group) == 1
        else replace(group[0], transforms=np.concatenate([part.transforms for part in group]))
        for group in groups.values()
    )
    return replace(scene, parts=parts)


def _stem(name: str) -> str:
    # "diamond.001" and "diamond.002" are one thing placed twice.
    return name.rstrip("0123456789").rstrip("._- #")
