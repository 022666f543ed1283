"""Normals: smooth across soft edges, sharp across hard ones, flat on every facet of a stone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from showroom.faceted import is_cut
from showroom.scene import Mesh, Role, Scene
from showroom.topology import cross, edges, pairs
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`crease` in degrees: a sharper edge than this stays sharp."""

    crease: float = 35.0
    stone_crease: float = 1.0  # facets of a stone: anything but one plane is an edge


DEFAULTS = Options()


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
    first, number = _numbered(label)
    sums = np.zeros((len(first), 3))
    for axis in range(3):
        flow = (unit[:, axis, None] * weight).reshape(-1)
        sums[:, axis] = np.bincount(number, flow, len(first))
    length = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
    # A group whose faces cancel out takes the normal of its first face.
    fallback = unit[first // 3]
    result = np.where(length > 1e-12, sums / np.maximum(length, 1e-12), fallback)
    corner_vertex = mesh.faces.reshape(-1)
    return Mesh(
        mesh.positions[corner_vertex[first]],
        number.reshape(-1, 3).astype(np.uint32),
        result.astype(np.float32),
    )


def _faces_and_angles(mesh: Mesh) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b, c = mesh.positions[mesh.faces.T].astype(np.float64)
    sides = (b - a, c - b, a - c)
    unit = np.empty_like(a)
    cross(sides[0], -sides[2], unit)
    length = np.sqrt(np.einsum("ij,ij->i", unit, unit))
    flat = length == 0
    unit[flat] = (0.0, 1.0, 0.0)
    unit /= np.where(flat, 1.0, length)[:, None]
    weight = np.empty_like(a)
    for k in range(3):
        # atan2 of the doubled area and the dot product: no square root, no clipping
        weight[:, k] = np.arctan2(length, -np.einsum("ij,ij->i", sides[k], sides[k - 1]))
    return unit, weight


def _smooth_groups(mesh: Mesh, unit: NDArray[np.float64], cosine: float) -> NDArray[np.int64]:
    """(3m,): a label for each corner; corners with one label share a vertex."""
    found = edges(mesh.faces)
    left, right, agree = pairs(found)
    soft = agree & (np.einsum("ij,ij->i", unit[left], unit[right]) >= cosine)
    two = found.start[found.uses == 2][soft]
    one, other = found.corner[two], found.corner[two + 1]
    # Sides that agree run against each other: one starts where the other ends.
    row, column = np.concatenate([one, other]), np.concatenate([_next(other), _next(one)])
    size = mesh.faces.size
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return label.astype(np.int64)


def _next(corner: NDArray[np.int32]) -> NDArray[np.int32]:
    # The next corner of the same face.
    following: NDArray[np.int32] = np.where(corner % 3 == 2, corner - 2, corner + 1)
    return following


def _numbered(label: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Labels by scipy count up in order of first appearance already; the first corner of each is
    # found by writing backwards.
    first = np.zeros(int(label.max()) + 1, np.int64)
    first[label[::-1]] = np.arange(len(label) - 1, -1, -1)
    return first, label
