"""The building blocks are closed, exact in their measures, and turned outwards."""

from __future__ import annotations

import numpy as np
import pytest

from showroom.atelier import profiles
from showroom.atelier.booleans import bodies, cut, gap, shared_volume, unite
from showroom.atelier.errors import NotASolid
from showroom.atelier.findings import (
    bail,
    butterfly,
    chain_places,
    ear_post,
    hanging_loop,
    oval_link,
)
from showroom.atelier.loft import ball, band, box, wire
from showroom.atelier.mesh import Mesh, shift, turn
from showroom.atelier.motifs import kapok, lion, lychee, wok_ear
from showroom.atelier.outline import circle, relief, without
from showroom.atelier.rings import us_diameter
from showroom.atelier.settings import basket, seated
from showroom.atelier.stones import brilliant


@pytest.mark.parametrize("section", ["d_shape", "comfort_fit", "flat", "knife_edge"])
def test_a_band_is_exactly_as_wide_inside_as_its_size(section: str) -> None:
    ring = band(getattr(profiles, section)(4.0, 1.8), us_diameter(7))
    radius = np.hypot(ring.vertices[:, 0], ring.vertices[:, 2])
    assert 2 * radius.min() == pytest.approx(17.3228)  # 0.682 inches
    assert np.ptp(ring.vertices[:, 1]) == pytest.approx(4.0)
    assert ring.is_closed
    assert ring.volume > 0


def test_a_flat_band_weighs_what_pappus_says() -> None:
    profile = profiles.flat(4.0, 1.8)
    x, y = profile.T
    area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    ring = band(profile, 17.0, segments=2000)
    centroid = 17.0 / 2 + 0.9
    assert ring.volume == pytest.approx(2 * np.pi * centroid * area, rel=0.01)


def test_a_box_and_a_ball_have_their_textbook_volumes() -> None:
    assert box(1, 2, 3).volume == pytest.approx(6.0)
    assert ball(2.0, segments=128).volume == pytest.approx(4 / 3 * np.pi * 8, rel=0.002)


def test_a_union_counts_the_overlap_once() -> None:
    both = unite(box(2, 2, 2), box(2, 2, 2).moved(shift(1)))
    assert both.volume == pytest.approx(12.0)
    assert cut(box(2, 2, 2), [box(1, 1, 4)]).volume == pytest.approx(6.0)


def test_an_open_surface_is_refused() -> None:
    whole = box(1, 1, 1)
    with pytest.raises(NotASolid):
        unite(Mesh(whole.vertices, whole.faces[1:]), whole)


def test_a_mirrored_solid_still_faces_outwards() -> None:
    mirrored = ball(1.0).moved(np.diag([-1.0, 1, 1, 1]))
    assert mirrored.volume == pytest.approx(ball(1.0).volume)


def test_relief_is_closed_where_its_insets_split_and_meet() -> None:
    ring = without(circle(0, 0, 5), circle(1, 0, 2))
    plate = relief(ring, 1.2, edge=0.3, dome=0.4)
    assert plate.is_closed
    assert plate.bounds[1, 2] <= 1.2 + 0.4


def test_claws_touch_their_stone_and_do_not_enter_it() -> None:
    gem = brilliant(6.5)
    head = seated(unite(*basket(3.25, 3.8)), [gem])
    assert gap(head, gem) < 0.02
    assert shared_volume(head, gem) == pytest.approx(0.0, abs=1e-9)
    assert bodies(head) == 1


def test_two_links_of_a_chain_hang_in_one_another() -> None:
    link = oval_link(3.4, 2.5, 0.62)
    curve = hanging_loop(450.0, 118.0)
    first, second = (link.moved(p) for p in chain_places(curve, 2.13)[:2])
    assert shared_volume(first, second) == pytest.approx(0.0, abs=1e-9)
    assert first.bounds[1, 0] > second.bounds[0, 0]
    assert gap(first, second) < 0.15


def test_a_hanging_loop_is_as_long_as_asked_and_lowest_in_the_middle() -> None:
    loop = hanging_loop(450.0, 118.0)
    closed = np.vstack([loop, loop[:1]])
    assert np.linalg.norm(np.diff(closed, axis=0), axis=1).sum() == pytest.approx(450.0, rel=0.001)
    assert abs(loop[np.argmin(loop[:, 2]), 0]) < 2.0


@pytest.mark.parametrize(
    "part",
    [
        bail(5, 3, 3),
        ear_post(),
        butterfly(),
        kapok.petal(7.0, 5.6, 0.7),
        lychee.leaf(6, 2.6, 0.6),
        lychee.rind(4.5, 0.7, 80),
        wok_ear.gable(7.6, 8.6),
        lion.head(),
    ],
    ids=["bail", "post", "butterfly", "petal", "leaf", "rind", "gable", "lion"],
)
def test_findings_and_motifs_are_single_closed_solids(part: Mesh) -> None:
    assert part.is_closed
    assert part.volume > 0
    assert bodies(part) == 1


def test_a_wire_keeps_its_thickness_round_a_bend() -> None:
    t = np.radians(np.arange(0, 91, 3))
    arc = np.column_stack([5 * np.cos(t), 5 * np.sin(t), 0 * t])
    bent = wire(arc, 0.5, round_ends=False, sides=48)
    assert bent.volume == pytest.approx(np.pi * 0.25 * 5 * np.pi / 2, rel=0.01)
    assert bent.moved(turn("z", 30)).volume == pytest.approx(bent.volume)
