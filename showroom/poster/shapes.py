"""Scene parts as triangles ready to trace: placed, smoothed, grouped by what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from i18n.metals import ALLOYS
from showroom.materials import Materials, Optics
from showroom.poster import worked
from showroom.scene import Faces, Mesh, Part, Points, Role, Scene

DEFAULT_ALLOY = "gold-750-yellow"
_CREASE = 35.0  # degrees; sharper edges stay edges
_CREASE_LIMIT = 1_500_000  # triangles; above, plain smooth normals, whose facets no one can see


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Triangles of one material in metres; `depth` is the least extent of one stone of them."""

    material: str
    finish: str
    role: Role
    positions: Points
    faces: Faces
    normals: Points | None
    depth: float
    coordinates: NDArray[np.float32] | None = None  # (n, 2), along the brushing
    patina: NDArray[np.float32] | None = None  # (n,), 0 bright to 1 dark


def gather(scene: Scene, library: Materials, alloy: str | None) -> list[Shape]:
    """The scene's shapes, one for each material and finish; `alloy` replaces every metal."""
    groups: dict[tuple[str, str, Role], list[tuple[Points, Faces, Points | None, float]]] = {}
    for part in scene.parts:
        key = (material_of(part, library, alloy), part.finish, part.role)
        groups.setdefault(key, []).extend(_placed(scene, part, key[0], library))
    return [
        _worked(Shape(*key, *_joined(pieces), depth=min(piece[3] for piece in pieces)), library)
        for key, pieces in groups.items()
    ]


def _worked(shape: Shape, library: Materials) -> Shape:
    """The shape with the marks of its finish."""
    if shape.material not in library.alloys or shape.normals is None:
        return shape
    finish = library.alloy(shape.material, shape.finish).finish
    if finish.dimples:
        marked = worked.hammered(shape.positions, shape.faces, shape.normals, finish.dimples)
        positions, faces, normals = marked
        return replace(shape, positions=positions, faces=faces, normals=normals)
    if finish.anisotropy:
        return replace(shape, coordinates=worked.along(shape.positions))
    if finish.patina:
        return replace(shape, patina=worked.recesses(shape.positions, shape.normals))
    return shape


def material_of(part: Part, library: Materials, alloy: str | None) -> str:
    """The code a part is drawn with; a part of unknown material is drawn by its role."""
    if part.material in library.stones:
        return part.material
    if part.material.startswith("enamel"):
        return part.material
    if part.role is Role.METAL or part.material in ALLOYS:
        return alloy or (part.material if part.material in ALLOYS else DEFAULT_ALLOY)
    fallback = {
        Role.STONE: "diamond",
        Role.PEARL: "pearl-white",
        Role.JADE: "jadeite",
        Role.ENAMEL: "enamel",
    }
    return fallback.get(part.role, alloy or DEFAULT_ALLOY)


def _placed(
    scene: Scene, part: Part, material: str, library: Materials
) -> Iterator[tuple[Points, Faces, Points | None, float]]:
    mesh = scene.mesh(part)
    stone = library.stones.get(material)
    faceted = stone is not None and stone.optics is Optics.FACETED
    depth = float(np.ptp(mesh.positions, axis=0).min())
    source = scene
    if not faceted and mesh.normals is None:
        changed = list(scene.geometries)
        changed[part.geometry] = Mesh(*smooth(mesh.positions, mesh.faces))
        source = scene.with_meshes(tuple(changed))
    single = Scene(source.geometries, (part,))
    for _, positions, faces, normals in single.placed():
        scale = float(np.cbrt(abs(np.linalg.det(part.transforms[0, :3, :3]))))
        yield positions, faces, normals, depth * scale


def _joined(
    pieces: list[tuple[Points, Faces, Points | None, float]],
) -> tuple[Points, Faces, Points | None]:
    offsets = np.cumsum([0] + [len(positions) for positions, *_ in pieces[:-1]])
    positions = np.concatenate([piece[0] for piece in pieces]).astype(np.float32)
    faces = np.concatenate(
        [piece[1] + np.uint32(offset) for piece, offset in zip(pieces, offsets, strict=True)]
    ).astype(np.uint32)
    normals = [piece[2] for piece in pieces if piece[2] is not None]
    if len(normals) != len(pieces):
        return positions, faces, None
    return positions, faces, np.concatenate(normals).astype(np.float32)


def smooth(positions: Points, faces: Faces) -> tuple[Points, Faces, Points]:
    """Normals that are smooth except across creases, for meshes that came without.

    A vertex on a crease is split, so the arrays grow; positions stay where they are.
    """
    _, weld = np.unique(np.round(positions / _grain(positions)).astype(np.int64), axis=0,
                        return_inverse=True)  # fmt: skip
    corners = weld.ravel()[faces.astype(np.int64)]
    a, b, c = (positions[faces[:, i].astype(np.int64)].astype(np.float64) for i in range(3))
    weighted = np.cross(b - a, c - a)
    area = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.maximum(area, 1e-30)
    if len(faces) > _CREASE_LIMIT:
        total = np.zeros((corners.max() + 1, 3))
        for i in range(3):
            np.add.at(total, corners[:, i], weighted)
        return positions, faces, _normalised(total[weld.ravel()])
    flat = corners.ravel()  # corner k belongs to face k // 3
    order = np.argsort(flat, kind="stable")
    starts = np.searchsorted(flat[order], np.arange(flat.max() + 2))
    counts = np.diff(starts)[flat]
    mine = np.repeat(np.arange(len(flat)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    other = order[starts[flat][mine] + offset] // 3
    near = np.einsum("ij,ij->i", unit[mine // 3], unit[other]) > np.cos(np.radians(_CREASE))
    total = np.zeros((len(flat), 3))
    for i in range(3):
        total[:, i] = np.bincount(mine[near], weighted[other[near], i], minlength=len(flat))
    split = positions[faces.ravel().astype(np.int64)]
    fresh = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    return split, fresh, _normalised(total)


def _grain(positions: Points) -> float:
    return float(np.ptp(positions, axis=0).max()) * 1e-6 or 1e-9


def _normalised(vectors: NDArray[np.float64]) -> Points:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    upright = np.where(length > 1e-30, vectors / np.maximum(length, 1e-30), [0.0, 1.0, 0.0])
    return upright.astype(np.float32)
