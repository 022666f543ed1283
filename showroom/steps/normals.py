"""Normals: smooth across soft edges, sharp across hard ones, flat on every facet of a stone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from showroom.faceted import is_cut
from showroom.scene import Mesh, Role, Scene
from showroom.topology import cross_of, edges, pairs
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`crease` in degrees: a sharper edge than this stays sharp."""

    crease: float = 35.0
    stone_crease: float = 1.0  # facets of a stone: anything but one plane is an edge


DEFAULTS = Options()
_AT_ONCE = 1 << 13  # triangles


def normals(work: Work, options: Options = DEFAULTS) -> Work:
    """Every level with unit normals; vertices are doubled along hard edges."""
    scene = with_normals(work.scene, options)
    levels = tuple(with_normals(level, options) for level in work.levels)
    phone = work.ar
    if phone is not None:
        same = phone.geometries == work.scene.geometries  # meshes compare by identity
        phone = phone.with_meshes(scene.geometries) if same else with_normals(phone, options)
    return replace(work, scene=scene, levels=levels, ar=phone)


def with_normals(scene: Scene, options: Options = DEFAULTS) -> Scene:
    """The scene with normals on every geometry."""
    stones = {
        part.geometry
        for part in scene.parts
        # A cabochon is a stone too, and smooth: flat normals would tile it.
        if part.role is Role.STONE and is_cut(scene.geometries[part.geometry])
    }
    return scene.with_meshes(
        tuple(
            creased(mesh, options.stone_crease if index in stones else options.crease)
            for index, mesh in enumerate(scene.geometries)
        )
    )


def creased(mesh: Mesh, degrees: float) -> Mesh:
    """One mesh with normals weighted by the angle at each corner.

    Corners of neighbouring faces that meet under the crease angle share a normal. Each corner is a
    node of a graph, joined over soft edges to the same vertex's corner on the other side; what
    hangs together is one vertex of the result.
    """
    unit, weight = _faces_and_angles(mesh)
    label = _smooth_groups(mesh, unit, np.cos(np.radians(degrees)))
    first = _first(label)
    sums = np.empty((3, len(first)))
    for axis in range(3):
        flow = (unit[axis, :, None] * weight).reshape(-1)
        sums[axis] = np.bincount(label, flow, len(first))  # in doubles
    del weight, flow
    length = np.sqrt(sums[0] ** 2 + sums[1] ** 2 + sums[2] ** 2)
    even = length <= 1e-12
    if even.any():  # a group whose faces cancel out takes the normal of its first face
        sums[:, even] = unit[:, first[even] // 3]
        length[even] = 1.0
    sums /= length
    return Mesh(
        np.take(mesh.positions, np.take(mesh.faces, first), axis=0),
        label.reshape(-1, 3).astype(np.uint32),
        np.ascontiguousarray(sums.T, np.float32),
    )


def _faces_and_angles(mesh: Mesh) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(3, m): the unit normals of the faces, an axis a row; (m, 3): the angles at their corners."""
    points = np.ascontiguousarray(mesh.positions.T)
    units, weights = np.empty((3, len(mesh.faces)), "f4"), np.empty((len(mesh.faces), 3), "f4")
    # What is worked on at a time stays in the processor's cache.
    for start in range(0, len(mesh.faces), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        corners = np.take(points, mesh.faces[part].T, axis=1).astype(np.float64)
        a, b, c = corners.swapaxes(0, 1)
        sides = (b - a, c - b, a - c)
        unit = np.empty_like(a)
        cross_of(sides[0], -sides[2], unit)
        length = np.sqrt(_dot(unit, unit))
        flat = length == 0
        if flat.any():
            unit[:, flat] = [[0.0], [1.0], [0.0]]
        units[:, part] = unit / np.where(flat, 1.0, length)
        for k in range(3):
            # atan2 of the doubled area and the dot product: no square root, no clipping
            weights[part, k] = np.arctan2(length, -_dot(sides[k], sides[k - 1]))
    return units, weights


def _dot[Number: np.floating](left: NDArray[Number], right: NDArray[Number]) -> NDArray[Number]:
    product: NDArray[Number] = left[0] * right[0] + left[1] * right[1] + left[2] * right[2]
    return product


def _smooth_groups(mesh: Mesh, unit: NDArray[np.float32], cosine: float) -> NDArray[np.int32]:
    """(3m,): a label for each corner, counted in order; corners with one label share a vertex."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    one, other = _soft_sides(mesh, unit, cosine)
    # Sides that agree run against each other: one starts where the other ends. So every corner is
    # joined to one other at most by the side that starts there, to itself where none is.
    size = mesh.faces.size
    joined = np.arange(size, dtype=np.int32)
    joined[one], joined[other] = _next(other), _next(one)
    del one, other
    ends = np.arange(size + 1, dtype=np.int32)
    graph = csr_array((np.ones(size, np.int8), joined, ends), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label, np.int32)


def _soft_sides(
    mesh: Mesh, unit: NDArray[np.float32], cosine: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The corners where the two sides of every soft edge start."""
    found = edges(mesh.faces)
    left, right, agree = pairs(found)
    soft = agree & (_dot(np.take(unit, left, axis=1), np.take(unit, right, axis=1)) >= cosine)
    two = found.start[found.uses == 2][soft]
    return np.take(found.corner, two), np.take(found.corner, two + 1)


def _next(corner: NDArray[np.int32]) -> NDArray[np.int32]:
    # The next corner of the same face.
    following: NDArray[np.int32] = np.where(corner % 3 == 2, corner - 2, corner + 1)
    return following


def _first(label: NDArray[np.int32]) -> NDArray[np.int32]:
    # The first corner of each label is found by writing backwards.
    first = np.zeros(int(label.max()) + 1, np.int32)
    first[label[::-1]] = np.arange(len(label) - 1, -1, -1, dtype=np.int32)
    return first
