"""Solids drawn through sections: bands, wires, turned parts, rims."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from showroom.atelier.mesh import Floats, Ints, Mesh


def loft(sections: Floats, *, closed: bool = False) -> Mesh:
    """A solid through sections (k, p, 3); `closed` joins the ends, else both are capped.

    Each section runs counter-clockwise seen against the direction of travel. Caps are fans from
    the section's centre, so a section must be star-shaped about it.
    """
    stations, points, _ = sections.shape
    grid = np.arange(stations * points).reshape(stations, points)
    ahead = np.roll(grid, -1, axis=0) if closed else grid[1:]
    here = grid if closed else grid[:-1]
    faces = _quads(here, np.roll(here, -1, axis=1), np.roll(ahead, -1, axis=1), ahead)
    vertices = sections.reshape(-1, 3)
    if not closed:
        first, last = len(vertices), len(vertices) + 1
        vertices = np.vstack([vertices, sections[0].mean(axis=0), sections[-1].mean(axis=0)])
        start, end = grid[0], grid[-1]
        faces = np.vstack(
            [
                faces,
                np.column_stack([np.roll(start, -1), start, np.full(points, first)]),
                np.column_stack([end, np.roll(end, -1), np.full(points, last)]),
            ]
        )
    return _outward(Mesh(vertices, faces))


def _quads(a: Ints, b: Ints, c: Ints, d: Ints) -> Ints:
    upper = np.stack([a, b, c], axis=-1).reshape(-1, 3)
    lower = np.stack([a, c, d], axis=-1).reshape(-1, 3)
    return np.concatenate([upper, lower])


def _outward(mesh: Mesh) -> Mesh:
    return mesh if mesh.volume > 0 else Mesh(mesh.vertices, mesh.faces[:, ::-1])


Shape = Callable[[float], Floats]


def band(profile: Floats | Shape, inner_diameter: float, *, segments: int = 256) -> Mesh:
    """A ring about Y. The profile is (p, 2): across the finger, and height above the inner surface.

    The lowest point of the profile lies exactly on the inner diameter. A callable gives the
    profile at an angle in degrees from the top; every profile must have as many points.
    """
    angles = np.radians(np.arange(segments) * 360.0 / segments)
    sections = []
    for angle in angles:
        shape = profile(float(np.degrees(angle))) if callable(profile) else profile
        radius = inner_diameter / 2 + shape[:, 1]
        sections.append(
            np.column_stack([radius * np.sin(angle), shape[:, 0], radius * np.cos(angle)])
        )
    return loft(np.array(sections), closed=True)


def turned(profile: Floats, *, segments: int = 64) -> Mesh:
    """A body of revolution about Z from a closed profile (p, 2) of radius > 0 and height."""
    angles = np.radians(np.arange(segments) * 360.0 / segments)
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    r, z = profile[None, :, 0], profile[None, :, 1]
    return loft(
        np.stack([r * cos, r * sin, np.broadcast_to(z, (segments, r.shape[1]))], -1), closed=True
    )


def domed(profile: Floats, *, segments: int = 64) -> Mesh:
    """A body of revolution about Z from an open profile that begins and ends on the axis."""
    angles = np.radians(np.arange(segments) * 360.0 / segments)
    cos, sin = np.cos(angles)[None, :], np.sin(angles)[None, :]
    inner = profile[1:-1]
    rings = np.stack(
        [inner[:, :1] * cos, inner[:, :1] * sin, np.repeat(inner[:, 1:], segments, 1)], -1
    )
    grid = np.arange(len(inner) * segments).reshape(len(inner), segments)
    side = np.roll(grid, -1, axis=1)
    south, north = grid.size, grid.size + 1
    faces = np.concatenate(
        [
            _quads(grid[:-1], side[:-1], side[1:], grid[1:]),
            np.column_stack([side[0], grid[0], np.full(segments, south)]),
            np.column_stack([grid[-1], side[-1], np.full(segments, north)]),
        ]
    )
    poles = np.array([[0.0, 0.0, profile[0, 1]], [0.0, 0.0, profile[-1, 1]]])
    return _outward(Mesh(np.vstack([rings.reshape(-1, 3), poles]), faces))


def ball(radius: float, *, segments: int = 32) -> Mesh:
    """A sphere about the origin."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    return domed(radius * np.column_stack([np.cos(angles), np.sin(angles)]), segments=segments)


