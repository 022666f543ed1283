"""Small pieces to photograph: a band, a set ring, a disc, a tray of spheres. Metres, Y up."""

from __future__ import annotations

import numpy as np

from showroom.scene import Mesh, Part, Role, Scene

MM = 0.001


def band(radius: float = 9.0, width: float = 2.4, thickness: float = 1.6) -> Mesh:
    """A plain round band in millimetres, standing on the floor, its hole along Z."""
    around = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    across = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = radius + thickness / 2 * np.cos(across)[None, :]
    x, y = reach * np.cos(around)[:, None], reach * np.sin(around)[:, None]
    z = np.broadcast_to(width / 2 * np.sin(across)[None, :], x.shape)
    points = np.stack([x, y + radius + thickness / 2, z], axis=-1).reshape(-1, 3) * MM
    i, j = np.meshgrid(np.arange(96), np.arange(24), indexing="ij")
    a, b = i * 24 + j, (i + 1) % 96 * 24 + j
    c, d = (i + 1) % 96 * 24 + (j + 1) % 24, i * 24 + (j + 1) % 24
    faces = np.concatenate([np.stack(t, axis=-1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))])
    return Mesh(points.astype(np.float32), faces.astype(np.uint32))


def octahedron(size: float = 6.0) -> Mesh:
    """A faceted stone of that width in millimetres around the origin."""
    points = np.concatenate([np.eye(3), -np.eye(3)]) * size / 2 * MM
    faces = [(0, 1, 2), (1, 3, 2), (3, 4, 2), (4, 0, 2), (1, 0, 5), (3, 1, 5), (4, 3, 5), (0, 4, 5)]
    return Mesh(points.astype(np.float32), np.array(faces, np.uint32))


def plain_ring(alloy: str = "gold-750-yellow") -> Scene:
    """The band alone."""
    part = Part("band", 0, role=Role.METAL, material=alloy)
    return Scene((band(),), (part,), unit="m", up="y")


def set_ring(stone: str = "ruby") -> Scene:
    """The band with one stone on top."""
    lift = np.eye(4)
    lift[1, 3] = 22.2 * MM
    parts = (
        Part("band", 0, role=Role.METAL, material="gold-750-yellow"),
        Part("centre", 1, lift[None], role=Role.STONE, material=stone),
    )
    return Scene((band(), octahedron()), parts, unit="m", up="y")


def pendant() -> Scene:
    """A thin upright disc, as a pendant comes: front along +Z."""
    mesh = octahedron(20.0)
    squashed = Mesh(mesh.positions * np.array([1, 1.3, 0.12], np.float32), mesh.faces)
    return Scene((squashed,), (Part("disc", 0, role=Role.METAL),), unit="m", up="y")
