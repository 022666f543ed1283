"""A triangle mesh in millimetres, and the few motions a bench needs.

The axes are as in a jeweller's CAD: Z is up, the finger runs along Y, a ring is seen from -Y.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Mesh:
    """`vertices` is (n, 3) in mm, `faces` (m, 3) indices, counter-clockwise from outside."""

    vertices: Floats
    faces: Ints

    def moved(self, matrix: Floats) -> Mesh:
        """The mesh under a 4 x 4 matrix; a mirroring matrix turns the faces back outwards."""
        vertices = self.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        mirrored = np.linalg.det(matrix[:3, :3]) < 0
        return Mesh(vertices, self.faces[:, ::-1] if mirrored else self.faces)

    @property
    def volume(self) -> float:
        """Enclosed volume in mm³, by the divergence theorem; exact for a closed mesh."""
        a, b, c = (self.vertices[self.faces[:, i]] for i in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)

    @property
    def bounds(self) -> Floats:
        """Lowest and highest corner, (2, 3) in mm."""
        return np.array([self.vertices.min(axis=0), self.vertices.max(axis=0)])

    @property
    def is_closed(self) -> bool:
        """Every edge is used once in each direction: a watertight, consistently turned surface."""
        ends = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]])
        count = len(self.vertices)
        forward = ends[:, 0] * count + ends[:, 1]
        backward = ends[:, 1] * count + ends[:, 0]
        return len(np.unique(forward)) == len(forward) and bool(
            np.array_equal(np.sort(forward), np.sort(backward))
        )


def joined(meshes: Iterable[Mesh]) -> Mesh:
    """Meshes laid into one without any boolean: bodies stay bodies of their own."""
    parts = list(meshes)
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    return Mesh(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.faces + start for part, start in zip(parts, starts, strict=False)]),
    )


def shift(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Floats:
    """A translation by mm."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def scale(x: float, y: float | None = None, z: float | None = None) -> Floats:
    """A scaling; one argument scales all three axes alike."""
    return np.diag([x, x if y is None else y, x if z is None else z, 1.0])


def turn(axis: str, degrees: float) -> Floats:
    """A right-handed rotation about the axis "x", "y" or "z"."""
    i = "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(4)
    matrix[j, j], matrix[j, k], matrix[k, j], matrix[k, k] = c, -s, s, c
    return matrix


def frame(origin: Floats, z: Floats, x: Floats) -> Floats:
    """The matrix that carries the bench's axes to a place: Z along `z`, X as near `x` as it can."""
    z = z / np.linalg.norm(z)
    x = x - z * float(x @ z)
    x = x / np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2], matrix[:3, 3] = x, np.cross(z, x), z, origin
    return matrix


def on_band(radius: float, degrees: float, y: float = 0.0) -> Floats:
    """The place on a band of that radius, `degrees` from the top towards +X, Z outwards."""
    return shift(y=y) @ turn("y", degrees) @ shift(z=radius)


def around(count: int, start: float = 0.0) -> list[Floats]:
    """`count` turns about Z, evenly spaced, the first at `start` degrees."""
    return [turn("z", start + 360.0 * i / count) for i in range(count)]
