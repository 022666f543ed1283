"""A piece of several files: a folder or a ZIP, and archives that mean no good."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from showroom import files, sandbox
from showroom.__main__ import main
from showroom.atelier import piece, write
from showroom.errors import (
    DamagedFile,
    LockedArchive,
    MissingFile,
    NestedArchive,
    NothingToShow,
    OutsideFile,
    SeveralPieces,
    TooLarge,
    TooSlow,
    UnknownFormat,
    Unreadable,
)
from showroom.limits import DEFAULTS
from showroom.sandbox import load
from tests.showroom.workpieces import ring_with_stones, torus, write_obj, write_stl

RUBY = "newmtl ruby\nKd 0.6 0.05 0.1\nmap_Kd red.png\nnewmtl gold\nKd 1 0.76 0.33\n"
EMPTY_ZIP = b"PK\x03\x04" + b"\0" * 60


def _small_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("ring.stl", b"x")
    return held.getvalue()


SMALL_ZIP = _small_zip()


def obj_set(folder: Path) -> Path:
    """A folder with an OBJ whose MTL names what its groups are made of, and a texture."""
    folder.mkdir()
    path = write_obj(folder / "ring.obj", ring_with_stones(1))
    text = path.read_text().replace("g metal:gold-750-yellow band", "g a\nusemtl gold")
    text = text.replace("g stone:diamond row", "g b\nusemtl ruby")
    path.write_text("mtllib ring.mtl\n" + text)
    (folder / "ring.mtl").write_text(RUBY)
    (folder / "red.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


def gltf_set(folder: Path) -> Path:
    """A folder with a glTF, its buffer and a picture, in folders below."""
    (folder / "data").mkdir(parents=True)
    mesh = torus(around=48, across=12)
    points, faces = mesh.positions / 1000, mesh.faces
    (folder / "data" / "ring.bin").write_bytes(points.tobytes() + faces.tobytes())
    (folder / "data" / "gold.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    document = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": points.nbytes + faces.nbytes, "uri": "data/ring.bin"}],
        "bufferViews": [
            {"buffer": 0, "byteLength": points.nbytes},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": faces.nbytes},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3"},
            {"bufferView": 1, "componentType": 5125, "count": faces.size, "type": "SCALAR"},
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "nodes": [{"mesh": 0, "name": "gold band"}],
        "images": [{"uri": "data/gold.png"}],
    }
    (folder / "ring.gltf").write_text(json.dumps(document))
    return folder


def zipped(folder: Path, path: Path, *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The folder's files in a ZIP, the last first."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted(folder.rglob("*"), reverse=True):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return path


def archive_of(path: Path, contents: dict[str, bytes]) -> Path:
    """A ZIP with these files, whatever their names."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_obj_and_mtl_keeps_names_and_colours(tmp_path: Path) -> None:
    form, scene = load(zipped(obj_set(tmp_path / "set"), tmp_path / "ring.zip"))
    assert form == "ZIP"
    assert scene.notes[0] == "ring.obj was read out of the archive as OBJ."
    assert [part.labels for part in scene.parts] == [("a", "gold"), ("b", "ruby")]
    assert scene.parts[1].colour == pytest.approx((0.6**2.2, 0.05**2.2, 0.1**2.2, 1.0))


def test_a_zip_of_gltf_buffer_and_picture_is_read_whole(tmp_path: Path) -> None:
    form, scene = load(zipped(gltf_set(tmp_path / "set"), tmp_path / "ring.zip"))
    assert (form, scene.triangles) == ("ZIP", 48 * 12 * 2)
    assert scene.parts[0].labels == ("gold band",)


# A kernel takes a minute for a STEP file of fifty thousand flat faces.
STEP = pytest.param("step", marks=pytest.mark.long)


@pytest.mark.parametrize("form", [STEP, "3dm", "3mf", "ply", "stl", "glb"])
def test_a_zip_of_one_file_alone_is_that_file(tmp_path: Path, form: str) -> None:
    source = write(piece("HE-102"), tmp_path / "set", form)
    _, alone = load(source)
    _, scene = load(zipped(tmp_path / "set", tmp_path / "ring.zip"))
    assert (scene.triangles, scene.unit) == (alone.triangles, alone.unit)


def test_a_folder_and_its_zips_have_one_digest(tmp_path: Path) -> None:
    folder = obj_set(tmp_path / "set")
    one = zipped(folder, tmp_path / "one.zip")
    two = zipped(folder, tmp_path / "two.zip", method=zipfile.ZIP_STORED)
    with zipfile.ZipFile(two, "a") as archive:
        archive.writestr("__MACOSX/._ring.obj", b"a Mac was here")
        archive.writestr(".DS_Store", b"and here")
    assert one.read_bytes() != two.read_bytes()
    settled = []
    for number, source in enumerate((folder, one, two)):
        target = tmp_path / f"settled{number}.zip"
        made = (
            files.settle_folder(source, target, DEFAULTS)
            if source.is_dir()
            else sandbox.settle(source, target)
        )
        settled.append(made.read_bytes())
    assert settled[0] == settled[1] == settled[2]
    with zipfile.ZipFile(tmp_path / "settled0.zip") as archive:
        assert archive.namelist() == ["red.png", "ring.mtl", "ring.obj"]


