"""The Wok-Ear House of Shunde: gold by weight, gables, kapok and bamboo."""

from __future__ import annotations

import numpy as np

from showroom.atelier.booleans import cut, unite
from showroom.atelier.findings import chain_places, hanging_loop, hinge, oval_link
from showroom.atelier.loft import band, box, ellipse, wire
from showroom.atelier.mesh import Floats, Mesh, on_band, shift, turn
from showroom.atelier.model import Model, Part, Piece
from showroom.atelier.motifs import kapok, lychee, wok_ear
from showroom.atelier.outline import eased, polygon, relief
from showroom.atelier.profiles import comfort_fit, d_shape, flat
from showroom.atelier.rings import US6, finger, shank
from showroom.atelier.settings import bezel, seated
from showroom.atelier.stones import brilliant


def gable_signet(*, alloy: str, inner_diameter: float = US6, width: float = 11.0) -> Model:
    """A signet whose face is a wok-ear wall in relief on a cushioned table."""
    top = shift(z=inner_diameter / 2 + 1.5)
    table = eased(polygon([(-6.1, -6.3), (6.1, -6.3), (6.1, 6.3), (-6.1, 6.3)]), 2.6)
    plate = relief(table, 1.25, edge=0.45, back=0.3)
    rim = relief(table.buffer(-0.5).difference(table.buffer(-0.95)), 1.55, edge=0.15)
    wall = wok_ear.gable(7.6, 8.6, 0.45).moved(shift(0, -4.3, 1.0))
    body = shank(d_shape, inner_diameter, bottom=(3.2, 1.6), top=(10.6, 2.3), spread=80)
    head = cut(unite(plate, rim, wall).moved(top), [finger(inner_diameter)])
    return Model((Part(f"metal:{alloy} signet", unite(body, head)),), inner_diameter)


def comfort_band(
    *,
    alloy: str,
    inner_diameter: float = US6,
    width: float = 4.0,
    thickness: float = 1.8,
    segments: int = 320,
) -> Model:
    """A plain comfort-fit band: the section is the design."""
    metal = band(comfort_fit(width, thickness), inner_diameter, segments=segments)
    return Model((Part(f"metal:{alloy} band", metal),), inner_diameter)


def kapok_ring(
    *, alloy: str, inner_diameter: float = US6, bloom: float = 15.0, stone: float = 3.0
) -> Model:
    """A kapok in bloom with a ruby heart, a bud's leaf on either shoulder."""
    gem = brilliant(stone)
    top = shift(z=inner_diameter / 2 + 2.1)
    heart = top @ shift(z=1.75)
    flower = kapok.flower(bloom, 0.75, heart=stone / 2 + 0.55, stamens=30)
    cup = bezel(ellipse(stone / 2, stone / 2), wall=0.42, depth=1.5, lip=0.28)
    foot = wire(np.array([(0, 0, -2.2), (0, 0, 0.3)]), 1.6, sides=32)
    blade = lychee.leaf(7.5, 3.0, 0.7)
    leaves = [
        blade.moved(
            on_band(inner_diameter / 2 + 1.5, side * 18)
            @ turn("z", 0 if side > 0 else 180)
            @ turn("y", 14)
        )
        for side in (-1, 1)
    ]
    head = cut(
        unite(flower.moved(top), cup.moved(heart), foot.moved(top), *leaves),
        [finger(inner_diameter)],
    )
    body = shank(d_shape, inner_diameter, bottom=(2.4, 1.5), top=(3.6, 1.7))
    metal = seated(unite(body, head), [gem.moved(heart)])
    return Model(
        (Part(f"metal:{alloy} ring", metal), Part("stone:ruby heart", gem, (heart,))),
        inner_diameter,
    )


