"""trimesh as the outside judge of what we compute by hand: closedness, volume, separate bodies."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from showroom.atelier import PIECES, Piece, piece
from showroom.scene import Mesh
from showroom.topology import solid
from tests.showroom.workpieces import gem, torus

HOLED = Mesh(torus().positions, torus().faces[3:])
TURNED = Mesh(torus().positions, np.concatenate([torus().faces[:1, ::-1], torus().faces[1:]]))


@pytest.mark.parametrize(
    "mesh", [torus(), gem(), HOLED, TURNED], ids=["band", "gem", "open", "turned"]
)
def test_a_solid_is_what_trimesh_says_it_is(mesh: Mesh) -> None:
    judge = trimesh.Trimesh(mesh.positions, mesh.faces, process=False)
    found = solid(mesh)
    assert (found.open_edges == 0) == (judge.is_watertight and judge.is_winding_consistent)
    assert found.pieces == judge.body_count
    if judge.is_watertight and judge.is_winding_consistent:
        assert found.volume == pytest.approx(judge.volume, rel=1e-9)


@pytest.mark.parametrize("each", PIECES[::7], ids=lambda each: each.code)
def test_trimesh_finds_a_demonstration_piece_closed_and_as_heavy(each: Piece) -> None:
    for part in piece(each.code).build().parts:
        mesh = Mesh(part.mesh.vertices.astype(np.float32), part.mesh.faces.astype(np.uint32))
        judge = trimesh.Trimesh(mesh.positions, mesh.faces, process=False)
        assert judge.is_watertight
        assert solid(mesh).volume == pytest.approx(judge.volume, rel=1e-6)
