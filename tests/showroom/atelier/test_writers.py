"""Files: the same bytes each time, and other programs read the same piece out of them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import cascadio
import numpy as np
import pytest
import rhino3dm
import trimesh

from showroom.atelier import FORMATS, piece, write
from showroom.atelier.errors import UnknownFormat

PIECE = piece("LY-104")
GEM_SET = piece("LY-101")


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("3dm", "step")])
def test_the_same_piece_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    first = write(GEM_SET, tmp_path / "a", form)
    second = write(GEM_SET, tmp_path / "b", form)
    assert first.read_bytes() == second.read_bytes()
    assert first.name == f"LY-101.{form}"


@pytest.mark.parametrize("form", ["stl", "ply", "3mf"])
def test_a_reader_finds_the_piece_at_its_size_in_mm(form: str, tmp_path: Path) -> None:
    read = trimesh.load(write(GEM_SET, tmp_path, form))
    assert read.bounds == pytest.approx(GEM_SET.build().bounds, abs=1e-4)


def test_obj_is_in_mm_and_standing_up(tmp_path: Path) -> None:
    read = trimesh.load(write(GEM_SET, tmp_path, "obj"))
    low, high = GEM_SET.build().bounds
    assert read.bounds[0] == pytest.approx([low[0], low[2], -high[1]], abs=1e-4)
    assert read.bounds[1] == pytest.approx([high[0], high[2], -low[1]], abs=1e-4)


def test_glb_is_in_metres_standing_up_and_named(tmp_path: Path) -> None:
    read = trimesh.load(write(GEM_SET, tmp_path, "glb"))
    low, high = GEM_SET.build().bounds / 1000
    assert read.bounds[0] == pytest.approx([low[0], low[2], -high[1]], abs=1e-7)
    assert read.bounds[1] == pytest.approx([high[0], high[2], -low[1]], abs=1e-7)
    assert set(read.geometry) == {"metal:platinum-950 ring", "stone:diamond centre"}


def test_glb_keeps_repeated_stones_as_instances(tmp_path: Path) -> None:
    raw = write(piece("LY-103"), tmp_path, "glb").read_bytes()
    (length,) = struct.unpack_from("<I", raw, 12)
    gltf = json.loads(raw[20 : 20 + length])
    assert len(gltf["meshes"]) == 2
    placed = [node for node in gltf["nodes"] if "matrix" in node]
    assert len(placed) == piece("LY-103").build().stones[0].count


def test_obj_names_objects_and_materials(tmp_path: Path) -> None:
    path = write(GEM_SET, tmp_path, "obj")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("o ")] == [
        "o metal:platinum-950 ring",
        "o stone:diamond centre",
    ]
    assert "newmtl diamond" in path.with_suffix(".mtl").read_text(encoding="utf-8")


def test_3dm_holds_layers_millimetres_and_blocks(tmp_path: Path) -> None:
    file = rhino3dm.File3dm.Read(str(write(piece("LY-103"), tmp_path, "3dm")))
    assert file.Settings.ModelUnitSystem == rhino3dm.UnitSystem.Millimeters
    assert [layer.Name for layer in file.Layers] == [
        "metal:gold-750-rose band",
        "stone:diamond row",
    ]
    kinds = [type(item.Geometry).__name__ for item in file.Objects]
    assert kinds.count("InstanceReference") == piece("LY-103").build().stones[0].count


def test_3dm_holds_the_same_geometry_on_every_run(tmp_path: Path) -> None:
    clouds = []
    for folder in ("a", "b"):
        file = rhino3dm.File3dm.Read(str(write(PIECE, tmp_path / folder, "3dm")))
        mesh = file.Objects[0].Geometry
        clouds.append(np.array([(p.X, p.Y, p.Z) for p in mesh.Vertices]))
    assert np.array_equal(clouds[0], clouds[1])


def test_step_opens_in_a_cad_kernel_as_a_named_solid(tmp_path: Path) -> None:
    path = write(piece("HE-102"), tmp_path, "step", segments=24)
    cascadio.step_to_glb(str(path), str(tmp_path / "out.glb"))
    read = trimesh.load(tmp_path / "out.glb")
    assert list(read.geometry) == ["metal:gold-750-yellow band"]
    assert np.ptp(read.bounds, axis=0).min() == pytest.approx(0.004, abs=1e-5)
    assert path.read_bytes() == write(piece("HE-102"), tmp_path, "step", segments=24).read_bytes()


def test_an_unknown_format_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        write(PIECE, tmp_path / "out", "dwg")
    assert not (tmp_path / "out").exists()
