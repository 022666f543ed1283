"""The lychee: a rough rind, a leaf, and white flesh where the rind is opened."""

from __future__ import annotations

import numpy as np

from showroom.atelier.loft import domed, loft
from showroom.atelier.mesh import Floats, Mesh


def rind(
    radius: float, wall: float, opening: float, *, segments: int = 144, tubercles: int = 190
) -> Mesh:
    """A cup of rind about Z, stalk up; it is open up to `opening` degrees from the south pole."""
    t = np.linspace(-np.pi / 2 + np.radians(opening), np.pi / 2, 72)
    ring = np.column_stack([np.cos(t), np.sin(t)])
    outer = radius * ring
    inner = (radius - wall) * ring[::-1]
    inner[0, 0] = outer[-1, 0] = 0.0
    profile = np.vstack([inner, outer])
    mesh = domed(profile, segments=segments)
    return Mesh(_bumped(mesh.vertices, radius, wall, tubercles), mesh.faces)


def _bumped(vertices: Floats, radius: float, wall: float, count: int) -> Floats:
    """Each tubercle is a soft cone over its cell of a spiral of seeds."""
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    angle = np.pi * (1 + 5**0.5) * i
    seeds = np.column_stack(
        [np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z]
    )
    r = np.linalg.norm(vertices, axis=1)
    unit = vertices / np.maximum(r, 1e-9)[:, None]
    near = np.sort(np.arccos(np.clip(unit @ seeds.T, -1, 1)), axis=1)[:, :2]
    cell = np.sqrt(4 * np.pi / count)
    height = np.clip((near[:, 1] - near[:, 0]) / cell, 0, 1)
    lift = 0.085 * radius * (np.sqrt(height + 0.02) - 0.55)
    lift = np.where(r > radius - 0.5 * wall, lift, 0.0)
    return np.asarray(vertices + unit * lift[:, None])


def leaf(length: float, width: float, thickness: float) -> Mesh:
    """A pointed leaf along +X with a raised midrib, arched over its length."""
    s = np.linspace(0, 1, 36)
    half = width / 2 * np.maximum(np.sin(np.pi * s**0.85) ** 0.85, 0.05)
    t = np.linspace(-1, 1, 21)
    sections = []
    for i, h in enumerate(half):
        z = 0.22 * length * np.sin(np.pi * s[i]) + 0.18 * h * t**2
        rib = 0.35 * thickness * np.exp(-((t / 0.12) ** 2)) * (1 - s[i])
        body = thickness / 2 * np.sqrt(np.clip(1 - t**4, 0, 1)) + 0.02
        x = np.full(21, length * s[i])
        upper = np.column_stack([x, t * h, z + rib + body])
        lower = np.column_stack([x, t * h, z - body])[::-1]
        sections.append(np.vstack([upper, lower]))
    return loft(np.array(sections))
