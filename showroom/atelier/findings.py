"""The small ironmongery: jump rings, bails, posts, butterflies, hinges."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.loft import ball, loft, rim, wire
from showroom.atelier.mesh import Floats, Mesh, shift, turn
from showroom.atelier.outline import circle, merged, relief, stroke, without
from showroom.atelier.settings import torus


def jump_ring(outer: float, thickness: float) -> Mesh:
    """A soldered ring about Z."""
    return torus((outer - thickness) / 2, thickness / 2, segments=64, sides=16)


def bail(height: float, width: float, opening: float) -> Mesh:
    """A tapered loop for a chain along X, its foot at the origin."""
    t = np.radians(np.arange(72) * 5.0)
    y = (opening / 2 + 0.25) * np.sin(t)
    z = height / 2 - height / 2 * np.cos(t)
    loop = np.column_stack([y, z])
    ahead = np.roll(loop, -1, axis=0) - np.roll(loop, 1, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    outward = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    half = (0.35 + 0.65 * (z / height)) * width / 2
    s = np.radians(np.arange(20) * 18.0)
    sections = np.empty((len(t), len(s), 3))
    sections[:, :, 0] = half[:, None] * np.cos(s)
    across = 0.36 * np.sin(s)
    sections[:, :, 1] = y[:, None] + outward[:, :1] * across
    sections[:, :, 2] = z[:, None] + outward[:, 1:] * across
    return loft(sections, closed=True)


def ear_post(length: float = 11.0, thickness: float = 0.85) -> Mesh:
    """A post along +Y from the origin with the notch that a butterfly clicks into."""
    y = np.array(
        [-0.3, 0.0, length - 2.6, length - 2.2, length - 1.9, length - 1.5, length - 0.4, length]
    )
    r = np.array([1.0, 1.0, 1.0, 0.8, 0.8, 1.0, 0.95, 0.55]) * thickness / 2
    return wire(np.column_stack([0 * y, y, 0 * y]), r, sides=20)


def butterfly(thickness: float = 0.85, at: float = 7.0) -> Mesh:
    """A scroll back that sits on the post at Y = `at`: a drilled plate and two sprung curls."""
    plate = relief(
        without(
            merged(circle(-1.3, 0, 1.5), circle(1.3, 0, 1.5)), circle(0, 0, thickness / 2 + 0.03)
        ),
        0.5,
    )
    curls = []
    for side in (1, -1):
        t = np.linspace(0, 1, 48)
        angle = -np.pi / 2 + 1.55 * np.pi * t
        radius = 1.25 - 0.35 * t
        x = side * (1.45 + radius * np.cos(angle))
        z = 0.35 + 1.25 + radius * np.sin(angle)
        curl = relief(stroke(np.column_stack([x, z]), 0.34), 2.2, edge=0.08)
        curls.append(curl.moved(turn("x", 90) @ shift(0, 0, -1.1)))
    back = unite(plate, *curls)
    post = wire(np.array([(0, 0, -2.0), (0, 0, 5.0)]), thickness / 2 + 0.03, sides=20)
    return cut(back, [post]).moved(shift(0, at, 0) @ turn("x", -90))


def hinge(width: float, radius: float) -> Mesh:
    """A knuckle along Y with its pin heads."""
    barrel = wire(
        np.array([(0, -width / 2, 0), (0, width / 2, 0)]), radius, sides=28, round_ends=False
    )
    heads = [
        ball(radius * 0.62, segments=20).moved(shift(0, side * width / 2, 0)) for side in (1, -1)
    ]
    return unite(barrel, *heads)


def oval_link(
    length: float, width: float, thickness: float, *, points: int = 24, sides: int = 8
) -> Mesh:
    """A stadium link in XY, along X, of round wire."""
    straight, radius = (length - width) / 2, (width - thickness) / 2
    t = np.linspace(-np.pi / 2, np.pi / 2, points // 2)
    right = np.column_stack([straight + radius * np.cos(t), radius * np.sin(t)])
    outline = np.vstack([right, -right])
    s = np.radians(np.arange(sides) * 360.0 / sides)
    return rim(outline, thickness / 2 * np.column_stack([np.cos(s), np.sin(s)]))


def chain_places(curve: Floats, pitch: float) -> list[Floats]:
    """Places of links along a closed flat curve in XZ, each turned a quarter against the last.

    The count is even, so the last link also meets the first across; the pitch gives way a little.
    """
    loop = np.vstack([curve, curve[:1]])
    run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))])
    count = 2 * int(np.ceil(run[-1] / pitch / 2))
    places = []
    for i in range(count):
        at = [
            np.interp(run[-1] * ((i + d) / count % 1.0), run, loop[:, k])
            for d in (0.0, 0.02, -0.02)
            for k in range(3)
        ]
        here, ahead, behind = np.array(at[:3]), np.array(at[3:6]), np.array(at[6:])
        tangent = (ahead - behind) / np.linalg.norm(ahead - behind)
        side = np.array([0.0, 1.0, 0.0])
        normal = np.cross(tangent, side)
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 3] = tangent, here
        # 45° either way: both kinds of link show the same face to the viewer
        a, b = (side + normal) / np.sqrt(2), (side - normal) / np.sqrt(2)
        matrix[:3, 2] = a if i % 2 else b
        matrix[:3, 1] = np.cross(matrix[:3, 2], tangent)
        places.append(matrix)
    return places


def hanging_loop(length: float, width: float, points: int = 400) -> Floats:
    """How a necklace hangs: a half circle behind the neck and a catenary in front, (points, 3).

    The catenary's parameter is solved so that the whole loop is `length` mm long.
    """
    half = width / 2
    low, high = 0.02 * width, 5.0 * width
    want = length - np.pi * half
    for _ in range(60):
        a = (low + high) / 2
        if 2 * a * np.sinh(half / a) > want:
            low = a
        else:
            high = a
    arc = np.linspace(0, np.pi, points // 3)[:-1]
    s = np.linspace(1, -1, 2 * points // 3)[:-1] * a * np.sinh(half / a)
    x = a * np.arcsinh(s / a)
    front = np.column_stack([-x, 0 * x, a * (np.cosh(x / a) - np.cosh(half / a))])
    back = np.column_stack([half * np.cos(arc), 0 * arc, half * np.sin(arc)])
    return np.vstack([back, front])
