"""Sanmu Hall of Panyu: coloured stones, the lion's head, the lychee, the coloured window."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.findings import bail, hinge
from showroom.atelier.loft import ball, band, box, ellipse, smoothed, wire
from showroom.atelier.mesh import Floats, Mesh, on_band, scale, shift, turn
from showroom.atelier.model import Model, Part, Piece
from showroom.atelier.motifs import lion, lychee
from showroom.atelier.motifs.lattice import square_window
from showroom.atelier.outline import relief
from showroom.atelier.profiles import d_shape, flat
from showroom.atelier.rings import US6, finger, shank
from showroom.atelier.settings import claws, drill, prong, seated, torus
from showroom.atelier.stones import bead, brilliant, cabochon, princess, tablet
from showroom.atelier.stones.brilliant import melee

FACING = turn("x", 90)


def oval_trilogy(
    *, alloy: str, inner_diameter: float = US6, length: float = 8.0, width: float = 6.0
) -> Model:
    """An oval sapphire across the finger's line between two brilliants."""
    gem, side = brilliant(width, length), brilliant(3.4)
    up = shift(z=inner_diameter / 2 + 4.3)
    oval = up @ turn("z", 90)
    slope = [up @ turn("y", s * 24) @ shift(s * 5.35, 0, -0.55) for s in (-1, 1)]
    small = unite(
        *claws(4, 1.7, 0.75, (0.75, -2.3), 45),
        torus(0.85, 0.4, -2.3, segments=48),
        torus(1.35, 0.3, -1.0, segments=48),
    )
    heads = [_oval_head(length, width).moved(oval), *(small.moved(place) for place in slope)]
    head = cut(unite(*heads), [finger(inner_diameter)])
    body = shank(d_shape, inner_diameter, bottom=(2.2, 1.5), top=(2.8, 1.8))
    metal = seated(unite(body, head), [gem.moved(oval), *(side.moved(place) for place in slope)])
    return Model(
        (
            Part(f"metal:{alloy} ring", metal),
            Part("stone:sapphire centre", gem, (oval,)),
            Part("stone:diamond sides", side, tuple(slope)),
        ),
        inner_diameter,
    )


def _oval_head(length: float, width: float) -> Mesh:
    """Four double claws at the oval's quarters, two rails; the long axis is X."""
    parts = []
    for angle in (34, 58, 122, 146, 214, 238, 302, 326):
        t = np.radians(angle)
        at = np.array([length / 2 * np.cos(t), width / 2 * np.sin(t)])
        normal = np.degrees(np.arctan2(at[1] / (width / 2) ** 2, at[0] / (length / 2) ** 2))
        reach = width / 2
        claw = prong(reach, 0.8, (0.55 * reach, -3.2), over=0.72)
        parts.append(claw.moved(shift(at[0], at[1]) @ turn("z", normal) @ shift(-reach)))
    for share, z, thick in ((0.56, -3.2, 0.5), (0.82, -1.5, 0.36)):
        rail = np.column_stack(
            [ellipse(length / 2 * share + 0.15, width / 2 * share, 96), np.full(96, z)]
        )
        parts.append(wire(rail, thick, sides=18, closed=True))
    return unite(*parts)


def princess_tension(*, alloy: str, inner_diameter: float = US6, side: float = 5.2) -> Model:
    """A princess-cut spinel in four corner claws between split shoulders."""
    gem = princess(side)
    up = shift(z=inner_diameter / 2 + 4.55)
    corner = side / np.sqrt(2) * 0.98
    grips = [
        prong(corner, 1.05, (0.40 * corner, -3.9), over=0.55).moved(turn("z", a))
        for a in (45, 135, 225, 315)
    ]
    rail = [_square_rail(side * 0.70, -1.9, 0.42), _square_rail(side * 0.36, -3.8, 0.5)]
    head = cut(unite(*grips, *rail).moved(up), [finger(inner_diameter)])
    arms = []
    radius = inner_diameter / 2 + 0.9
    for s in (-1, 1):
        for y in (-1, 1):
            path = []
            for k in range(7):
                a = np.radians(s * (75 - 12.0 * k))
                lift = 0.25 * max(0, k - 3)
                path.append(
                    (
                        (radius + lift) * np.sin(a),
                        y * (0.55 + 0.32 * k),
                        (radius + lift) * np.cos(a),
                    )
                )
            path.append((s * side * 0.36, y * side * 0.30, radius + 2.0))
            arms.append(wire(smoothed(path), 0.66, sides=20))
    body = shank(flat, inner_diameter, bottom=(2.2, 1.6), top=(1.6, 1.1), spread=88)
    arms_clear = cut(unite(*arms), [finger(inner_diameter)])
    metal = seated(unite(body, arms_clear, head), [gem.moved(up)])
    return Model(
        (Part(f"metal:{alloy} ring", metal), Part("stone:spinel centre", gem, (up,))),
        inner_diameter,
    )


