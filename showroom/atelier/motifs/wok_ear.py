"""The wok-ear gable (镬耳): the fire wall of Lingnan houses, shaped like the handles of a wok."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import unite
from showroom.atelier.mesh import Floats, Mesh
from showroom.atelier.outline import Shape, circle, merged, polygon, relief, without


def gable_line(width: float, height: float, points: int = 40) -> Floats:
    """The ridge from the left eave to the right one, (k, 2), the eaves at height 0.

    A concave sweep rises from each eave into a round ear a little wider than a half circle.
    """
    ear = 0.33 * width
    centre = height - ear
    start = np.radians(200.0)
    t = np.linspace(start, np.pi / 2, points)
    arc = np.column_stack([ear * np.cos(t), centre + ear * np.sin(t)])
    eave = np.array([-width / 2, 0.12 * height])
    knee = np.array([-0.36 * width, 0.16 * height])
    s = np.linspace(0, 1, 14)[:-1, None]
    sweep = (1 - s) ** 2 * eave + 2 * s * (1 - s) * knee + s**2 * arc[0]
    left = np.vstack([[[-width / 2, 0.0]], sweep, arc])
    return np.vstack([left, left[-2::-1] * [-1, 1]])


def gable(width: float, height: float, thickness: float = 0.9, *, fine: bool = True) -> Mesh:
    """The wall with two ridge tiles along its edge, a round window and a door."""
    steps = 6 if fine else 1
    line = gable_line(width, height, 40 if fine else 12)
    wall = polygon(line)
    raised: list[Mesh] = [relief(wall, thickness, edge=0.12, back=0.08, steps=steps)]
    inner = wall.buffer(-0.085 * width)
    ridge = without(wall, inner)
    raised.append(
        relief(ridge, thickness + 0.07 * width, edge=0.035 * width, back=0.08, steps=steps)
    )
    second = without(wall.buffer(-0.125 * width), wall.buffer(-0.165 * width))
    raised.append(
        relief(second, thickness + 0.035 * width, edge=0.016 * width, back=0.08, steps=steps)
    )
    raised.append(_window(width, height, thickness, steps))
    raised.append(
        relief(
            _door(width, height),
            thickness + 0.045 * width,
            edge=0.02 * width,
            back=0.08,
            steps=steps,
        )
    )
    return unite(*raised)


def _door(width: float, height: float) -> Shape:
    half, top = 0.10 * width, 0.30 * height
    arch = merged(
        polygon([(-half, 0.02), (half, 0.02), (half, top), (-half, top)]), circle(0, top, half)
    )
    return without(arch, arch.buffer(-0.035 * width))


def _window(width: float, height: float, thickness: float, steps: int) -> Mesh:
    """A four-petalled window, the luck of a coin."""
    y, r = 0.66 * height, 0.085 * width
    petals = [circle(r * np.cos(a), y + r * np.sin(a), 0.72 * r) for a in np.arange(4) * np.pi / 2]
    ring = merged(*petals)
    if steps == 1:
        ring = ring.simplify(0.004 * width)
    return relief(
        without(ring, ring.buffer(-0.03 * width)),
        thickness + 0.04 * width,
        edge=0.012 * width,
        back=0.08,
        steps=steps,
    )
