"""Waves: a band that swells and breaks, and scrolls of surf."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from showroom.atelier.loft import wire
from showroom.atelier.mesh import Floats, Mesh
from showroom.atelier.profiles import flat


def wave_band(width: float, thickness: float, crests: int = 9) -> Callable[[float], Floats]:
    """A profile by angle: three ridges that run around the band, swelling out of phase.

    Between the ridges lie hollows; the edges follow the swell, so the band's outline undulates.
    """
    base = flat(width, thickness, 0.3)
    outside = base[:, 1] > 0.55 * thickness
    u = np.linspace(-1, 1, 61)

    def at(degrees: float) -> Floats:
        phase = np.radians(degrees) * crests
        sway = 0.06 * width * np.sin(phase)
        ridge = np.zeros_like(u)
        for k, middle in enumerate((-0.62, 0.0, 0.62)):
            swell = np.sin(phase + 2.1 * k)
            centre = middle + 0.17 * np.sin(phase + 2.1 * k + 0.9)
            d = u - centre
            steep = np.where(d > 0, 0.13 + 0.05 * swell, 0.24)
            ridge = np.maximum(ridge, (0.62 + 0.38 * swell) * np.exp(-((d / steep) ** 2)))
        taper = np.clip((1 - u**8), 0, 1)
        height = 0.62 * thickness + 0.38 * thickness * ridge * taper
        top = np.column_stack([(width / 2 * 0.97) * u + sway * (0.35 + 0.65 * np.abs(u)), height])[
            ::-1
        ]
        inside = base[~outside]
        inside = inside[(inside[:, 1] < 0.2 * thickness)]
        inside = inside[np.argsort(inside[:, 0])] + [sway, 0]
        return np.vstack([inside, top])

    return at


def surf(reach: float, thickness: float, *, turns: float = 1.35) -> Mesh:
    """One breaking scroll from the origin along +X, curling up and back; it tapers to the curl."""
    t = np.linspace(0, 1, 90)
    run = t < 0.42
    s = t[run] / 0.42
    rise = np.column_stack([reach * 0.62 * s, 0.18 * reach * s**2.2, 0 * s])
    a = (t[~run] - 0.42) / 0.58
    angle = np.radians(-62) + turns * 2 * np.pi * a
    r = 0.30 * reach * (1 - 0.80 * a)
    first = np.array([np.cos(angle[0]), np.sin(angle[0])]) * r[0]
    centre = rise[-1, :2] - first
    curl = np.column_stack([centre[0] + r * np.cos(angle), centre[1] + r * np.sin(angle), 0 * a])
    path = np.vstack([rise, curl[1:]])
    return wire(path, thickness / 2 * np.linspace(1.0, 0.55, len(path)), sides=16)
