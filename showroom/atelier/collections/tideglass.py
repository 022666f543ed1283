"""Tideglass of Hong Kong: jade and pearls, with as little metal as will hold them."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.findings import bail, butterfly, ear_post, jump_ring
from showroom.atelier.loft import ball, ellipse, loft, turned, wire
from showroom.atelier.mesh import shift, turn
from showroom.atelier.model import Model, Part, Piece
from showroom.atelier.motifs import kapok
from showroom.atelier.profiles import d_shape
from showroom.atelier.rings import US6, finger, shank
from showroom.atelier.settings import bezel, claws, seated, torus
from showroom.atelier.stones import bead, brilliant, cabochon, disc
from showroom.atelier.stones.brilliant import melee

FACING = turn("x", 90)


def jade_cabochon_ring(
    *, alloy: str, inner_diameter: float = US6, length: float = 11.0, width: float = 9.0
) -> Model:
    """An oval of jadeite, open behind for the light, with a brilliant on each shoulder."""
    gem, spark = cabochon(length, width, 4.6), melee(2.0)
    up = shift(z=inner_diameter / 2 + 1.9) @ turn("z", 90)
    collar = bezel(ellipse(length / 2, width / 2, 160), wall=0.6, ledge=0.9, depth=1.5, lip=1.1)
    beads = []
    for a in np.arange(40) * 9.0:
        t = np.radians(a)
        beads.append(
            ball(0.36, segments=16).moved(
                up @ shift((length / 2 + 0.72) * np.cos(t), (width / 2 + 0.72) * np.sin(t), -0.9)
            )
        )
    sides = [
        shift(z=inner_diameter / 2 + 1.2) @ shift(s * 6.6, 0, -0.55) @ turn("y", s * 38)
        for s in (-1, 1)
    ]
    cups = [
        bezel(ellipse(1.0, 1.0, 64), wall=0.38, depth=1.3, lip=0.2).moved(place) for place in sides
    ]
    head = cut(unite(collar.moved(up), *beads, *cups), [finger(inner_diameter)])
    body = shank(d_shape, inner_diameter, bottom=(2.6, 1.5), top=(6.2, 1.9), spread=80)
    light = loft(
        np.array(
            [
                np.column_stack([ellipse(length / 2 - 1.2, width / 2 - 1.2, 96), np.full(96, z)])
                for z in (-6.0, 0.0)
            ]
        )
    )
    metal = seated(
        unite(body, head), [gem.moved(up), *(spark.moved(p) for p in sides)], [light.moved(up)]
    )
    return Model(
        (
            Part(f"metal:{alloy} ring", metal),
            Part("stone:jadeite cabochon", gem, (up,)),
            Part("stone:diamond shoulders", spark, tuple(sides)),
        ),
        inner_diameter,
    )


def pearl_ring(*, alloy: str, inner_diameter: float = US6, pearl: float = 8.5) -> Model:
    """A pearl on a peg in a cup, between two waves of brilliants."""
    orb, spark = bead(pearl, drill=0.9, depth=0.55), melee(1.7)
    base = inner_diameter / 2 + 2.0
    up = shift(z=base + pearl / 2)
    r = pearl / 2
    t = np.linspace(np.radians(-88), np.radians(-48), 20)
    bowl = np.column_stack([np.cos(t), np.sin(t)])
    cup = turned(np.vstack([bowl * (r + 0.6), bowl[::-1] * (r - 0.25)]), segments=72)
    peg = wire(np.array([(0, 0, -r - 0.6), (0, 0, -r + 0.45 * pearl)]), 0.43, sides=20)
    foot = wire(np.array([(0, 0, -r - 1.4), (0, 0, -r + 0.1)]), 1.25, sides=28)
    petals = [
        kapok.petal(4.6, 2.4, 0.6, cup=0.55, curl=0.1).moved(turn("z", a) @ shift(0.6, 0, -r - 0.1))
        for a in (40, 140, 220, 320)
    ]
    sides = []
    cups = []
    for s in (-1, 1):
        for k in range(3):
            a = s * (21 + 11.0 * k)
            place = turn("y", a) @ shift(z=inner_diameter / 2 + 2.05)
            sides.append(place)
            cups += [part.moved(place) for part in claws(4, 0.85, 0.55, (0.5, -1.2), 45)]
            cups.append(torus(0.6, 0.35, -0.8, segments=40, sides=14).moved(place))
    head = unite(*(part.moved(up) for part in (cup, peg, foot, *petals)), *cups)
    body = shank(d_shape, inner_diameter, bottom=(2.2, 1.5), top=(2.4, 1.5))
    metal = seated(
        unite(body, cut(head, [finger(inner_diameter)])),
        [orb.moved(up), *(spark.moved(p) for p in sides)],
    )
    return Model(
        (
            Part(f"metal:{alloy} ring", metal),
            Part("stone:pearl-white centre", orb, (up,)),
            Part("stone:diamond shoulders", spark, tuple(sides)),
        ),
        inner_diameter,
    )


def jade_bangle(*, alloy: str, inner_diameter: float = 56.0, thickness: float = 9.0) -> Model:
    """A round-section jadeite bangle with two gold mounts of cloud scrolls."""
    middle = (inner_diameter + thickness) / 2
    t = np.radians(np.arange(64) * 5.625)
    section = np.column_stack([middle + thickness / 2 * np.cos(t), thickness / 2 * np.sin(t)])
    upright = turn("x", 90)
    jade = turned(section, segments=240).moved(upright)
    mounts = []
    for at in (-90.0, 90.0):
        angle = np.radians(np.linspace(at - 11, at + 11, 40))
        path = np.column_stack([middle * np.sin(angle), 0 * angle, middle * np.cos(angle)])
        shape = thickness / 2 + 0.55 + 0.22 * np.cos(np.linspace(-3, 3, 40) * np.pi) ** 2
        mounts.append(wire(path, shape, sides=64, round_ends=False))
        for edge in (at - 11, at + 11):
            ring = torus(thickness / 2 + 0.5, 0.42, segments=96, sides=14)
            spot = np.array(
                [middle * np.sin(np.radians(edge)), 0, middle * np.cos(np.radians(edge))]
            )
            mounts.append(ring.moved(shift(*spot) @ turn("y", edge + 90)))
    hole = finger(inner_diameter, 40)
    metal = seated(cut(unite(*mounts), [hole]), [jade])
    return Model(
        (Part(f"metal:{alloy} mounts", metal), Part("stone:jadeite bangle cabochon", jade)),
        inner_diameter,
    )


def pearl_drops(*, alloy: str, pearl: float = 9.0) -> Model:
    """A brilliant at the ear, a bar, a pearl that swings."""
    orb, gem = bead(pearl, drill=0.9, depth=0.5), brilliant(3.2)
    top = [
        part.moved(FACING)
        for part in (
            *claws(4, 1.6, 0.7, (0.7, -1.9), 45),
            torus(0.8, 0.36, -1.9),
            torus(1.25, 0.26, -0.9),
        )
    ]
    eye = torus(0.75, 0.25, segments=40, sides=12).moved(shift(0, 0.9, -2.35) @ turn("x", 90))
    stud = seated(
        unite(*top, eye, ball(0.6).moved(shift(0, 1.95, 0)), ear_post().moved(shift(0, 1.9, 0))),
        [gem.moved(FACING)],
    )
    hang = -2.35 - 0.75 - 0.5
    bar = wire(np.array([(0, 0.9, hang - 0.9), (0, 0.9, hang - 12.4)]), 0.42, sides=20)
    ring = torus(0.8, 0.25, segments=40, sides=12).moved(shift(0, 0.9, hang - 0.1) @ turn("y", 90))
    centre = shift(0, 0.9, hang - 12.2 - pearl / 2) @ turn("x", 180)
    cap_t = np.linspace(np.radians(-89), np.radians(-52), 16)
    cap_line = np.column_stack([np.cos(cap_t), np.sin(cap_t)])
    cap = turned(
        np.vstack([cap_line * (pearl / 2 + 0.4), cap_line[::-1] * (pearl / 2 - 0.2)]), segments=64
    )
    peg = wire(
        np.array([(0, 0, -pearl / 2 - 0.8), (0, 0, -pearl / 2 + 0.4 * pearl)]), 0.42, sides=16
    )
    drop = seated(
        unite(bar, ring, *(part.moved(centre) for part in (cap, peg))), [orb.moved(centre)]
    )
    places = (shift(-9), shift(9))
    return Model(
        (
            Part(f"metal:{alloy} studs", stud, places),
            Part(f"metal:{alloy} drops", drop, places),
            Part(f"metal:{alloy} butterflies", butterfly(at=9.2), places),
            Part("stone:diamond studs", gem, tuple(p @ FACING for p in places)),
            Part("stone:pearl-white drops", orb, tuple(p @ centre for p in places)),
        )
    )


def ping_an_disc(*, alloy: str, diameter: float = 24.0, hole: float = 6.5) -> Model:
    """The disc of peace: jadeite on a gold loop, a pavé bail."""
    jade = disc(diameter, hole, 5.0).moved(FACING)
    wall, spark = (diameter - hole) / 4, melee(1.3)
    middle = diameter / 2 - wall
    loop = wire(_loop(middle, wall), 0.62, sides=20, closed=True)
    top = diameter / 2 + 1.35
    hang = bail(6.2, 3.2, 3.0).moved(shift(0, 0, top - 1.0))
    ring = jump_ring(3.0, 0.7).moved(shift(0, 0, top) @ turn("y", 90))
    cup = bezel(ellipse(0.65, 0.65, 48), wall=0.34, depth=1.0, lip=0.15)
    spot = FACING @ shift(0, diameter / 2 + 0.4, 2.75)
    front = seated(unite(loop, cup.moved(spot)), [jade, spark.moved(spot)])
    return Model(
        (
            Part(f"metal:{alloy} loop", front),
            Part(f"metal:{alloy} bail", unite(hang, ring)),
            Part("stone:jadeite disc cabochon", jade),
            Part("stone:diamond spark", spark, (spot,)),
        )
    )


def _loop(middle: float, wall: float) -> np.ndarray:
    """A closed loop in YZ around the disc's upper limb."""
    t = np.radians(np.arange(96) * 3.75)
    return np.column_stack([0 * t, 2.95 * np.sin(t), middle + (wall + 0.45) * np.cos(t)])


PIECES = (
    Piece("CY-101", "ring", jade_cabochon_ring, {"alloy": "gold-750-yellow"}),
    Piece("CY-102", "ring", pearl_ring, {"alloy": "gold-750-white"}),
    Piece("CY-201", "bangle", jade_bangle, {"alloy": "gold-750-yellow"}),
    Piece("CY-202", "earrings", pearl_drops, {"alloy": "gold-750-white"}),
    Piece("CY-301", "pendant", ping_an_disc, {"alloy": "gold-750-yellow"}),
)
