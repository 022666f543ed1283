"""One scene of named parts: what every reader gives and every step takes.

A `Scene` holds geometries once and places them by parts, so a stone set two hundred times costs one
mesh and two hundred 4 × 4 matrices. Readers fill it in the file's own unit and axes; after the
`units` step lengths are metres, after `orient` Y is up and the front looks along +Z, after
`materials` every part has a material code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]  # (n, 3)
Faces = NDArray[np.uint32]  # (m, 3), counter-clockwise seen from outside
Transforms = NDArray[np.float64]  # (k, 4, 4), column vectors: world = T @ (x, y, z, 1)


class Role(StrEnum):
    """What a part is, which decides how it is measured, simplified and drawn."""

    METAL = "metal"
    STONE = "stone"  # faceted: never simplified, flat normals
    PEARL = "pearl"
    JADE = "jade"
    ENAMEL = "enamel"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Mesh:
    """Triangles in local coordinates. `normals` are unit length, one a vertex, or None."""

    positions: Points
    faces: Faces
    normals: Points | None = None

    def __len__(self) -> int:
        return len(self.faces)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        normals = 0 if self.normals is None else self.normals.nbytes
        return self.positions.nbytes + self.faces.nbytes + normals

    def bounds(self) -> NDArray[np.float64]:
        """(2, 3): the lowest and the highest corner."""
        return box(self.positions).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A named piece of the scene: one geometry, placed once or many times.

    `material` is an alloy of i18n.metals, a kind of i18n.passport.STONE_KINDS, `enamel-<colour>`,
    or "" while unknown. `labels` are the words of the file that may tell (layer, group,
    material, object, block), most telling first; `colour` is linear RGBA where the file has one.
    """

    name: str
    geometry: int
    transforms: Transforms = field(default_factory=lambda: np.eye(4)[None])
    role: Role = Role.OTHER
    material: str = ""
    finish: str = "polished"
    labels: tuple[str, ...] = ()
    colour: tuple[float, float, float, float] | None = None

    @property
    def count(self) -> int:
        """How many times the geometry is placed."""
        return len(self.transforms)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Geometries and the parts that place them.

    `unit` is the file's own statement ("mm", "cm", "m", "in", "ft", "µm") or "" where it has none;
    "m" once the `units` step has run. `convention` is the unit that the format prescribes and many
    exporters ignore: metres in glTF. `up` is "y" or "z" by the format's convention, "" if unknown.
    """

    geometries: tuple[Mesh, ...]
    parts: tuple[Part, ...]
    unit: str = ""
    up: str = ""
    notes: tuple[str, ...] = ()  # what the reader left out, in words for the report
    convention: str = ""

    @property
    def triangles(self) -> int:
        """Triangles drawn, instances counted each time."""
        return sum(len(self.geometries[part.geometry]) * part.count for part in self.parts)

    @property
    def stored_triangles(self) -> int:
        """Triangles stored: every geometry once."""
        return sum(len(mesh) for mesh in self.geometries)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        placed = sum(part.transforms.nbytes for part in self.parts)
        return sum(mesh.nbytes for mesh in self.geometries) + placed

    def mesh(self, part: Part) -> Mesh:
        """The geometry of a part."""
        return self.geometries[part.geometry]

    def bounds(self) -> NDArray[np.float64]:
        """(2, 3): the corners of the box around everything placed, in scene units."""
        lows, highs = [], []
        for part in self.parts:
            low, high = placed_bounds(self.mesh(part), part.transforms)
            lows.append(low)
            highs.append(high)
        return np.stack([np.min(lows, axis=0), np.max(highs, axis=0)])

    def extents(self) -> NDArray[np.float64]:
        """(3,): the size of that box."""
        low, high = self.bounds()
        size: NDArray[np.float64] = high - low
        return size

    def placed(self) -> Iterator[tuple[Part, Points, Faces, Points | None]]:
        """Every instance in scene coordinates: part, positions, faces, normals."""
        for part in self.parts:
            mesh = self.mesh(part)
            for transform in part.transforms:
                yield part, *_place(mesh, transform)

    def transformed(self, matrix: NDArray[np.float64]) -> Scene:
        """The scene moved as a whole by a 4 × 4 matrix: placements change, geometries do not."""
        return replace(
            self,
            parts=tuple(replace(part, transforms=matrix @ part.transforms) for part in self.parts),
        )

    def with_meshes(self, geometries: tuple[Mesh, ...]) -> Scene:
        """The same parts over other geometries, index by index."""
        return replace(self, geometries=geometries)


def placed_bounds(mesh: Mesh, transforms: Transforms) -> NDArray[np.float64]:
    """(2, 3): exact bounds of a mesh placed by every transform, without copying it per instance."""
    if len(transforms) == 1:
        return box(turned(mesh.positions, transforms[0, :3, :3])) + transforms[0, :3, 3]
    corners = _extreme_points(mesh.positions)
    points = np.einsum("kij,nj->kni", transforms[:, :3, :3], corners) + transforms[:, None, :3, 3]
    flat = points.reshape(-1, 3)
    return box(flat)


def turned(points: Points, linear: NDArray[np.float64]) -> Points:
    """(n, 3) points under a 3 × 3 matrix, as columns.

    Without BLAS: its threads would spin for 50 ms after a product that takes one.
    """
    out = np.empty((len(points), 3), np.float32)
    for axis, row in enumerate(linear.astype(np.float32)):
        out[:, axis] = points[:, 0] * row[0] + points[:, 1] * row[1] + points[:, 2] * row[2]
    return out


def box[Number: np.generic](points: NDArray[Number]) -> NDArray[Number]:
    """(2, k): the lowest and the highest value of each column of (n, k) points.

    A column at a time: numpy takes twelve times as long for `points.min(0)` of narrow rows.
    """
    columns = [points[:, axis] for axis in range(points.shape[1])]
    return np.array([[c.min() for c in columns], [c.max() for c in columns]], points.dtype)


def _extreme_points(positions: Points) -> NDArray[np.float64]:
    # All points of a small mesh; of a large one its box, which only over-states a turned instance.
    if len(positions) <= 4096:
        return positions.astype(np.float64)
    low, high = box(positions)
    grid = np.array(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), dtype=np.float64)
    return grid.reshape(3, -1).T


def _place(mesh: Mesh, transform: NDArray[np.float64]) -> tuple[Points, Faces, Points | None]:
    linear = transform[:3, :3]
    positions = turned(mesh.positions, linear)
    positions += transform[:3, 3].astype(np.float32)
    # A mirrored instance turns triangles inside out; swapping two corners turns them back.
    faces = mesh.faces if np.linalg.det(linear) > 0 else mesh.faces[:, [0, 2, 1]]
    if mesh.normals is None:
        return positions, faces, None
    normals = turned(mesh.normals, np.linalg.inv(linear).T)
    lengths = np.sqrt(sum(normals[:, axis] ** 2 for axis in range(3)))
    normals /= np.maximum(lengths, np.float32(1e-30))[:, None]
    return positions, faces, normals


def one_part(name: str, positions: Points, faces: Faces, *, unit: str = "", up: str = "") -> Scene:
    """A scene of one part placed once: what formats without names give."""
    mesh = Mesh(np.ascontiguousarray(positions, np.float32), np.ascontiguousarray(faces, np.uint32))
    return Scene((mesh,), (Part(name, 0),), unit=unit, up=up)
