"""Lanyue of Shuibei: diamonds, moon and tide."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.findings import bail, butterfly, ear_post
from showroom.atelier.links import line_link, line_places
from showroom.atelier.loft import ball, band, ellipse, wire
from showroom.atelier.mesh import on_band, shift, turn
from showroom.atelier.model import Model, Part, Piece
from showroom.atelier.motifs.wave import surf, wave_band
from showroom.atelier.outline import circle, eased, relief, without
from showroom.atelier.profiles import flat, knife_edge
from showroom.atelier.rings import US6, finger, shank
from showroom.atelier.settings import basket, bezel, claws, drill, seated, torus
from showroom.atelier.stones import brilliant
from showroom.atelier.stones.brilliant import melee

FACING = turn("x", 90)  # from the drawing board (XY, facing +Z) to hanging, facing -Y


def solitaire(*, alloy: str, inner_diameter: float = US6, stone: float = 6.5) -> Model:
    """A six-claw head on a knife-edge shank."""
    gem = brilliant(stone)
    depth = 0.56 * stone
    up = shift(z=inner_diameter / 2 + depth + 0.85)
    head = cut(unite(*basket(stone / 2, depth, thickness=1.0)).moved(up), [finger(inner_diameter)])
    body = shank(knife_edge, inner_diameter, bottom=(2.0, 1.5), top=(2.2, 2.05))
    metal = seated(unite(body, head), [gem.moved(up)])
    return Model(
        (Part(f"metal:{alloy} ring", metal), Part("stone:diamond centre", gem, (up,))),
        inner_diameter,
    )


def halo(
    *, alloy: str, inner_diameter: float = US6, stone: float = 5.2, small: float = 1.25
) -> Model:
    """A four-claw centre in a halo of melee, and a pavé row down either shoulder."""
    gem, dot = brilliant(stone), melee(small)
    up = shift(z=inner_diameter / 2 + 3.75)
    count = int(np.ceil(np.pi * (stone + small + 0.4) / (small + 0.12)))
    radius = count * (small + 0.12) / (2 * np.pi)
    ring = [up @ turn("z", 360 / count * i) @ shift(radius, 0, -0.05) for i in range(count)]
    wall = (small + 0.5) / 2
    gallery = bezel(ellipse(radius, radius, 128), wall=wall, ledge=wall, depth=1.0, lip=0.06)
    grains = [
        ball(0.17, segments=14).moved(
            up @ turn("z", 360 / count * (i + 0.5)) @ shift(radius + off, 0, 0.1)
        )
        for i in range(count)
        for off in (0.52 * small, -0.5 * small)
    ]
    head = [
        *(
            part.moved(up)
            for part in (
                *claws(4, stone / 2, 0.95, (1.2, -2.9), 45),
                gallery,
                torus(1.4, 0.5, -2.7),
            )
        ),
        *(
            wire(np.array([(1.4, 0, -2.7), (radius, 0, -0.7)]), 0.42).moved(up @ turn("z", a))
            for a in (22, 68, 112, 158, 202, 248, 292, 338)
        ),
    ]
    body = shank(flat, inner_diameter, bottom=(1.9, 1.64), top=(2.1, 1.72))
    shoulder = [
        on_band(inner_diameter / 2 + 1.66, side * (27 + 8.6 * i))
        for side in (-1, 1)
        for i in range(6)
    ]
    beads = [
        ball(0.17, segments=14).moved(
            on_band(inner_diameter / 2 + 1.72, side * (27 + 8.6 * (i - 0.5)), y)
        )
        for side in (-1, 1)
        for i in range(7)
        for y in (0.55, -0.55)
    ]
    metal = unite(body, *beads, cut(unite(*head), [finger(inner_diameter)]), *grains)
    smalls = (*ring, *shoulder)
    metal = seated(
        metal,
        [gem.moved(up), *(dot.moved(place) for place in smalls)],
        [drill(0.33 * small, 3.0).moved(place) for place in smalls],
    )
    return Model(
        (
            Part(f"metal:{alloy} ring", metal),
            Part("stone:diamond centre", gem, (up,)),
            Part("stone:diamond halo", dot, tuple(ring)),
            Part("stone:diamond shoulder", dot, tuple(shoulder)),
        ),
        inner_diameter,
    )


def eternity(*, alloy: str, inner_diameter: float = US6, stone: float = 2.4) -> Model:
    """Stones all the way round in shared claws over a scooped band."""
    gem = melee(stone)
    seat = inner_diameter / 2 + 1.85
    count = int(2 * np.pi * seat / (stone + 0.09))
    places = [on_band(seat, 360 / count * i) for i in range(count)]
    claw = wire(np.array([(0, 0, -1.3), (0, 0, 0.28)]), 0.36, sides=18)
    shared = [
        claw.moved(on_band(seat, 360 / count * (i + 0.5)) @ shift(y=y) @ turn("x", np.sign(y) * 7))
        for i in range(count)
        for y in (0.37 * stone, -0.37 * stone)
    ]
    base = band(flat(2.35, 1.25, 0.2), inner_diameter, segments=count * 12)
    scoops = [drill(0.30 * stone, 3.5).moved(place) for place in places]
    metal = seated(unite(base, *shared), [gem.moved(place) for place in places], scoops)
    return Model(
        (Part(f"metal:{alloy} band", metal), Part("stone:diamond row", gem, tuple(places))),
        inner_diameter,
    )


def tide_band(
    *, alloy: str, inner_diameter: float = US6, width: float = 6.2, crests: int = 7
) -> Model:
    """All metal: three ridges that swell and break around the finger."""
    metal = band(wave_band(width, 2.3, crests), inner_diameter, segments=448)
    return Model((Part(f"metal:{alloy} band", metal),), inner_diameter)


def studs(*, alloy: str, stone: float = 4.3) -> Model:
    """Four-claw studs with posts and butterflies."""
    gem = brilliant(stone)
    depth = 0.6 * stone
    head = unite(*basket(stone / 2, depth, count=4, thickness=0.8, start=45)).moved(FACING)
    stud = seated(
        unite(head, ball(0.75).moved(shift(0, depth, 0)), ear_post().moved(shift(0, depth, 0))),
        [gem.moved(FACING)],
    )
    places = (shift(-9), shift(9))
    return Model(
        (
            Part(f"metal:{alloy} studs", stud, places),
            Part(f"metal:{alloy} butterflies", butterfly(at=depth + 8.6), places),
            Part("stone:diamond studs", gem, tuple(place @ FACING for place in places)),
        )
    )


def moonrise(*, alloy: str, stone: float = 3.4) -> Model:
    """A crescent over three scrolls of surf, a diamond for the moon's light."""
    crescent = relief(
        eased(without(circle(0, 0, 8.6), circle(2.4, 2.2, 7.2)), 0.22), 1.2, edge=0.5, dome=0.7
    )
    gem = brilliant(stone)
    at = shift(1.1, 2.4, 2.0)
    head = [part.moved(at) for part in basket(stone / 2, 1.6, count=4, thickness=0.7, start=0)]
    crests = [
        surf(5.4 + 0.4 * k, 1.25).moved(shift(-5.6 + 3.3 * k, -5.3 - 0.15 * k, 1.9))
        for k in range(3)
    ]
    swell = wire(_swell(), 0.6, sides=16)
    arm = wire(np.array([(-5.3, 4.6, 0.8), (-2.2, 3.6, 0.75), (1.1, 2.4, 0.5)]), 0.45, sides=16)
    loop = torus(1.1, 0.38).moved(shift(-1.1, 9.1, 0.75))
    board = unite(crescent, swell, arm, loop, *crests, *head)
    metal = seated(board, [gem.moved(at)]).moved(FACING)
    hang = bail(5.2, 2.6, 2.4).moved(shift(-1.1, -0.75, 9.6))
    return Model(
        (
            Part(f"metal:{alloy} pendant", metal),
            Part(f"metal:{alloy} bail", hang),
            Part("stone:diamond moonlight", gem, (FACING @ at,)),
        )
    )


