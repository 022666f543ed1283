"""The piece from straight above, drawn at once: what size pictures are composed of.

No paths are traced. Metal mirrors the studio of the posters, blurred by its finish; light is traced
through the facets of clear stones, plane by plane, as in the viewer. A second on one core, where a
poster takes ten on two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from showroom.faceted import is_cut
from showroom.materials import Materials, Optics
from showroom.poster import developing, glow, shapes
from showroom.poster.depth import Seen, seen
from showroom.scene import Part, Scene

_FINER = 3  # samples along a pixel's edge
_SHADE = 0.55  # how much recesses darken
_SHADE_MM = 0.9  # … and how wide they are


@dataclass(frozen=True, slots=True)
class Worn:
    """What a ring or a bangle is worn on: it hides what lies below its middle.

    `at` is a point (x, z) of its middle and `along` its direction there, `height` its middle above
    the floor, `half` its half breadth; millimetres of the scene.
    """

    at: tuple[float, float]
    along: tuple[float, float]
    height: float
    half: float

    def hides(self, view: Seen, left: float, top: float, fine: float) -> NDArray[np.bool_]:
        """Which samples lie beneath it."""
        rows, columns = view.face.shape
        x = left + (np.arange(columns) + 0.5)[None, :] / fine - self.at[0]
        z = top + (np.arange(rows) + 0.5)[:, None] / fine - self.at[1]
        across = np.abs(x * self.along[1] - z * self.along[0])
        beneath: NDArray[np.bool_] = (view.height / fine < self.height) & (across < self.half)
        return beneath


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """sRGB with straight alpha, (rows, columns, 4) of bytes.

    Its top left corner lies at (`left`, `top`) millimetres of the scene's x and z, and a millimetre
    is `scale` pixels.
    """

    pixels: NDArray[np.uint8]
    left: float
    top: float
    scale: float


def draw(
    scene: Scene,
    library: Materials,
    alloy: str | None,
    scale: float,
    *,
    worn: Worn | None = None,
) -> Likeness:
    """Draw a laid scene (metres, the eye above, -z at the picture's top).

    `scale` is pixels a millimetre.
    """
    stones = [part for part in scene.parts if _is_traced(scene, part, library)]
    others = Scene(scene.geometries, tuple(part for part in scene.parts if part not in stones))
    bodies: list[_Body] = []
    if others.parts:
        bodies += [_Body.of(shape) for shape in shapes.gather(others, library, alloy)]
    bodies += [body for part in stones for body in _stones(scene, part, library)]
    low, high = scene.bounds() * 1000
    left, top = (float(low[k]) - 1.0 for k in (0, 2))
    fine = scale * _FINER
    columns, rows = (_FINER * int(np.ceil((float(high[k] - low[k]) + 2.0) * scale)) for k in (0, 2))
    corners = np.concatenate([body.corners for body in bodies]) * 1000
    flat = np.stack(
        [(corners[..., 0] - left) * fine, (corners[..., 2] - top) * fine, corners[..., 1] * fine],
        axis=-1,
    )
    view = seen(flat, rows, columns)
    if worn is not None:
        view.face[worn.hides(view, left, top, fine)] = -1
    colours = _coloured(view, bodies, library)
    colours *= _shade(view, fine)[..., None]
    return Likeness(_smaller(colours, view.face >= 0), left, top, scale)


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """Triangles of one material: corners and corner normals (n, 3, 3), in metres.

    `planes` (k, 4) bound a stone through which light is traced: outward normal and distance.
    """

    material: str
    finish: str
    corners: NDArray[np.float64]
    normals: NDArray[np.float64]
    planes: NDArray[np.float64] | None = None

    @staticmethod
    def of(shape: shapes.Shape) -> _Body:
        """The triangles of a shape; one without normals is flat."""
        faces = shape.faces.astype(np.int64)
        corners = shape.positions[faces].astype(np.float64)
        if shape.normals is None:
            normals = np.repeat(_facing(corners)[:, None], 3, axis=1)
        else:
            normals = shape.normals[faces].astype(np.float64)
        return _Body(shape.material, shape.finish, corners, normals)


def _is_traced(scene: Scene, part: Part, library: Materials) -> bool:
    stone = library.stones.get(part.material)
    clear = stone is not None and stone.optics is Optics.FACETED
    return clear and is_cut(scene.mesh(part))


def _stones(scene: Scene, part: Part, library: Materials) -> Iterator[_Body]:
    """A body for every placement, each with its own facets."""
    for _, positions, faces, _ in Scene(scene.geometries, (part,)).placed():
        corners = positions[faces.astype(np.int64)].astype(np.float64)
        normals = _facing(corners)
        offsets = np.einsum("ij,ij->i", normals, corners[:, 0])
        size = float(np.ptp(positions, axis=0).max())
        # Triangles of one facet share a plane; rounding to a degree and a thousandth finds them.
        keys = np.concatenate([normals * 60, offsets[:, None] / size * 500], axis=1)
        _, first = np.unique(np.round(keys), axis=0, return_index=True)
        planes = np.concatenate([normals, offsets[:, None]], axis=1)[np.sort(first)]
        yield _Body(
            part.material, part.finish, corners, np.repeat(normals[:, None], 3, axis=1), planes
        )


def _facing(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    unit: NDArray[np.float64] = crosses / np.maximum(
        np.linalg.norm(crosses, axis=1, keepdims=True), 1e-30
    )
    return unit


def _coloured(view: Seen, bodies: Sequence[_Body], library: Materials) -> NDArray[np.float64]:
    """Linear radiance of every sample, (rows, columns, 3)."""
    face = view.face.ravel()
    order = np.argsort(face, kind="stable")
    ends = np.cumsum([len(body.corners) for body in bodies])
    bounds = np.searchsorted(face[order], np.concatenate([[0], ends]))
    colours = np.zeros((len(face), 3))
    weights = view.weights.reshape(-1, 3).astype(np.float64)
    for body, first, start, stop in zip(
        bodies, np.concatenate([[0], ends]), bounds[:-1], bounds[1:], strict=False
    ):
        here = order[start:stop]
        own = face[here] - first
        normals = np.einsum("ij,ijk->ik", weights[here], body.normals[own])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        normals[normals[:, 1] < 0] *= -1  # the inside of an open surface
        if body.planes is None:
            colours[here] = glow.surface(body.material, body.finish, normals, library)
        else:
            points = np.einsum("ij,ijk->ik", weights[here], body.corners[own])
            stone = library.stone(body.material)
            colours[here] = glow.stone(stone, normals, points, body.planes)
    return colours.reshape(*view.face.shape, 3)


def _shade(view: Seen, fine: float) -> NDArray[np.float64]:
    """How light a sample is that lies lower than what is around it."""
    from scipy.ndimage import gaussian_filter

    there = (view.face >= 0).astype(np.float64)
    height = np.where(there > 0, view.height, 0.0).astype(np.float64) / fine
    wide = _SHADE_MM * fine
    around = gaussian_filter(height, wide, truncate=2) / np.maximum(
        gaussian_filter(there, wide, truncate=2), 1e-3
    )
    depth = np.clip(around - height, 0, 3 * _SHADE_MM) / _SHADE_MM
    lit: NDArray[np.float64] = np.exp(-_SHADE * depth)
    return lit


def _smaller(colours: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Pixels of sRGB and alpha from samples of linear light, each pixel the mean of its own."""
    rows, columns = (side // _FINER for side in there.shape)
    shape = (rows, _FINER, columns, _FINER)
    share = there.reshape(shape).mean((1, 3))
    # Toned before the mean: a flash of light is one sample, not the whole pixel.
    toned = developing.toned(colours.astype(np.float32), glow.paper(), glow.WHITE) / 255.0
    toned *= there[..., None]
    mean = toned.reshape(*shape, 3).mean((1, 3)) / np.maximum(share, 1e-6)[..., None]
    return (np.concatenate([mean, share[..., None]], axis=-1) * 255 + 0.5).astype(np.uint8)
