"""Links of a line bracelet: a claw cup that hinges on its neighbour."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.loft import turned, wire
from showroom.atelier.mesh import Floats, Mesh, frame, shift
from showroom.atelier.outline import relief, stroke
from showroom.atelier.settings import claws, drill


def line_link(stone: float) -> Mesh:
    """A cup about Z with four claws, a fork towards +X and a tongue towards -X.

    The pin goes through the fork at half the pitch; the tongue of the next link turns on it.
    """
    r = stone / 2
    half = (stone + 0.85) / 2
    z = -0.62 * r
    cup = turned(
        np.array(
            [
                (0.40 * r, -0.86 * r),
                (0.62 * r, -0.86 * r),
                (0.96 * r, -0.10 * r),
                (0.90 * r, 0.0),
                (0.78 * r, 0.0),
            ]
        ),
        segments=24,
    )
    grips = claws(4, r, 0.26 * stone, (0.62 * r, -0.80 * r), 45, fine=False)
    cheek = relief(stroke([(0.45 * r, z), (half, z)], 0.9, arc=5), 0.34, edge=0.08, steps=1)
    tongue = relief(stroke([(-0.45 * r, z), (-half, z)], 0.9, arc=5), 0.62, edge=0.1, steps=1)
    upright = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.float64)
    fork = [cheek.moved(shift(y=y) @ upright) for y in (-0.37, 0.37 + 0.34)]
    inner = tongue.moved(shift(y=0.31) @ upright)
    hole = wire(np.array([(-half, -1.0, z), (-half, 1.0, z)]), 0.26, sides=12, round_ends=False)
    pin = wire(np.array([(half, -0.6, z), (half, 0.6, z)]), 0.21, sides=12, round_ends=False)
    body = unite(cup, *grips, *fork, pin, cut(inner, [hole]))
    return cut(body, [drill(0.40 * r, 3.0, sides=12)])


def line_places(length: float, pitch: float) -> list[Floats]:
    """Places on a wrist's oval (1.2 : 1) in XZ, stones outwards, joints exactly at half pitch."""
    count = round(length / pitch)
    t = np.linspace(0, 2 * np.pi, 20001)
    shape = np.column_stack([1.2 * np.cos(t), np.zeros_like(t), np.sin(t)])
    low, high = 10.0, 80.0
    for _ in range(60):
        size = (low + high) / 2
        joints = _walk(shape * size, pitch, count)
        if joints is None:
            high = size
        else:
            low = size
    return _between(_walk(shape * low, pitch, count))


def _walk(curve: Floats, pitch: float, count: int) -> Floats | None:
    """Joints `pitch` apart along the curve as chords; None if the curve is too long for them."""
    joints = [curve[0]]
    start = 0
    for _ in range(count):
        far = np.linalg.norm(curve[start:] - joints[-1], axis=1)
        over = np.argmax(far >= pitch)
        if far[over] < pitch:
            return np.array(joints)
        a, b = curve[start + over - 1], curve[start + over]
        ra, rb = far[over - 1], far[over]
        joints.append(a + (b - a) * (pitch - ra) / (rb - ra))
        start += int(over)
    return None


def _between(joints: Floats | None) -> list[Floats]:
    assert joints is not None
    ends = np.roll(joints, -1, axis=0)
    out = []
    for a, b in zip(joints, ends, strict=True):
        along = (b - a) / np.linalg.norm(b - a)
        outward = np.cross(along, np.array([0.0, 1.0, 0.0]))
        middle = (a + b) / 2
        if outward @ middle < 0:
            outward = -outward
        out.append(frame(middle, outward, along))
    return out
