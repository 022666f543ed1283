"""The kapok (木棉): five thick petals around a brush of stamens, the hero's tree of Guangzhou."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import unite
from showroom.atelier.loft import ball, loft, smoothed, wire
from showroom.atelier.mesh import Mesh, around, shift, turn


def petal(
    length: float, width: float, thickness: float, *, cup: float = 0.45, curl: float = 0.25
) -> Mesh:
    """One obovate petal from the origin along +X: it lifts, then its tip rolls back and down."""
    s = np.linspace(0.0, 1.0, 44)
    blade = s**0.75 * np.clip(1.0 - s**4.5, 0, 1) ** 0.5
    half = width / 2 * np.maximum(blade / blade.max(), 0.10) * (1 - 0.0 * s)
    x = length * (s - 0.06 * s**6)
    z = length * (cup * np.sin(s * 1.9) * 0.75 - curl * s**3)
    t = np.linspace(-1.0, 1.0, 25)
    sections = []
    for i, h in enumerate(half):
        fold = cup * 0.42 * h * t**2 - 0.10 * h * np.exp(-((t / 0.16) ** 2)) * (1 - s[i])
        body = thickness * (1 - 0.45 * s[i]) / 2 * np.sqrt(np.clip(1 - t**6, 0.0, 1)) + 0.015
        upper = np.column_stack([np.full(25, x[i]), t * h, z[i] + fold + body])
        lower = np.column_stack([np.full(25, x[i]), t * h, z[i] + fold - body])[::-1]
        sections.append(np.vstack([upper, lower]))
    return loft(np.array(sections))


def flower(
    diameter: float,
    thickness: float = 0.7,
    *,
    stamens: int = 26,
    heart: float = 0.0,
    cup: float = 0.45,
) -> Mesh:
    """The open flower; `heart` keeps a bare disc of that radius in mm for a stone."""
    length = diameter / 2
    one = petal(length, 0.80 * length, thickness, cup=cup)
    parts = [one.moved(place @ turn("y", 0.0)) for place in around(5, 90.0)]
    core = max(heart, 0.16 * length)
    parts.append(
        ball(1.0, segments=40).moved(
            shift(0, 0, 0.02) @ np.diag([core + 0.5, core + 0.5, 0.11 * length + 0.35, 1.0])
        )
    )
    parts += _stamens(length, heart, stamens)
    return unite(*parts)


def _stamens(length: float, heart: float, count: int) -> list[Mesh]:
    """Filaments on a golden spiral, splayed, each with an anther."""
    out = []
    inner = heart + 0.25 if heart else 0.0
    for i in range(count):
        angle = np.radians(137.50776 * i)
        share = np.sqrt((i + 0.5) / count)
        foot = inner + (0.16 * length) * share
        lean = 0.10 + 0.5 * share
        rise = length * (0.34 - 0.08 * share)
        reach = foot + lean * rise
        thick = max(0.15, 0.020 * length)
        path = smoothed([(foot * 0.9, 0, 0.0), (foot, 0, rise * 0.5), (reach, 0, rise)], 2)
        stem = wire(path, thick, sides=10)
        head = ball(thick * 1.9, segments=14).moved(shift(reach, 0, rise))
        spin = turn("z", float(np.degrees(angle)))
        out += [stem.moved(spin), head.moved(spin)]
    return out
