"""What comes back from a surface to an eye straight above it, in the studio of the posters.

All of it is linear radiance in the studio's own units, (n, 3) for (n, 3) normals that look up.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from showroom.materials import Materials, Optics, StoneMaterial
from showroom.poster import shading, studio

Rays = NDArray[np.float64]

WHITE = 0.80  # what the paper is developed to, as in the posters
_ROWS = 128  # of the studio's picture
_NORTH = np.array([0.25, -0.6, -1.0])  # the studio has its back at the picture's upper edge
_DOWN = np.array([0.0, -1.0, 0.0])
_REFLECTANCE = 0.8  # of the paper
_BOUNCES = 8
_DEEPER = 1.2  # light meets a worked metal more than once and takes on its colour each time
_GLITTER = 0.85  # exposure of stones against metal: they are lit for their flashes
_METAL, _BODY = 1.25, 0.9  # exposure of metals and of bodies against the paper


def paper() -> float:
    """The radiance of the paper."""
    return float(_light()[0])


def surface(material: str, finish: str, normals: Rays, library: Materials) -> Rays:
    """Metals, pearls, and every stone that no light is traced through."""
    mirrored = 2 * normals[:, 1:2] * normals - np.array([0.0, 1.0, 0.0])
    rise = (1 - normals[:, 1:2]).clip(0, 1) ** 5
    if material in library.alloys:
        metal = library.alloy(material, finish)
        base = np.array(metal.base_color)
        tint = base**_DEEPER * (base.max() / (base**_DEEPER).max())
        blur = max(0.02, metal.roughness**2)
        shining: Rays = _METAL * _studio(mirrored, blur) * (tint + (1 - tint) * rise)
        return shining
    stone = library.stones.get(material)
    colour = np.array(stone.body_color if stone else shading.enamel_colour(material))
    ior = stone.ior if stone else shading.ENAMEL_INDEX
    pearl = stone is not None and stone.optics is Optics.PEARL
    rough = max(0.03, stone.roughness**2) if stone else 0.03
    straight = ((ior - 1) / (ior + 1)) ** 2
    gloss = straight + (1 - straight) * rise
    if pearl:
        gloss = 0.22 + 0.5 * rise
    return _BODY * colour * _lit(normals) * (1 - gloss) + gloss * _studio(mirrored, rough)


def stone(kind: StoneMaterial, normals: Rays, points: Rays, planes: NDArray[np.float64]) -> Rays:
    """Light that has run about in a cut stone: refracted in, reflected at its facets, let out.

    `points` are where the eye's rays meet the stone, `planes` (k, 4) its facets, in metres.
    """
    index = kind.ior
    absorbed = np.array(kind.absorption_per_mm) * 1000
    view = np.broadcast_to(_DOWN, normals.shape)
    way = _bent(view, normals, 1 / index)
    at = points.copy()
    power = np.ones_like(points)
    found = np.zeros_like(points)
    for _ in range(_BOUNCES):
        towards = way @ planes[:, :3].T
        gap = planes[:, 3] - at @ planes[:, :3].T
        ahead = towards > 1e-9
        far = np.where(ahead, gap / np.where(ahead, towards, 1.0), np.inf).clip(0)
        hit = far.argmin(1)
        length = far[np.arange(len(far)), hit]
        length = np.where(np.isfinite(length), length, 0.0)[:, None]
        out = planes[hit, :3]
        at = at + way * length
        power = power * np.exp(-absorbed * length)
        kept = _fresnel(np.einsum("ij,ij->i", way, out), index, 1.0)[:, None]
        leaving = _bent(way, -out, index)
        found += power * (1 - kept) * _studio(leaving, 0.0)
        power = power * kept
        way = way - 2 * np.einsum("ij,ij->i", way, out)[:, None] * out
    found += 0.5 * power * _studio(way, 0.0)
    mirror = _fresnel(normals[:, 1], 1.0, index)[:, None]
    bounced = 2 * normals[:, 1:2] * normals - np.array([0.0, 1.0, 0.0])
    return _GLITTER * ((1 - mirror) * found + mirror * _studio(bounced, 0.0))


def _bent(way: Rays, normal: Rays, ratio: float) -> Rays:
    """Snell's law; a ray that cannot leave goes along the facet, and carries nothing."""
    cosine = -np.einsum("ij,ij->i", way, normal)[:, None]
    rest = np.sqrt((1 - ratio**2 * (1 - cosine**2)).clip(0))
    bent: Rays = ratio * way + (ratio * cosine - rest) * normal
    return bent