def wire(
    path: Floats,
    radius: float | Floats,
    *,
    sides: int = 20,
    closed: bool = False,
    round_ends: bool = True,
) -> Mesh:
    """A round wire along a path (k, 3), its radius fixed or one a point, its ends half balls.

    The section is carried without twist (double reflection would be finer; projection is enough
    for paths drawn with steps under 20 degrees); a closed path takes up its twist evenly.
    """
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(path)).copy()
    if not closed and round_ends:
        path, radii = _with_round_ends(path, radii, max(3, sides // 4))
    tangents, normals = _frames(path, closed)
    binormals = np.cross(tangents, normals)
    angles = np.radians(np.arange(sides) * 360.0 / sides)
    circle = (
        np.cos(angles)[None, :, None] * normals[:, None]
        + np.sin(angles)[None, :, None] * binormals[:, None]
    )
    return loft(path[:, None] + radii[:, None, None] * circle, closed=closed)


def _frames(path: Floats, closed: bool) -> tuple[Floats, Floats]:
    if closed:
        tangents = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    else:
        tangents = np.gradient(path, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    first = np.eye(3)[np.argmin(np.abs(tangents[0]))]
    normals = np.empty_like(path)
    for i, tangent in enumerate(tangents):
        first = first - tangent * float(first @ tangent)
        first = first / np.linalg.norm(first)
        normals[i] = first
    if closed:
        back = normals[-1] - tangents[0] * float(normals[-1] @ tangents[0])
        twist = np.arctan2(
            float(np.cross(normals[0], back) @ tangents[0]), float(normals[0] @ back)
        )
        undo = -twist * np.arange(len(path)) / len(path)
        side = np.cross(tangents, normals)
        normals = np.cos(undo)[:, None] * normals + np.sin(undo)[:, None] * side
    return tangents, normals


def _with_round_ends(path: Floats, radii: Floats, steps: int) -> tuple[Floats, Floats]:
    swing = np.linspace(0, np.pi / 2, steps + 1)[1:]
    swing[-1] = np.radians(86)  # a point would make the last ring collapse
    start = (path[0] - path[1]) / np.linalg.norm(path[0] - path[1])
    end = (path[-1] - path[-2]) / np.linalg.norm(path[-1] - path[-2])
    head = path[0] + start * (radii[0] * np.sin(swing[::-1]))[:, None]
    tail = path[-1] + end * (radii[-1] * np.sin(swing))[:, None]
    return (
        np.vstack([head, path, tail]),
        np.concatenate([radii[0] * np.cos(swing[::-1]), radii, radii[-1] * np.cos(swing)]),
    )


def rim(outline: Floats, profile: Floats) -> Mesh:
    """A wall along a closed outline (k, 2) in XY; profile (p, 2) is outward offset and height."""
    ahead = np.roll(outline, -1, axis=0) - np.roll(outline, 1, axis=0)
    outward = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    flat = outline[:, None] + outward[:, None] * profile[None, :, :1]
    height = np.broadcast_to(profile[None, :, 1:], (len(outline), len(profile), 1))
    return loft(np.concatenate([flat, height], axis=2), closed=True)


def ellipse(x: float, y: float, points: int = 96) -> Floats:
    """A counter-clockwise ellipse of those semi-axes, (points, 2)."""
    t = np.radians(np.arange(points) * 360.0 / points)
    return np.column_stack([x * np.cos(t), y * np.sin(t)])


def smoothed(points: Floats | list[tuple[float, float, float]], rounds: int = 3) -> Floats:
    """An open path with its corners cut (Chaikin), both ends kept."""
    path = np.asarray(points, dtype=np.float64)
    for _ in range(rounds):
        near, far = 0.75 * path[:-1] + 0.25 * path[1:], 0.25 * path[:-1] + 0.75 * path[1:]
        path = np.vstack([path[:1], np.stack([near, far], 1).reshape(-1, 3), path[-1:]])
    return path


def box(x: float, y: float, z: float) -> Mesh:
    """A box about the origin: a saw's cut."""
    half = np.array([(-x, -y), (x, -y), (x, y), (-x, y)]) / 2
    return loft(np.array([np.column_stack([half, np.full(4, side * z / 2)]) for side in (-1, 1)]))
