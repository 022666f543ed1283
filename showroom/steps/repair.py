"""Turns triangles the right way out, and drops the ones drawn twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from showroom.scene import Faces, Mesh
from showroom.soup import first_of
from showroom.topology import (
    Solid,
    components,
    edges,
    face_volumes,
    open_edges,
    pairs,
    remember,
)
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`twins`: drop triangles over the same three vertices but one."""

    twins: bool = True


DEFAULTS = Options()


def repair(work: Work, options: Options = DEFAULTS) -> Work:
    """Every geometry with consistent winding, outside out."""
    meshes = tuple(repaired(mesh, options) for mesh in work.scene.geometries)
    return work.with_scene(work.scene.with_meshes(meshes))


def repaired(mesh: Mesh, options: Options = DEFAULTS) -> Mesh:
    """One mesh repaired. A sound mesh comes back as it is."""
    faces = _without_twins(mesh.faces) if options.twins else mesh.faces
    found = edges(faces)
    left, right, agree = pairs(found)
    if not agree.all():
        flip = _flips(len(faces), left, right, agree)
        faces = np.where(flip[:, None], faces[:, [0, 2, 1]], faces)
        found = edges(faces)
    if faces is not mesh.faces:
        mesh = Mesh(mesh.positions, faces)
    return _outside_out(mesh, open_edges(found))


def _without_twins(faces: Faces) -> Faces:
    a, b, c = faces.T
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    corners = np.stack([low, a + b + c - low - high, high], axis=1)  # wraps around and back
    twin = first_of(corners) != np.arange(len(faces), dtype=np.uint32)
    if not twin.any():
        return faces
    kept: Faces = faces[~twin]
    return kept


def _flips(
    count: int, left: NDArray[np.int32], right: NDArray[np.int32], agree: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which faces to turn so that neighbours agree.

    Every face is twice in a graph, as it is and turned; neighbours that agree join like with
    like, others like with unlike. Of the two copies of a surface the one with the lowest face
    unturned is kept. On a Möbius strip both copies are one and nothing is turned.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    turned = np.where(agree, 0, count)
    rows = np.concatenate([left, left + count])
    columns = np.concatenate([right + turned, right + count - turned])
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(2 * count, 2 * count))
    _, label = connected_components(graph, directed=False)
    plain, other = label[:count], label[count:]
    pair = np.minimum(plain, other)
    lowest = np.full(2 * count, count)
    np.minimum.at(lowest, pair, np.arange(count))
    kept = plain[lowest[pair]]
    flip: NDArray[np.bool_] = (plain != kept) & (plain != other)
    return flip


def _outside_out(mesh: Mesh, openings: int) -> Mesh:
    count, label = components(mesh.faces, len(mesh.positions))
    volumes = face_volumes(mesh)
    volume = np.bincount(label, volumes, count)
    if (volume >= 0).all():
        remember(mesh, Solid(float(volumes.sum()), openings, count))
        return mesh
    total = volume.sum()
    if count == 1 or total < 0:
        wrong = volume < 0 if total >= 0 else np.ones(count, bool)
        if total < 0 and count > 1:
            wrong = (volume < 0) & ~_inside_larger(mesh, label, count, volume)
    else:
        wrong = (volume < 0) & ~_inside_larger(mesh, label, count, volume)
    if openings and count == 1 and abs(total) < 1e-3 * np.abs(volumes).sum():
        return mesh  # an open sheet has no outside
    flip = wrong[label]
    return Mesh(mesh.positions, np.where(flip[:, None], mesh.faces[:, [0, 2, 1]], mesh.faces))


def _inside_larger(
    mesh: Mesh, label: NDArray[np.int64], count: int, volume: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Shells inside another of more volume: hollows, which rightly face inwards."""
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    corners = mesh.positions[mesh.faces]
    np.minimum.at(low, label, corners.min(1))
    np.maximum.at(high, label, corners.max(1))
    inside = np.zeros(count, bool)
    outer = np.argsort(-np.abs(volume))[:64]
    for shell in outer:
        within = ((low >= low[shell]) & (high <= high[shell])).all(1)
        inside |= within & (np.abs(volume) < np.abs(volume[shell])) & (volume[shell] != 0)
    return inside