def _swell() -> np.ndarray:
    x = np.linspace(-5.9, 7.4, 90)
    y = -5.7 + 0.4 * np.sin(1.9 * (x + 6.8))
    return np.column_stack([x, y, np.full(90, 1.7)])


def line_bracelet(*, alloy: str, stone: float = 3.0, length: float = 172.0) -> Model:
    """Forty-odd four-claw links on pins: it closes into an oval and drapes over a wrist."""
    gem = melee(stone)
    places = line_places(length, pitch=stone + 0.85)
    link = seated(line_link(stone), [gem])
    return Model(
        (
            Part(f"metal:{alloy} links", link, tuple(places)),
            Part("stone:diamond line", gem, tuple(places)),
        )
    )


PIECES = (
    Piece("LY-101", "ring", solitaire, {"alloy": "platinum-950", "stone": 6.5}),
    Piece("LY-102", "ring", halo, {"alloy": "gold-750-white", "stone": 5.2}),
    Piece("LY-103", "ring", eternity, {"alloy": "gold-750-rose", "stone": 2.4}),
    Piece("LY-104", "ring", tide_band, {"alloy": "gold-750-yellow", "width": 6.2}),
    Piece("LY-201", "earrings", studs, {"alloy": "gold-750-white", "stone": 4.3}),
    Piece("LY-301", "pendant", moonrise, {"alloy": "gold-750-yellow", "stone": 3.4}),
    Piece("LY-401", "bracelet", line_bracelet, {"alloy": "gold-750-white", "stone": 3.0}),
)