def _square_rail(side: float, z: float, thick: float) -> Mesh:
    h = side / 2
    corner = 0.22 * side
    ring = []
    for k in range(4):
        middle = turn("z", 90.0 * k)[:2, :2] @ np.array([h - corner, h - corner])
        sweep = np.radians(np.linspace(90 * k, 90 * k + 90, 10))
        ring += [middle + corner * np.array([np.cos(a), np.sin(a)]) for a in sweep]
    path = np.column_stack([np.array(ring), np.full(len(ring), z)])
    return wire(path, thick, sides=16, closed=True)


def lychee_drops(*, alloy: str, pearl: float = 7.6) -> Model:
    """An opened lychee: rough gold rind, a pearl for the flesh, two leaves, a hook."""
    flesh = bead(pearl, depth=0)
    shell = lychee.rind(pearl / 2 + 0.75, 0.72, 84)
    stalk = wire(smoothed([(0, 0, 4.2), (0.2, 0, 5.6), (0, 0, 7.0)]), 0.42, sides=16)
    ring = torus(0.9, 0.32, segments=48, sides=14).moved(shift(0, 0, 7.7) @ turn("x", 90))
    blade = lychee.leaf(6.2, 2.7, 0.6)
    leaves = [
        blade.moved(shift(0, 0, 4.9) @ turn("z", a) @ turn("y", tilt))
        for a, tilt in ((-20, 8), (205, 22))
    ]
    peg = wire(np.array([(0, 0, -0.5 * pearl + 4.4), (0, 0, 4.6)]), 0.45, sides=16)
    tip = turn("x", -24)  # the opening looks at the viewer
    shell, peg = shell.moved(tip), peg.moved(tip)
    drop = seated(unite(shell, stalk, ring, peg, *leaves), [flesh])
    places = (shift(-9), shift(9))
    return Model(
        (
            Part(f"metal:{alloy} lychees", drop, places),
            Part(f"metal:{alloy} hooks", _hook(), places),
            Part("stone:pearl-white flesh", flesh, (shift(-9), shift(9))),
        )
    )


def _hook() -> Mesh:
    """A French wire with a small loop below, which hangs in the drop's ring."""
    t = np.linspace(-0.5 * np.pi, 1.5 * np.pi - 0.5, 30)
    loop = (
        np.column_stack([0.75 * np.cos(t), 0 * t, 9.0 + 0.75 * np.sin(t)]) @ turn("z", 90)[:3, :3].T
    )
    rise = smoothed(
        [
            tuple(loop[-1]),
            (0, 0.2, 10.9),
            (0, 0.9, 14.5),
            (0, 3.4, 19.5),
            (0, 8.2, 18.0),
            (0, 9.2, 12.0),
            (0, 9.8, 7.2),
        ]
    )
    return wire(np.vstack([loop, rise[1:]]), 0.36, sides=16)


def hinged_hoops(*, alloy: str, outer: float = 17.0, stone: float = 1.6) -> Model:
    """Huggies: rubies along the front half, a hinge below, a snap post behind."""
    gem = melee(stone)
    inner = outer - 3.4
    ring = band(flat(2.5, 1.7, 0.35), inner, segments=192)
    facing = turn("z", 90)
    seat = inner / 2 + 1.72
    places = [on_band(seat, -94 - 12.2 * k + 4) for k in range(-3, 8)]
    grains = [
        ball(0.2, segments=14).moved(on_band(seat + 0.05, -94 - 12.2 * (k + 0.5) + 4, y))
        for k in range(-4, 8)
        for y in (-0.62, 0.62)
    ]
    saw = box(0.18, 4.0, 4.0)
    metal = seated(
        unite(ring, *grains),
        [gem.moved(p) for p in places],
        [drill(0.3 * stone, 3.2).moved(p) for p in places],
    )
    metal = cut(
        metal, [saw.moved(on_band(inner / 2 + 0.8, 158)), saw.moved(on_band(inner / 2 + 0.8, 22))]
    )
    knuckle = hinge(2.6, 0.85).moved(on_band(inner / 2 + 1.35, 158))
    pin = wire(np.array([(0, 0, -1.2), (0, 0, 1.2)]), 0.42, sides=16).moved(
        on_band(inner / 2 + 0.85, 22) @ turn("y", 90)
    )
    whole = unite(metal, knuckle, pin)
    spots = (shift(-8) @ facing, shift(8) @ facing)
    return Model(
        (
            Part(f"metal:{alloy} hoops", whole, spots),
            Part("stone:ruby row", gem, tuple(spot @ p for spot in spots for p in places)),
        )
    )


