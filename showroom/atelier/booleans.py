"""Union and cut of closed solids, through manifold3d."""

from __future__ import annotations

from collections.abc import Iterable

import manifold3d
import numpy as np

from showroom.atelier.errors import NotASolid
from showroom.atelier.mesh import Floats, Ints, Mesh


def unite(*meshes: Mesh) -> Mesh:
    """One closed solid of all: what overlaps is counted once, as in a casting."""
    return _back(_sum(meshes))


def cut(body: Mesh, tools: Iterable[Mesh]) -> Mesh:
    """The body without the tools: seats, drill holes, windows."""
    return _back(_solid(body) - _sum(list(tools)))


def shared_volume(first: Mesh, second: Mesh) -> float:
    """The volume in mm³ that two solids both claim; 0 where they only touch."""
    return float((_solid(first) ^ _solid(second)).volume())


def gap(first: Mesh, second: Mesh, reach: float = 1.0) -> float:
    """The shortest distance in mm between two solids, `reach` where they are farther apart."""
    return float(_solid(first).min_gap(_solid(second), reach))


def bodies(mesh: Mesh) -> int:
    """How many separate pieces of metal the solid falls into."""
    return len(_solid(mesh).decompose())


def triangulated(rings: list[Floats]) -> Ints:
    """Corner indices (n, 3) of triangles that fill an outline and its holes, no corner left out."""
    return np.asarray(manifold3d.triangulate(rings, 1e-9), dtype=np.int64)


def _sum(meshes: Iterable[Mesh]) -> manifold3d.Manifold:
    solids = [_solid(mesh) for mesh in meshes]
    return manifold3d.Manifold.batch_boolean(solids, manifold3d.OpType.Add)


def _solid(mesh: Mesh) -> manifold3d.Manifold:
    """float64 throughout: with float32 the edges of a 60 mm bangle drift by 4 µm."""
    solid = manifold3d.Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(mesh.vertices, dtype=np.float64),
            np.ascontiguousarray(mesh.faces, dtype=np.uint64),
        )
    )
    if solid.status() != manifold3d.Error.NoError:
        raise NotASolid(f"A part is not a closed solid: {solid.status()}")
    return solid


def _back(solid: manifold3d.Manifold) -> Mesh:
    """Slivers below a micrometre are melted away; they only upset shading and file readers."""
    raw = solid.simplify(0.001).to_mesh64()
    return Mesh(
        np.asarray(raw.vert_properties, dtype=np.float64)[:, :3].copy(),
        np.asarray(raw.tri_verts, dtype=np.int64).copy(),
    )
