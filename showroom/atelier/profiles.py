"""Sections of ring shanks, (p, 2): across the finger, and height above the inner surface, in mm.

Each runs counter-clockwise, spans `width` and `thickness` exactly and touches height 0.
"""

from __future__ import annotations

import numpy as np

from showroom.atelier.mesh import Floats


def d_shape(width: float, thickness: float, points: int = 40) -> Floats:
    """Flat inside, a half ellipse outside, with a small wall so that the edge is not a blade."""
    wall = 0.18 * thickness
    t = np.linspace(0, np.pi, points)
    top = np.column_stack([width / 2 * np.cos(t), wall + (thickness - wall) * np.sin(t)])
    return np.vstack([_inside(width, 0.06 * width, 0.0), top])


def comfort_fit(width: float, thickness: float, points: int = 40) -> Floats:
    """Rounded inside too: the edges stand off the finger by a seventh of the thickness."""
    stand_off = thickness / 7
    wall = 0.35 * thickness
    t = np.linspace(0, np.pi, points)
    top = np.column_stack([width / 2 * np.cos(t), wall + (thickness - wall) * np.sin(t)])
    return np.vstack([_inside(width, 0.0, stand_off), top])


def flat(width: float, thickness: float, fillet: float = 0.25) -> Floats:
    """A straight band with filleted outer edges and a slightly eased inside."""
    fillet = min(fillet, width / 3, thickness / 3)
    t = np.linspace(0, np.pi / 2, 9)
    right = np.column_stack([np.cos(t), np.sin(t)]) * fillet + [
        width / 2 - fillet,
        thickness - fillet,
    ]
    left = right[::-1] * [-1, 1]
    return np.vstack([_inside(width, 0.0, min(0.12, thickness / 8)), right, left])


def knife_edge(width: float, thickness: float, points: int = 24) -> Floats:
    """Two concave flanks that meet in a ridge of 0.15 mm radius."""
    t = np.linspace(0, 1, points)
    x = width / 2 * (1 - t)
    z = 0.42 * thickness + 0.58 * thickness * (0.72 * t + 0.28 * t**2)
    ridge = np.sqrt(x**2 + 0.15**2) - 0.15
    right = np.column_stack([ridge / ridge[0] * width / 2, z])
    return np.vstack([_inside(width, 0.0, thickness / 9), right, right[-2::-1] * [-1, 1]])


def _inside(width: float, ease: float, stand_off: float, points: int = 20) -> Floats:
    """The inner side from left to right; `stand_off` lifts its edges, `ease` only narrows it."""
    x = np.linspace(-1, 1, points + 1)
    run = np.column_stack([x * (width / 2 - ease), stand_off * x**2])
    return run if ease else run[1:-1] if stand_off == 0 else run
