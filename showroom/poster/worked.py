"""What a goldsmith does to a surface, on the mesh: hammer marks, brushing, patina.

Lengths are metres. Marks have the sizes of the tools, whatever the size of the piece.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Faces, Points

_MARK = 1.3e-3  # a hammer's print on a ring
_FINEST = 0.16e-3  # a mark needs eight triangles across to look round
_MOST = 600_000  # triangles that a hammered mesh may grow to
_RECESS = 0.7e-3  # how far around a point its surroundings decide whether it is a recess


def hammered(
    positions: Points, faces: Faces, normals: Points, tilt: float
) -> tuple[Points, Faces, Points]:
    """Shallow round dimples: normals lean towards the middle of the nearest mark.

    `tilt` is the lean at the rim of a mark, in radians. Only the normals change, so weight and fit
    stay what they were; large triangles are cut smaller to carry the marks.
    """
    from scipy.spatial import cKDTree

    positions, faces, normals = _finer(positions, faces, normals)
    low, high = positions.min(0) - _MARK, positions.max(0) + _MARK
    cells = np.ceil((high - low) / _MARK).astype(int)
    grid = np.stack(np.meshgrid(*map(np.arange, cells), indexing="ij"), axis=-1).reshape(-1, 3)
    centres = low + (grid + np.random.default_rng(5).uniform(0.1, 0.9, grid.shape)) * _MARK
    distance, nearest = cKDTree(centres).query(positions, workers=1)
    away = positions - centres[nearest]
    away -= np.einsum("ij,ij->i", away, normals)[:, None] * normals
    # The rim lies half a cell from the middle; beyond it the lean stays.
    lean = tilt * np.minimum(1.0, distance / (_MARK / 2)) * _outside(positions, normals)
    length = np.maximum(np.linalg.norm(away, axis=1), 1e-12)
    leaning = normals - away / length[:, None] * lean[:, None]
    return positions, faces, _unit(leaning)


def along(positions: Points) -> NDArray[np.float32]:
    """Texture coordinates (n, 2) whose first runs in the brushing direction.

    Around the widest circle: a ring and a bangle are brushed along the band, a plate across.
    """
    middle = (positions.min(0) + positions.max(0)) / 2
    axis, first, second = _axes(positions)
    offset = positions - middle
    angle = np.arctan2(offset[:, second], offset[:, first])
    radius = np.hypot(offset[:, second], offset[:, first])
    around = radius.min() > 0.3 * radius.max()
    run = angle * radius.mean() if around else offset[:, first]
    cross = offset[:, axis] + radius if around else offset[:, second]
    return np.stack([run, cross], axis=1).astype(np.float32)


def _axes(positions: Points) -> tuple[int, int, int]:
    # The thinnest direction first: the axis of a ring.
    axis = int(np.argmin(np.ptp(positions, axis=0)))
    first, second = (i for i in range(3) if i != axis)
    return axis, first, second


def _outside(positions: Points, normals: Points) -> NDArray[np.float32]:
    # 1 outside, 0 where the surface looks at the axis: a ring is not hammered inside.
    _, first, second = _axes(positions)
    middle = (positions.min(0) + positions.max(0)) / 2
    offset = (positions - middle)[:, [first, second]]
    radius = np.linalg.norm(offset, axis=1)
    if radius.min() < 0.3 * radius.max():
        return np.ones(len(positions), np.float32)
    facing = np.einsum("ij,ij->i", offset / radius[:, None], normals[:, [first, second]])
    outside: NDArray[np.float32] = np.clip(facing * 2 + 0.2, 0, 1).astype(np.float32)
    return outside


def recesses(positions: Points, normals: Points) -> NDArray[np.float32]:
    """How deep each vertex lies among its surroundings, 0 on ridges to 1 in grooves: (n,)."""
    from scipy.spatial import cKDTree

    step = max(1, len(positions) // 150_000)
    tree = cKDTree(positions[::step])
    distance, index = tree.query(positions, k=24, distance_upper_bound=_RECESS, workers=1)
    near = np.isfinite(distance)
    around = positions[::step][np.where(near, index, 0)]
    rise = np.einsum("nki,ni->nk", around - positions[:, None, :], normals) * near
    height = rise.sum(1) / np.maximum(near.sum(1), 1)
    depth: NDArray[np.float32] = np.clip(0.3 + height / (0.1 * _RECESS), 0, 1).astype(np.float32)
    return depth


def _finer(positions: Points, faces: Faces, normals: Points) -> tuple[Points, Faces, Points]:
    while True:
        corners = positions[faces.astype(np.int64)]
        edges = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2).max(1)
        long = edges > _FINEST
        if not long.any() or len(faces) + 3 * long.sum() > _MOST:
            return positions, faces, normals
        split = faces[long].astype(np.int64)
        a, b, c = split.T
        ends = np.concatenate([np.stack(p, axis=1) for p in ((a, b), (b, c), (c, a))])
        start = len(positions)
        positions = np.concatenate([positions, positions[ends].mean(1)])
        normals = np.concatenate([normals, _unit(normals[ends].sum(1))])
        ab, bc, ca = start + np.arange(3 * len(split)).reshape(3, -1)
        fresh = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        stacked = np.concatenate([np.stack(triple, axis=1) for triple in fresh])
        faces = np.concatenate([faces[~long], stacked.astype(np.uint32)])


def _unit(vectors: NDArray[np.floating]) -> Points:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Points = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return unit