def _fresnel(cosine: NDArray[np.float64], inside: float, outside: float) -> NDArray[np.float64]:
    """Reflectance of unpolarised light; 1 beyond the critical angle."""
    cosine = cosine.clip(0, 1)
    sine = inside / outside * np.sqrt(1 - cosine**2)
    other = np.sqrt((1 - sine**2).clip(0))
    p = (inside * other - outside * cosine) / (inside * other + outside * cosine)
    s = (inside * cosine - outside * other) / (inside * cosine + outside * other)
    return np.where(sine >= 1, 1.0, 0.5 * (p**2 + s**2))


@cache
def _light() -> tuple[float, NDArray[np.float64]]:
    """The paper's radiance, and the studio with the paper below its horizon."""
    sky = studio.environment(_NORTH, _ROWS, ceiling=True).astype(np.float64)
    height = np.pi / 2 - (np.arange(_ROWS) + 0.5) / _ROWS * np.pi
    share = np.cos(height) * np.sin(height).clip(0) * (np.pi / _ROWS) ** 2
    level = _REFLECTANCE * float((sky.mean(-1) * share[:, None]).sum()) / np.pi
    floor = np.array(studio.PAPER) / max(studio.PAPER) * level
    below = (-height / np.radians(4)).clip(0, 1)[:, None, None]
    return level, sky * (1 - below) + floor * 0.85 * below


@cache
def _blurred(blur: float) -> NDArray[np.float64]:
    from scipy.ndimage import gaussian_filter

    _, sky = _light()
    if not blur:
        return sky
    wide = blur * _ROWS / np.pi * 1.6
    return np.asarray(gaussian_filter(sky, (wide, wide, 0), mode=("nearest", "wrap", "nearest")))


@cache
def _irradiance() -> NDArray[np.float64]:
    """Irradiance over pi for normals all around, a coarse picture like the studio's."""
    rows = 24
    step = _ROWS // 32
    _, sky = _light()
    small = sky.reshape(32, step, 64, step, 3).mean((1, 3))
    towards, areas = _grid(32)
    normals, _ = _grid(rows)
    cosine = (normals @ towards.T).clip(0) * areas
    return (cosine @ small.reshape(-1, 3) / np.pi).reshape(rows, 2 * rows, 3)


def _grid(rows: int) -> tuple[Rays, NDArray[np.float64]]:
    """Directions of a picture's pixels as `_studio` finds them, and their solid angles."""
    elevation = np.pi / 2 - (np.arange(rows) + 0.5) / rows * np.pi
    azimuth = (np.arange(2 * rows) + 0.5) / rows * np.pi
    e, a = (grid.ravel() for grid in np.meshgrid(elevation, azimuth, indexing="ij"))
    rays = np.stack([np.sin(a) * np.cos(e), np.sin(e), -np.cos(a) * np.cos(e)], axis=1)
    return rays, np.cos(e) * (np.pi / rows) ** 2


def _studio(rays: Rays, blur: float) -> Rays:
    return _looked_up(_blurred(round(blur, 3)), rays)


def _lit(normals: Rays) -> Rays:
    return _looked_up(_irradiance(), normals)


def _looked_up(picture: NDArray[np.float64], rays: Rays) -> Rays:
    """Between the four nearest pixels; the left border looks along -Z, a quarter right along +X."""
    rows, columns = picture.shape[:2]
    azimuth = np.arctan2(rays[:, 0], -rays[:, 2]) % (2 * np.pi)
    elevation = np.arcsin(rays[:, 1].clip(-1, 1))
    column = azimuth / (2 * np.pi) * columns - 0.5
    row = ((0.5 - elevation / np.pi) * rows - 0.5).clip(0, rows - 1)
    left, upper = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    across, down = (column - left)[:, None], (row - upper)[:, None]
    right, lower = (left + 1) % columns, np.minimum(upper + 1, rows - 1)
    left %= columns
    above = picture[upper, left] * (1 - across) + picture[upper, right] * across
    below = picture[lower, left] * (1 - across) + picture[lower, right] * across
    found: Rays = above * (1 - down) + below * down
    return found
