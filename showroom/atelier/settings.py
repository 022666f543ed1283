"""What holds a stone. Every setting is drawn about a stone whose girdle lies at height 0.

Settings are drawn through the stone and the stone is then cut out of the metal (`seated`), which
is how a setter makes a seat: the contact follows the girdle and the facets exactly.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from showroom.atelier.booleans import cut
from showroom.atelier.loft import ball, rim, smoothed, turned, wire
from showroom.atelier.mesh import Floats, Mesh, around, scale, shift

CLEARANCE = 0.004  # mm all around a seated stone: no two surfaces coincide, no gap is seen


def seated(metal: Mesh, stones: Iterable[Mesh], holes: Iterable[Mesh] = ()) -> Mesh:
    """The metal with a seat for every stone, and drill holes where light comes in from behind."""
    return cut(metal, [*(_grown(stone) for stone in stones), *holes])


def _grown(stone: Mesh) -> Mesh:
    low, high = stone.bounds
    centre, half = (low + high) / 2, float((high - low).max()) / 2
    return stone.moved(shift(*centre) @ scale(1 + CLEARANCE / (0.45 * half)) @ shift(*-centre))


def prong(
    reach: float,
    thickness: float,
    base: tuple[float, float],
    *,
    over: float | None = None,
    fine: bool = True,
) -> Mesh:
    """A claw along +X over a girdle of radius `reach`, from `base` (radius, height).

    A third of its thickness stands over the girdle's edge; the tip lies on a crown of 34.5°.
    """
    r = thickness / 2
    over = 0.16 * reach + 0.22 if over is None else over
    edge = reach + 0.36 * r
    crown = np.tan(np.radians(34.5))
    tip = (reach - over, 0.02 * reach + over * crown + 0.62 * r)
    path = [
        (base[0], 0.0, base[1]),
        (edge - 0.1 * (edge - base[0]), 0.0, -0.25 * abs(base[1])),
        (edge + 0.02, 0.0, 0.05),
        (edge - 0.25 * over, 0.0, 0.04 * reach + 0.55 * over * crown + 0.9 * r),
        (tip[0], 0.0, tip[1]),
    ]
    drawn = smoothed(path, 3 if fine else 1)
    taper = np.linspace(1.12, 0.88, len(drawn)) * r
    return wire(drawn, taper, sides=20 if fine else 8)


def claws(
    count: int,
    reach: float,
    thickness: float,
    base: tuple[float, float],
    start: float = 0.0,
    *,
    fine: bool = True,
) -> list[Mesh]:
    """`count` claws around a round stone; `fine` is for those that a camera comes close to."""
    one = prong(reach, thickness, base, fine=fine)
    return [one.moved(place) for place in around(count, start)]


def basket(
    reach: float, depth: float, *, count: int = 6, thickness: float = 1.0, start: float = 0.0
) -> list[Mesh]:
    """Claws that taper to a collet, with a gallery rail half way: the classic solitaire head."""
    foot = 0.42 * reach
    half = (foot + reach) / 2 + 0.08 * reach
    return [
        *claws(count, reach, thickness, (foot, -depth), start),
        torus(half, 0.40 * thickness, -0.42 * depth),
        torus(foot, 0.52 * thickness, -depth),
    ]


def torus(
    radius: float, thick: float, z: float = 0.0, *, segments: int = 96, sides: int = 20
) -> Mesh:
    """A round rail of wire radius `thick` about Z."""
    t = np.radians(np.arange(sides) * 360.0 / sides)
    return turned(
        np.column_stack([radius + thick * np.cos(t), z + thick * np.sin(t)]), segments=segments
    )


def bezel(
    outline: Floats,
    *,
    wall: float = 0.5,
    ledge: float = 0.45,
    depth: float = 1.4,
    lip: float = 0.35,
) -> Mesh:
    """A rubbed-over wall around a girdle outline: `lip` is its height above the girdle."""
    profile = np.array(
        [
            (-ledge, -depth),
            (wall * 0.75, -depth),
            (wall * 0.85, -depth + 0.12),
            (wall, -0.1),
            (wall * 0.96, lip * 0.45),
            (wall * 0.72, lip * 0.85),
            (wall * 0.38, lip),
            (-0.10, lip * 0.96),
            (-0.20, lip * 0.75),
            (-ledge, -0.05),
        ]
    )
    return rim(outline, profile)


def grains(radius: float, gap: float, along: float, across: float) -> list[Mesh]:
    """Four raised grains about a pavé stone, `along` and `across` being their offsets in mm."""
    grain = ball(radius, segments=14)
    return [grain.moved(shift(x, y, gap)) for x in (-along, along) for y in (-across, across)]


def drill(radius: float, depth: float, top: float = 0.0, *, sides: int = 32) -> Mesh:
    """A hole below a stone, from `top` down by `depth`."""
    path = np.array([(0.0, 0.0, top - depth), (0.0, 0.0, top)])
    return wire(path, radius, sides=sides, round_ends=False)
