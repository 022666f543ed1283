"""PLY, 3MF, STEP and compressed GLB give the scene that went in."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from showroom.errors import DamagedFile, TooLarge, TooMuchMemory
from showroom.formats import step
from showroom.limits import DEFAULTS
from showroom.sandbox import load
from tests.showroom.exports import write_3mf, write_draco, write_glb, write_ply, write_step
from tests.showroom.workpieces import gem, ring_with_stones, torus

NAMES = ["metal:gold-750-yellow band", "stone:diamond row"]


@pytest.mark.parametrize("order", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_every_form_of_ply_is_the_same_mesh(tmp_path: Path, order: str) -> None:
    mesh = gem()
    form, scene = load(write_ply(tmp_path / "gem.ply", mesh, order))
    assert form == "PLY"
    assert np.array_equal(scene.geometries[0].positions, mesh.positions)
    assert np.array_equal(scene.geometries[0].faces, mesh.faces)


def test_3mf_keeps_names_units_and_placements(tmp_path: Path) -> None:
    source = ring_with_stones(4)
    form, scene = load(write_3mf(tmp_path / "ring.3mf", source, "inch"))
    assert (form, scene.unit, scene.up) == ("3MF", "in", "z")
    assert [(part.name, part.count) for part in scene.parts] == [(NAMES[0], 1), (NAMES[1], 4)]
    assert np.allclose(scene.parts[1].transforms, source.parts[1].transforms, atol=1e-6)
    assert scene.parts[0].colour == pytest.approx((1.0, 0.68, 0.0, 1.0), abs=0.01)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "bomb.3mf"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("3D/3dmodel.model", b"<model>" + b" " * (64 << 20))
    with pytest.raises(TooLarge, match="unpacks to far more"):
        load(path)


def test_an_archive_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.3mf"
    text = '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><model>&b;</model>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("3D/3dmodel.model", text)
    with pytest.raises(DamagedFile):
        load(path)


def test_step_solids_come_in_metres_under_their_names(tmp_path: Path) -> None:
    form, scene = load(write_step(tmp_path / "ring.step", ring_with_stones(2, coarse=True)))
    assert (form, scene.unit, scene.up) == ("STEP", "m", "z")
    assert {part.name for part in scene.parts} == set(NAMES)
    assert scene.extents() * 1000 == pytest.approx((21.0, 22.98, 3.0), abs=0.01)
    assert scene.triangles == ring_with_stones(2, coarse=True).triangles


def test_a_step_file_too_large_for_its_reader_is_said_to_be_not_damaged(tmp_path: Path) -> None:
    path = write_step(tmp_path / "ring.step", ring_with_stones(2, coarse=True))
    small = replace(DEFAULTS, memory_bytes=path.stat().st_size * 20)
    with pytest.raises(TooMuchMemory, match="MB of STEP"):
        step.read(path, small)


@pytest.mark.parametrize("compressed", [False, True])
def test_our_own_glb_reads_back_as_the_same_scene(tmp_path: Path, compressed: bool) -> None:
    source = ring_with_stones(3)
    form, scene = load(write_glb(tmp_path / "r.glb", source, compressed=compressed))
    assert (form, scene.convention, scene.unit) == ("GLB", "m", "")
    assert [(part.name, part.count) for part in scene.parts] == [(NAMES[0], 1), (NAMES[1], 3)]
    assert scene.extents() == pytest.approx(source.extents(), abs=0.003)
    assert scene.triangles == source.triangles


def test_draco_geometry_is_read_within_its_own_rounding(tmp_path: Path) -> None:
    mesh = torus()
    _, scene = load(write_draco(tmp_path / "d.glb", mesh))
    assert scene.triangles == len(mesh)
    assert scene.extents() == pytest.approx((21.0, 21.0, 2.0), abs=0.004)


def test_damaged_draco_never_passes_for_a_piece(tmp_path: Path) -> None:
    path = write_draco(tmp_path / "d.glb", torus())
    blob = bytearray(path.read_bytes())
    blob[-400:-300] = bytes(100)
    path.write_bytes(blob)
    try:
        _, scene = load(path)
    except DamagedFile:
        return
    assert scene.triangles == len(torus())
    assert np.isfinite(scene.extents()).all()
