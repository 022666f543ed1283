"""Takes stones out of a mesh that holds the whole piece, as STL does."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from showroom.faceted import is_stone
from showroom.scene import Mesh, Part, Role
from showroom.topology import components, solid
from showroom.words import sense
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """A mesh of more separate pieces than `pieces` is left alone: chains, or noise."""

    pieces: int = 3000


DEFAULTS = Options()


def split(work: Work, options: Options = DEFAULTS) -> Work:
    """Nameless parts with their stones as parts of their own; what is left stays one part."""
    geometries: list[Mesh] = list(work.scene.geometries)
    parts: list[Part] = []
    for part in work.scene.parts:
        if part.name in work.declared.overrides or _named(part):
            parts.append(part)
            continue
        rest, stones = _stones(work.scene.mesh(part), options)
        if not stones:
            parts.append(part)
            continue
        if rest is not None:
            geometries[part.geometry] = rest
            parts.append(part)
        for number, stone in enumerate(stones, 1):
            geometries.append(stone)
            parts.append(
                replace(
                    part,
                    name=f"{part.name} stone {number}",
                    geometry=len(geometries) - 1,
                    role=Role.STONE,
                    labels=(),
                )
            )
    return work.with_scene(replace(work.scene, geometries=tuple(geometries), parts=tuple(parts)))


def _named(part: Part) -> bool:
    # "ring" or "body" says what the whole is, not that no stone sits in it.
    meant = sense(part.labels)
    return meant is not None and (bool(meant.material) or meant.role is not Role.METAL)


def _stones(mesh: Mesh, options: Options) -> tuple[Mesh | None, list[Mesh]]:
    """What is no stone, and every stone, each with its points around its own middle's place."""
    count = solid(mesh).pieces
    if count == 1 or count > options.pieces:
        return mesh, []
    _, label = components(mesh.faces, len(mesh.positions))
    order = np.argsort(label, kind="stable")
    ends = np.cumsum(np.bincount(label, minlength=count))
    stones: list[Mesh] = []
    stone_faces = np.zeros(len(mesh.faces), bool)
    for piece in range(count):
        rows = order[(ends[piece - 1] if piece else 0) : ends[piece]]
        if not 8 <= len(rows) <= 4000:
            continue
        candidate = _cut(mesh, rows)
        if is_stone(candidate):
            stones.append(candidate)
            stone_faces[rows] = True
    if not stones:
        return mesh, []
    rest = np.flatnonzero(~stone_faces)
    return (_cut(mesh, rest) if len(rest) else None), stones


def _cut(mesh: Mesh, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Mesh:
    used, local = np.unique(mesh.faces[rows], return_inverse=True)
    return Mesh(mesh.positions[used], local.reshape(-1, 3).astype(np.uint32))
