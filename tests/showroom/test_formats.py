"""Every reader gives the same scene: named parts, instances as instances, units if stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from showroom.atelier import FORMATS, piece, write
from showroom.errors import (
    DamagedFile,
    NothingToShow,
    OutsideFile,
    TooLarge,
    TooMuchMemory,
    UnknownFormat,
)
from showroom.limits import Limits
from showroom.sandbox import load
from tests.showroom.workpieces import (
    ring_with_stones,
    torus,
    write_3dm,
    write_bare_obj,
    write_obj,
    write_stl,
)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "step"])
@pytest.mark.parametrize("code", ["LY-102", "SM-201", "CY-201"])
def test_a_set_piece_is_read_whole_from_every_format(code: str, form: str, tmp_path: Path) -> None:
    truth = piece(code).build()
    read_as, scene = load(write(piece(code), tmp_path, form))
    assert read_as == form.upper()
    assert scene.triangles == truth.triangles
    millimetres = 1000 if form == "glb" else 1  # glTF counts in metres
    sides = sorted(side * millimetres for side in scene.extents())
    assert sides == pytest.approx(sorted(truth.bounds[1] - truth.bounds[0]), abs=0.006)


def test_an_obj_of_numbers_alone_is_read_whole_and_states_no_unit(tmp_path: Path) -> None:
    form, scene = load(write_bare_obj(tmp_path / "heart.obj", torus(inner=50)))
    assert (form, scene.unit, scene.triangles) == ("OBJ", "", len(torus(inner=50).faces))
    assert scene.extents() == pytest.approx((54, 54, 2), abs=0.05)


def test_a_rhino_block_stays_one_mesh_placed_three_times(tmp_path: Path) -> None:
    source = ring_with_stones(3)
    form, scene = load(write_3dm(tmp_path / "ring.3dm", source))
    assert (form, scene.unit, scene.up) == ("3DM", "mm", "z")
    assert [(part.name, part.count) for part in scene.parts] == [
        ("metal:gold-750-yellow band", 1),
        ("stone:diamond row", 3),
    ]
    assert np.allclose(scene.parts[1].transforms, source.parts[1].transforms, atol=1e-6)


def test_a_hidden_rhino_layer_is_left_out_and_said_so(tmp_path: Path) -> None:
    import rhino3dm

    path = write_3dm(tmp_path / "ring.3dm", ring_with_stones(1))
    model = rhino3dm.File3dm.Read(str(path))
    model.Layers[1].Visible = False
    model.Write(str(path), 7)
    _, scene = load(path)
    assert [part.name for part in scene.parts] == ["metal:gold-750-yellow band"]
    assert scene.notes == ("1 hidden objects were left out.",)


def test_obj_groups_become_parts_and_a_comment_names_the_unit(tmp_path: Path) -> None:
    _, scene = load(write_obj(tmp_path / "ring.obj", ring_with_stones(2)))
    assert scene.unit == "mm"
    assert [part.name for part in scene.parts] == [
        "metal:gold-750-yellow band",
        "stone:diamond row",
    ]
    assert scene.triangles == ring_with_stones(2).triangles


def test_obj_polygons_negative_numbers_and_textures_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "square.obj"
    path.write_text(
        "v 0 0 0\nv 1 0 0\nv 1 1 1\nv 0 1 0\nvt 0 0\nf -4/1 -3/1 -2/1 -1/1\nf 1//1 2 3\n"
    )
    _, scene = load(path)
    assert scene.parts[0].name == "square"
    assert scene.geometries[0].faces.tolist() == [[0, 1, 2], [0, 2, 3], [0, 1, 2]]


def test_ascii_and_binary_stl_of_one_piece_are_the_same_scene(tmp_path: Path) -> None:
    mesh = torus(around=8, across=6)
    _, binary = load(write_stl(tmp_path / "b.stl", mesh))
    lines = ["solid piece"]
    for triangle in mesh.positions[mesh.faces]:
        corners = "\n".join(f"vertex {x!r} {y!r} {z!r}" for x, y, z in triangle.tolist())
        lines.append(f"facet normal 0 0 0\nouter loop\n{corners}\nendloop\nendfacet")
    (tmp_path / "a.stl").write_text("\n".join([*lines, "endsolid"]))
    _, text = load(tmp_path / "a.stl")
    assert np.array_equal(text.geometries[0].positions, binary.geometries[0].positions)
    assert np.array_equal(text.geometries[0].faces, binary.geometries[0].faces)
    assert len(binary.geometries[0].positions) == 48


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NothingToShow),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 200, UnknownFormat),
        (b"# points only\nv 0 0 0\nv 1 0 0\nv 1 1 0\nl 1 2 3\n", NothingToShow),
        (b"v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 9\n", DamagedFile),
        (b"v 0 0 0\nv 1 nan 0\nv 1 1 0\nf 1 2 3\n", DamagedFile),
        (b"solid x\nendsolid x\n", NothingToShow),
        (b"3D Geometry File Format " + b"\0" * 500, DamagedFile),
        (b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nend_header\n", DamagedFile),
        (b"ISO-10303-21;\nHEADER;\n", DamagedFile),
        (b"PK\x03\x04" + b"\0" * 100, DamagedFile),
        (b'{"asset":{"version":"2.0"}}', NothingToShow),
        (
            b'{"asset":{"version":"2.0"},"buffers":[{"byteLength":9,"uri":"../../etc/passwd"}],'
            b'"bufferViews":[{"buffer":0,"byteLength":9}],'
            b'"accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"}],'
            b'"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"nodes":[{"mesh":0}]}',
            OutsideFile,
        ),
        (
            b'{"asset":{"version":"2.0"},"accessors":[{"componentType":5126,"count":900000000,'
            b'"type":"VEC3"}],"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],'
            b'"nodes":[{"mesh":0}]}',
            TooLarge,
        ),
    ],
)
def test_a_hostile_file_is_refused_by_name(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "upload.bin"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        load(path)
    assert type(caught.value) is error


def test_a_truncated_stl_is_refused_not_taken_for_an_empty_scene(tmp_path: Path) -> None:
    path = write_stl(tmp_path / "cut.stl", torus())
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(DamagedFile, match="its length does not match"):
        load(path)


def test_reading_may_not_take_more_memory_than_allowed(tmp_path: Path) -> None:
    path = write_stl(tmp_path / "large.stl", torus(around=1200, across=600))
    with pytest.raises(TooMuchMemory):
        load(path, Limits(memory_bytes=230 << 20))