def test_what_is_no_set_stays_what_it_is(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "ring.stl", torus())
    assert sandbox.settle(source, tmp_path / "x.zip") == source
    mesh = write(piece("HE-102"), tmp_path / "set", "3mf")
    assert sandbox.settle(mesh, tmp_path / "x.zip") == mesh
    assert not (tmp_path / "x.zip").exists()


def test_an_archive_is_opened_by_a_limited_child_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = zipped(obj_set(tmp_path / "set"), tmp_path / "ring.zip")
    monkeypatch.setattr(zipfile, "ZipFile", None)  # in this process, not in the child
    target = tmp_path / "settled.zip"
    assert sandbox.settle(source, target) == target
    with pytest.raises(TooSlow):
        sandbox.settle(source, tmp_path / "late.zip", replace(DEFAULTS, wall_seconds=0.0))
    assert not (tmp_path / "late.zip").exists()


@pytest.mark.parametrize("packed", [False, True])
def test_the_command_builds_a_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], packed: bool
) -> None:
    source = obj_set(tmp_path / "LY-900")
    if packed:
        source = zipped(source, tmp_path / "LY-900.zip")
    out = str(tmp_path / "out")
    assert main(["build", str(source), "--out", out, "--recipe", "models", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(p["material"], p["by"]) for p in report["parts"]] == [
        ("gold-750-yellow", "name"), ("ruby", "name"),
    ]  # fmt: skip
    assert report["input"]["name"] == "LY-900.zip"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != source.name) == (
        ["LY-900", "out"] if packed else ["out"]
    )


@pytest.mark.parametrize(
    ("contents", "error"),
    [
        ({"ring.stl": b"x", "more/again.zip": b"PK\x03\x04"}, NestedArchive),
        ({"ring.stl": b"x", "../up.stl": b"x"}, OutsideFile),
        ({"ring.stl": b"x", "a\\..\\..\\up.stl": b"x"}, OutsideFile),
        ({"/etc/passwd": b"x", "ring.stl": b"x"}, OutsideFile),
        ({"C:/ring.stl": b"x"}, OutsideFile),
        ({"a.stl": b"x", "b.stl": b"x"}, SeveralPieces),
        ({"a.stl": b"x", "A.STL": b"x"}, DamagedFile),
        ({"notes.txt": b"x"}, UnknownFormat),
        ({".DS_Store": b"x"}, NothingToShow),
        ({"r.obj": b"mtllib ../m.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n"}, OutsideFile),
        ({"ring.3mf": EMPTY_ZIP}, DamagedFile),
        ({"ring.stl": SMALL_ZIP}, NestedArchive),
        ({"ring.3mf": SMALL_ZIP}, NestedArchive),
        ({"/".join("abcdefghi") + ".stl": b"x"}, DamagedFile),
    ],
)
def test_a_hostile_archive_is_refused_by_name(
    tmp_path: Path, contents: dict[str, bytes], error: type[Unreadable]
) -> None:
    path = archive_of(tmp_path / "set.zip", contents)
    with pytest.raises(error) as caught:
        load(path)
    assert type(caught.value) is error
    assert [p.name for p in tmp_path.iterdir()] == ["set.zip"]


def test_a_bomb_is_refused_before_it_unpacks_and_when_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ring.stl", b"\0" * (64 << 20))
    with pytest.raises(TooLarge, match="unpacks to far more"):
        load(path)
    small = replace(DEFAULTS, unpacked_bytes=5000)
    with pytest.raises(TooLarge):
        load(zipped(obj_set(tmp_path / "set"), tmp_path / "set.zip"), small)
    lying = bytearray(path.read_bytes())
    start = lying.rfind(b"PK\x01\x02")
    lying[start + 24 : start + 28] = (1000).to_bytes(4, "little")  # says: a thousand bytes
    path.write_bytes(lying)
    with pytest.raises((TooLarge, DamagedFile)):
        load(path)


def test_an_archive_of_very_many_files_is_refused_by_its_end_alone(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1200):
            archive.writestr(f"{number}.txt", b"")
    with pytest.raises(TooLarge, match="over 1,000 files"):
        load(path)


def test_links_and_passwords_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("ring.stl")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(OutsideFile, match="is a link"):
        load(path)
    locked = bytearray(archive_of(tmp_path / "locked.zip", {"ring.stl": b"x"}).read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(signature) + place] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    with pytest.raises(LockedArchive):
        load(tmp_path / "locked.zip")


def test_a_buffer_that_did_not_come_along_is_named(tmp_path: Path) -> None:
    folder = gltf_set(tmp_path / "set")
    (folder / "data" / "ring.bin").unlink()
    with pytest.raises(MissingFile, match=r"data/ring\.bin"):
        load(zipped(folder, tmp_path / "ring.zip"))
