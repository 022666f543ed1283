"""Which way a piece looks and which end is its top, where its file does not say.

CAD files state no front, and their up axis depends on the program: the same pendant is on its
back in one and upright in another. The piece itself knows better: stones show their
tables to the viewer, a back is flat, and a pendant hangs by its narrow end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from showroom.faceted import is_cut
from showroom.scene import Faces, Points, Role, Scene

_Array = NDArray[np.float64]

_LARGE = 0.8  # stones at least this share of the largest one tell where the piece looks
_ALONG = np.cos(np.radians(25))  # a front this near to an axis is meant to be along it
_FACET = 0.06  # share of a cut stone's surface that its table has at the least
_PLATE = 0.7  # a stone whose back is this share of its table has no front of its own
_FLAT = np.cos(np.radians(2))  # a face this near to square across is part of a flat back
_BACK = 1.5  # the back holds this many times the flat surface of the front
_END = 0.1  # the share of the length that counts as an end
_NARROW = 0.6  # a bail's share of the width
_NARROWEST = 0.75  # … and its share of the next narrow end


def front(scene: Scene, thin: int | None) -> _Array | None:
    """The axis that the piece looks along, by its stones or by its flat back; None: nothing tells.

    `thin` is the axis in which a flat piece is thin, None for a piece that is not flat.
    """
    by_stones = _tables(scene)
    if by_stones is not None:
        return by_stones
    return None if thin is None else _away_from_flat_back(scene, thin)


def narrow_end(scene: Scene, front: _Array) -> _Array | None:
    """The axis towards the one narrow end, where a pendant has its bail; None: no end is it."""
    points = np.concatenate([positions for _, positions, _, _ in scene.placed()])
    across = [axis for axis in range(3) if abs(front[axis]) < 0.5]
    widths: list[tuple[float, _Array]] = []
    for along, other in (across, across[::-1]):
        for sign in (1.0, -1.0):
            heights = points[:, along] * sign
            end = points[heights > heights.max() - _END * np.ptp(heights), other]
            widths.append((float(np.ptp(end) / np.ptp(points[:, other])), sign * np.eye(3)[along]))
    widths.sort(key=lambda pair: pair[0])
    narrow, next_narrow = widths[0][0], widths[1][0]
    if narrow < _NARROW and narrow < _NARROWEST * next_narrow:
        return widths[0][1]
    return None


def _tables(scene: Scene) -> _Array | None:
    """Where the tables of the large stones look together."""
    stones = [
        (float(np.ptp(positions, axis=0).max()), positions, faces)
        for part, positions, faces, _ in scene.placed()
        # The largest flat face of a cabochon is the one it sits on.
        if part.role is Role.STONE and is_cut(scene.mesh(part))
    ]
    if not stones:
        return None
    largest = max(size for size, _, _ in stones)
    looks = [
        look
        for size, positions, faces in stones
        if size > _LARGE * largest and (look := _table(positions, faces)) is not None
    ]
    return _axis(np.mean(looks, axis=0)) if looks else None


def _table(positions: Points, faces: Faces) -> _Array | None:
    """Unit normal of a cut stone's table; None for a smooth stone and for a plate."""
    areas, normals = _areas_and_normals(positions, faces)
    # Triangles of one facet share its normal; the facet's surface is what they have together.
    surfaces = (normals @ normals.T > _FLAT) @ areas
    widest = int(np.argmax(surfaces))
    table = normals[widest]
    behind = float(areas[normals @ table < -_FLAT].sum())
    if surfaces[widest] < _FACET * areas.sum() or behind > _PLATE * surfaces[widest]:
        return None
    return np.asarray(table, np.float64)


def _areas_and_normals(positions: Points, faces: Faces) -> tuple[_Array, _Array]:
    corners = positions[faces].astype(np.float64)
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(crosses, axis=1)
    return areas, crosses / np.maximum(areas, 1e-30)[:, None]


def _away_from_flat_back(scene: Scene, thin: int) -> _Array | None:
    flat = np.zeros(2)
    for part, positions, faces, _ in scene.placed():
        if part.role is Role.STONE:
            continue
        areas, normals = _areas_and_normals(positions, faces)
        share = normals[:, thin]
        flat += [areas[share > _FLAT].sum(), areas[share < -_FLAT].sum()]
    ahead, behind = flat
    if max(flat) < _BACK * min(flat) or max(flat) == 0:
        return None
    return np.asarray(np.eye(3)[thin] * (1.0 if ahead < behind else -1.0), np.float64)


def _axis(direction: _Array) -> _Array | None:
    """The axis that a direction means, if it means one."""
    length = float(np.linalg.norm(direction))
    if length < 0.5:  # the stones look all ways
        return None
    largest = int(np.argmax(np.abs(direction)))
    if abs(direction[largest]) / length < _ALONG:
        return None
    return np.asarray(np.eye(3)[largest] * np.sign(direction[largest]), np.float64)
