"""The southern lion's head (醒狮): horn, forehead mirror, rolling eyes, a beard of tufts."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import unite
from showroom.atelier.loft import ball, ellipse, smoothed, wire
from showroom.atelier.mesh import Mesh, scale, shift, turn
from showroom.atelier.outline import circle, eased, merged, polygon, relief
from showroom.atelier.settings import bezel

EYE = (3.15, 1.35)  # centre of an eye in mm, for a head 20 mm wide
MIRROR = (0.0, 5.35)


def head() -> Mesh:
    """The whole head, 20 mm wide, its back flat at height 0; eyes and mirror are open bezels."""
    parts = [_mask(), *_brows(), *_cheeks(), *_nose(), *_mouth(), *_ears(), _horn(), *_ruff()]
    for side in (-1, 1):
        eye = bezel(ellipse(1.45, 1.45), wall=0.42, depth=1.6, lip=0.3)
        parts.append(eye.moved(shift(side * EYE[0], EYE[1], 3.25) @ turn("y", side * 12.0)))
        ring = wire(_closed(2.25, 2.05), 0.26, sides=14, closed=True)
        parts.append(ring.moved(shift(side * EYE[0], EYE[1], 2.75) @ turn("y", side * 12.0)))
    parts.append(
        bezel(ellipse(1.25, 1.25), wall=0.38, depth=1.6, lip=0.3).moved(shift(*MIRROR, 3.1))
    )
    for angle in np.arange(12) * np.pi / 6:
        x, y = MIRROR[0] + 1.98 * np.cos(angle), MIRROR[1] + 1.98 * np.sin(angle)
        parts.append(ball(0.3, segments=16).moved(shift(x, y, 2.75)))
    return unite(*parts)


def _closed(x: float, y: float) -> np.ndarray:
    ring = ellipse(x, y, 72)
    return np.column_stack([ring, np.zeros(72)])


def _mask() -> Mesh:
    face = merged(
        circle(0, 3.2, 6.2), circle(-3.4, 0.2, 4.6), circle(3.4, 0.2, 4.6), circle(0, -2.5, 5.2)
    )
    return relief(eased(face, 0.8), 1.3, edge=0.7, back=0.1, dome=1.6, steps=8)


def _brows() -> list[Mesh]:
    """Flame brows: a thick sweep that ends in an upward curl."""
    out = []
    for side in (-1, 1):
        path = smoothed(
            [
                (0.8, 2.6, 3.0),
                (2.6, 4.4, 3.3),
                (5.0, 4.3, 2.7),
                (6.6, 3.2, 1.9),
                (7.6, 4.2, 1.7),
                (7.0, 5.1, 1.9),
                (6.4, 4.6, 2.0),
            ]
        ) * [side, 1, 1]
        thick = np.interp(np.linspace(0, 1, len(path)), [0, 0.35, 0.8, 1], [0.45, 0.62, 0.42, 0.30])
        out.append(wire(path, thick, sides=18))
        for k in range(5):
            x = 1.6 + 1.05 * k
            y = 4.55 - 0.10 * (k - 1.5) ** 2
            tuft = smoothed(
                [
                    (x, y - 0.2, 2.9 - 0.12 * k),
                    (x + 0.1, y + 0.7, 3.1 - 0.15 * k),
                    (x + 0.55, y + 1.15, 2.7 - 0.2 * k),
                ]
            )
            out.append(wire(tuft * [side, 1, 1], np.linspace(0.36, 0.16, len(tuft)), sides=12))
    return out


def _cheeks() -> list[Mesh]:
    """A whorl on either cheek."""
    out = []
    t = np.linspace(0, 1, 70)
    for side in (-1, 1):
        angle = np.radians(80) + 3.3 * np.pi * t
        r = 1.75 * (1 - 0.82 * t)
        spiral = np.column_stack(
            [side * (5.9 + r * np.cos(angle)), -1.6 + r * np.sin(angle), 1.95 + 0.5 * t]
        )
        out.append(wire(spiral, 0.30 - 0.08 * t, sides=12))
    return out


def _nose() -> list[Mesh]:
    tip = ball(1.0, segments=40).moved(shift(0, -1.75, 3.05) @ scale(1.55, 1.05, 1.25))
    wings = [
        ball(1.0, segments=28).moved(shift(side * 1.45, -1.95, 2.9) @ scale(0.85, 0.75, 0.9))
        for side in (-1, 1)
    ]
    bridge = ball(1.0, segments=28).moved(shift(0, 0.7, 2.7) @ scale(0.8, 2.2, 0.75))
    return [tip, *wings, bridge]


def _mouth() -> list[Mesh]:
    """A wide upper lip, teeth under it, and the jaw with its tongue."""
    x = np.linspace(-1, 1, 41)
    lip = np.column_stack(
        [5.2 * x, -3.55 - 0.55 * x**2 + 0.35 * np.cos(2 * np.pi * x), 2.75 - 1.1 * x**2]
    )
    jaw = np.column_stack([4.1 * x, -7.35 + 2.5 * x**2, 2.3 - 1.2 * x**2])
    out = [
        wire(lip, 0.55 - 0.12 * np.abs(x), sides=18),
        wire(jaw, 0.60 - 0.15 * np.abs(x), sides=18),
        ball(1.0, segments=32).moved(shift(0, -6.15, 2.1) @ turn("x", 14) @ scale(1.35, 1.15, 0.5)),
    ]
    for side in (-1, 1):
        for k in range(4):
            at = side * (0.55 + 1.0 * k)
            out.append(
                ball(1.0, segments=16).moved(
                    shift(at, -4.75 + 0.055 * at**2, 2.35 - 0.05 * at**2) @ scale(0.42, 0.55, 0.38)
                )
            )
    floor = relief(
        eased(polygon([(-4, -4.2), (4, -4.2), (2.6, -7.2), (-2.6, -7.2)]), 0.4), 1.35, edge=0.3
    )
    return [*out, floor]


def _ears() -> list[Mesh]:
    out = []
    for side in (-1, 1):
        leaf = ball(1.0, segments=36).moved(
            shift(side * 7.5, 6.4, 1.0) @ turn("z", -side * 42) @ scale(1.25, 2.1, 0.8)
        )
        inner = ball(1.0, segments=28).moved(
            shift(side * 7.5, 6.4, 1.55) @ turn("z", -side * 42) @ scale(0.62, 1.35, 0.5)
        )
        out += [leaf, inner]
    return out


def _horn() -> Mesh:
    path = smoothed([(0, 7.6, 1.4), (0, 9.0, 2.1), (0, 10.2, 2.1), (0, 10.9, 1.5)])
    return wire(path, np.linspace(1.5, 0.55, len(path)), sides=28)


def _ruff() -> list[Mesh]:
    """The mane: tufts all around the lower face, each a drop that curls outwards."""
    out = []
    for angle in np.linspace(-172, -8, 21):
        a = np.radians(angle)
        c, s = np.cos(a), np.sin(a)
        reach_x, reach_y = 7.3, 5.9
        path = smoothed(
            [
                (reach_x * c * 0.86, -1.9 + reach_y * s * 0.86, 1.0),
                (reach_x * c * 1.05, -1.9 + reach_y * s * 1.05, 1.5),
                (reach_x * c * 1.26, -1.9 + reach_y * s * 1.26, 0.8),
            ]
        )
        out.append(wire(path, np.linspace(0.72, 0.30, len(path)), sides=16))
    return out
