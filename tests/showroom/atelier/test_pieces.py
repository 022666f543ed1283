"""The 24 pieces: closed, seated, at true scale, within the viewer's budget."""

from __future__ import annotations

import numpy as np
import pytest

from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS, STONE_KINDS
from showroom.atelier import PIECES, Piece, piece
from showroom.atelier.booleans import bodies, gap, shared_volume, unite
from showroom.atelier.errors import UnknownPiece
from showroom.atelier.rings import us_diameter

EVERY = pytest.mark.parametrize("design", PIECES, ids=lambda design: design.code)
RINGS = [design for design in PIECES if design.kind == "ring"]


def test_there_are_24_pieces_of_known_kinds_under_their_own_codes() -> None:
    assert len({design.code for design in PIECES}) == 24
    assert {design.kind for design in PIECES} <= set(PIECE_KINDS)


@EVERY
def test_every_part_is_a_closed_solid_with_a_name_that_says_what_it_is(design: Piece) -> None:
    for part in design.build().parts:
        assert part.mesh.is_closed, part.name
        assert part.mesh.volume > 0
        known = ALLOYS if part.role == "metal" else STONE_KINDS
        assert part.material in known


@EVERY
def test_a_piece_is_fine_enough_to_look_at_and_light_enough_to_send(design: Piece) -> None:
    assert 10_000 <= design.build().triangles <= 120_000


@EVERY
def test_stones_touch_metal_and_take_no_room_from_it(design: Piece) -> None:
    model = design.build()
    metal = [part.mesh.moved(part.places[0]) for part in model.parts if part.role == "metal"]
    for part in (part for part in model.parts if part.role == "stone"):
        stone = part.mesh.moved(part.places[0])
        assert min(gap(body, stone) for body in metal) < 0.03, part.name
        assert sum(shared_volume(body, stone) for body in metal) < 0.001 * stone.volume, part.name


@EVERY
def test_metal_hangs_together(design: Piece) -> None:
    for part in design.build().parts:
        if part.role == "metal" and design.kind not in ("bangle", "earrings"):
            assert bodies(part.mesh) == 1, part.name


@pytest.mark.parametrize("design", RINGS, ids=lambda design: design.code)
@pytest.mark.parametrize("size", [5, 8])
def test_a_ring_has_the_inner_diameter_of_its_size(design: Piece, size: int) -> None:
    wanted = us_diameter(size)
    model = design.build(inner_diameter=wanted)
    metal = unite(*(part.laid_out() for part in model.parts if part.role == "metal"))
    inside = np.hypot(metal.vertices[:, 0], metal.vertices[:, 2]).min() * 2
    # a polygon of 256 sides, cut where a head was cleared: 3 µm is its sagitta
    assert inside == pytest.approx(wanted, abs=0.01)
    assert model.inner_diameter == wanted


def test_grams_follow_the_alloys_density() -> None:
    yellow = piece("HE-102").build(alloy="gold-750-yellow")
    platinum = piece("HE-102").build(alloy="platinum-950")
    ratio = platinum.grams["platinum-950"] / yellow.grams["gold-750-yellow"]
    assert ratio == pytest.approx(20.7 / 15.53)


def test_the_solitaire_is_a_carat_and_the_eternity_ring_gains_stones_with_its_size() -> None:
    (centre,) = piece("LY-101").build().stones
    assert (centre.kind, centre.count) == ("diamond", 1)
    assert centre.carat == pytest.approx(1.0, rel=0.01)
    small, large = (
        piece("LY-103").build(inner_diameter=us_diameter(size)).stones[0] for size in (5, 8)
    )
    assert (small.count, large.count) == (24, 27)


def test_an_unknown_code_is_refused_with_the_codes_there_are() -> None:
    with pytest.raises(UnknownPiece) as caught:
        piece("XX-1")
    assert "LY-101" in caught.value.hint
