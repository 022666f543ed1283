"""Stones without facets: cabochons, beads, discs and thin tablets."""

from __future__ import annotations

import numpy as np

from showroom.atelier.loft import domed, loft, turned
from showroom.atelier.mesh import Floats, Mesh, scale


def cabochon(length: float, width: float, height: float, *, segments: int = 96) -> Mesh:
    """An oval dome on a girdle of 8 % of its height, with a bevelled flat base."""
    wall = 0.08 * height
    rise = np.linspace(0, np.pi / 2, 25)
    dome = np.column_stack([np.cos(rise) ** 0.92, wall + (height - wall) * np.sin(rise)])
    base = np.array(
        [[0.0, -0.06 * height], [0.90, -0.06 * height], [0.94, -0.055 * height], [1.0, 0.0]]
    )
    return domed(np.vstack([base, dome]), segments=segments).moved(
        scale(length / 2, width / 2, 1.0)
    )


def bead(diameter: float, *, drill: float = 0.8, depth: float = 0.6, segments: int = 64) -> Mesh:
    """A pearl drilled from below: `drill` mm wide, `depth` of its diameter deep; 0 for none."""
    r = diameter / 2
    if not depth:
        t = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
        return domed(r * np.column_stack([np.cos(t), np.sin(t)]), segments=segments)
    low = -float(np.arccos(drill / 2 / r))
    t = np.linspace(low, np.pi / 2, segments // 2)
    outside = r * np.column_stack([np.cos(t), np.sin(t)])
    outside[-1, 0] = 0.0
    floor = r * np.sin(low) + depth * diameter
    hole = np.array([[0.0, floor], [drill / 2, floor]])
    return domed(np.vstack([hole, outside]), segments=segments)


def disc(diameter: float, hole: float, thickness: float, *, segments: int = 144) -> Mesh:
    """A flat ring with a soft, almost elliptical section: the ping-an disc."""
    middle, half = (diameter + hole) / 4, (diameter - hole) / 4
    t = np.radians(np.arange(72) * 5.0)
    section = np.column_stack(
        [
            middle + half * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.7,
            thickness / 2 * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** 0.8,
        ]
    )
    return turned(section, segments=segments)


def tablet(outline: Floats, thickness: float) -> Mesh:
    """A thin polished slab of that outline (k, 2), its upper edge bevelled: a window pane."""
    centre = outline.mean(axis=0)
    levels = (
        (0.97, -thickness / 2),
        (1.0, -thickness / 2 + 0.04),
        (1.0, thickness * 0.22),
        (0.90, thickness / 2),
    )
    sections = [
        np.column_stack([centre + (outline - centre) * k, np.full(len(outline), z)])
        for k, z in levels
    ]
    return loft(np.array(sections))