def lion_pendant(*, alloy: str, width: float = 20.0) -> Model:
    """The southern lion's head: onyx eyes, a diamond mirror on the brow."""
    size = scale(width / 20.0)
    eye, mirror = cabochon(2.9, 2.9, 1.5, segments=64), brilliant(2.5)
    eyes = [shift(s * lion.EYE[0], lion.EYE[1], 3.25) @ turn("y", s * 12.0) for s in (-1, 1)]
    brow = shift(*lion.MIRROR, 3.1)
    loop = torus(1.2, 0.42).moved(shift(0, 11.2, 0.9))
    metal = seated(
        unite(lion.head(), loop),
        [*(eye.moved(p) for p in eyes), mirror.moved(brow)],
        [drill(0.8, 2.5, 0.0).moved(brow)],
    )
    place = FACING @ size
    hang = bail(5.4, 3.0, 2.8).moved(FACING @ turn("x", -90) @ shift(0, -0.9, 11.75 * width / 20))
    return Model(
        (
            Part(f"metal:{alloy} head", metal, (place,)),
            Part(f"metal:{alloy} bail", hang),
            Part("stone:onyx eyes cabochon", eye, tuple(place @ p for p in eyes)),
            Part("stone:diamond mirror", mirror, (place @ brow,)),
        )
    )


def window_pendant(*, alloy: str, side: float = 17.0, bar: float = 0.72) -> Model:
    """A Manchu window: panes of sapphire, citrine and emerald in a soldered lattice."""
    window = square_window(side, bar)
    frame = relief(window.bars, 1.7, edge=0.22, back=0.08, steps=4)
    kinds = {"heart": "citrine", "ring": "sapphire", "corner": "emerald"}
    panes: dict[str, list[Mesh]] = {
        name: [tablet(_grown(outline, 0.16), 0.9).moved(shift(z=0.85)) for outline in outlines]
        for name, outlines in window.panes.items()
    }
    loop = torus(1.15, 0.4).moved(shift(0, side / np.sqrt(2) + 0.75, 0.85))
    tilt = turn("z", 45)
    metal = seated(frame, [pane for group in panes.values() for pane in group]).moved(tilt)
    metal = unite(metal, loop).moved(FACING)
    hang = bail(5.2, 2.8, 2.5).moved(shift(0, -0.85, side / np.sqrt(2) + 1.3))
    stones = [
        Part(f"stone:{kinds[name]} {name} {i + 1}", pane.moved(FACING @ tilt))
        for name, group in panes.items()
        for i, pane in enumerate(group)
    ]
    return Model(
        (Part(f"metal:{alloy} lattice", metal), Part(f"metal:{alloy} bail", hang), *stones)
    )


def _grown(outline: Floats, by: float) -> Floats:
    """The pane reaches under the bars by that much: it is held in a rabbet."""
    centre = outline.mean(axis=0)
    out = outline - centre
    return np.asarray(centre + out * (1 + by / np.linalg.norm(out, axis=1, keepdims=True)))


PIECES = (
    Piece("SM-101", "ring", oval_trilogy, {"alloy": "gold-750-white"}),
    Piece("SM-102", "ring", princess_tension, {"alloy": "gold-750-rose"}),
    Piece("SM-201", "earrings", lychee_drops, {"alloy": "gold-750-rose"}),
    Piece("SM-202", "earrings", hinged_hoops, {"alloy": "gold-750-yellow"}),
    Piece("SM-301", "pendant", lion_pendant, {"alloy": "gold-916"}),
    Piece("SM-302", "pendant", window_pendant, {"alloy": "gold-750-yellow"}),
)