def gable_bangle(*, alloy: str, inner_diameter: float = 58.0, width: float = 11.0) -> Model:
    """A hinged bangle with a street of gables in relief all around."""
    ring = band(flat(width, 1.5, 0.35), inner_diameter, segments=320)
    edges = [
        _hoop(inner_diameter / 2 + 1.45, y, 0.62) for y in (-width / 2 + 0.62, width / 2 - 0.62)
    ]
    count = 22
    gable = wok_ear.gable(7.0, 7.4, 0.35, fine=False).moved(shift(0, -3.75, 0))
    house = _bent(gable, inner_diameter / 2 + 1.35)
    houses = [house.moved(turn("y", 360 / count * i)) for i in range(count)]
    body = unite(ring, *edges, *houses)
    saw = box(0.12, width + 4, 9.0)
    body = cut(
        body,
        [saw.moved(on_band(inner_diameter / 2 + 1, side * 360 / count * 5.5)) for side in (-1, 1)],
    )
    knuckle = hinge(width - 1.2, 1.15).moved(on_band(inner_diameter / 2 + 1.7, 360 / count * 5.5))
    catch = hinge(width * 0.45, 1.0).moved(on_band(inner_diameter / 2 + 1.6, -360 / count * 5.5))
    clear = finger(inner_diameter, 60)
    metal = unite(body, cut(unite(knuckle, catch), [clear]))
    return Model((Part(f"metal:{alloy} bangle", metal),), inner_diameter)


def _hoop(radius: float, y: float, thick: float) -> Mesh:
    t = np.radians(np.arange(240) * 1.5)
    return wire(
        np.column_stack([radius * np.sin(t), np.full(240, y), radius * np.cos(t)]),
        thick,
        sides=16,
        closed=True,
    )


def _bent(mesh: Mesh, radius: float) -> Mesh:
    """A flat relief (XY, facing +Z) wrapped onto a cylinder about Y: X becomes arc."""
    angle = mesh.vertices[:, 0] / radius
    reach = radius + mesh.vertices[:, 2]
    return Mesh(
        np.column_stack([reach * np.sin(angle), mesh.vertices[:, 1], reach * np.cos(angle)]),
        mesh.faces,
    )


def bamboo_bangle(*, alloy: str, inner_diameter: float = 56.0, thickness: float = 4.6) -> Model:
    """An open bangle of bamboo: seven joints, a leaf pair, ball ends."""
    t = np.radians(np.linspace(18, 342, 560))
    radius = inner_diameter / 2 + thickness / 2
    path = np.column_stack([radius * np.sin(t), 0 * t, radius * np.cos(t)])
    joint = (np.linspace(0, 7, 560) + 0.5) % 1.0 - 0.5
    swell = 0.86 + 0.07 * (2 * np.abs(joint)) ** 0.0 * np.exp(-((joint / 0.16) ** 2))
    ring = 0.14 * np.exp(-((joint / 0.016) ** 2)) - 0.07 * np.exp(
        -(((np.abs(joint) - 0.04) / 0.014) ** 2)
    )
    stem = wire(path, thickness / 2 * np.clip(swell + ring, 0.7, 1.0), sides=40)
    blade = lychee.leaf(13.0, 3.6, 0.9)
    leaves = [
        blade.moved(on_band(radius + thickness * 0.38, at) @ turn("z", a) @ turn("y", 10))
        for at, a in ((-62, 12), (-60, 160), (-63, -28))
    ]
    leaves = [_hug(leaf, radius + thickness * 0.42) for leaf in leaves]
    return Model((Part(f"metal:{alloy} bangle", unite(stem, *leaves)),), inner_diameter)


def _hug(mesh: Mesh, radius: float) -> Mesh:
    """Pull a leaf that sticks out straight back to the bangle's curve."""
    r = np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 2])
    low = r.min()
    factor = (radius + 0.45 * (r - low)) / r
    return Mesh(mesh.vertices * np.column_stack([factor, np.ones_like(r), factor]), mesh.faces)


def cable_chain(
    *,
    alloy: str,
    length: float = 450.0,
    link: float = 3.4,
    width: float = 2.5,
    thickness: float = 0.62,
) -> Model:
    """A cable chain as it hangs: round the neck, a catenary in front, every link through two."""
    curve: Floats = hanging_loop(length, 118.0)
    one = oval_link(link, width, thickness, points=24, sides=8)
    places = chain_places(curve, link - 2 * thickness - 0.03)
    return Model((Part(f"metal:{alloy} links", one, tuple(places)),))


PIECES = (
    Piece("HE-101", "ring", gable_signet, {"alloy": "gold-916"}),
    Piece("HE-102", "ring", comfort_band, {"alloy": "gold-750-yellow"}),
    Piece("HE-103", "ring", kapok_ring, {"alloy": "gold-750-rose"}),
    Piece("HE-201", "bangle", gable_bangle, {"alloy": "gold-999"}),
    Piece("HE-202", "bangle", bamboo_bangle, {"alloy": "gold-916"}),
    Piece("HE-401", "chain", cable_chain, {"alloy": "gold-750-yellow"}),
)
