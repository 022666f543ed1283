"""From a file to published models: all or nothing, the same bytes every time, true to size."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from showroom.__main__ import main
from showroom.atelier import piece, write
from showroom.declared import Declared, DeclaredStone, Override
from showroom.errors import Refused
from showroom.pipeline import MODELS, build
from showroom.sandbox import load
from showroom.work import Outcome
from tests.showroom.workpieces import (
    ring_with_stones,
    together,
    torus,
    write_3dm,
    write_bare_obj,
    write_stl,
)

ROOT = Path(__file__).parents[2]
REPORT = {"input", "unit", "parts", "measure", "steps", "outputs", "verdicts", "problems"}
KINDS = {"web-glb", "lod-glb", "ar-glb", "usdz", "poster", "turntable", "sprite", "size"}
SOLD = ("gold-750-yellow", "gold-750-rose", "platinum-950")


def test_a_set_ring_becomes_a_web_model_of_true_size_standing_on_the_floor(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    report = build(source, tmp_path / "out", recipe=MODELS, declared=Declared("ring", alloys=SOLD))
    _, scene = load(tmp_path / "out" / "model.glb")
    low, high = scene.bounds() * 1000
    assert (high - low) == pytest.approx((21.0, 22.98, 3.0), abs=0.01)
    assert (low[1], low[0] + high[0]) == pytest.approx((0, 0), abs=0.01)
    assert [o.kind for o in report.outputs] == [
        "web-glb", "lod-glb", "ar-glb", "usdz", "usdz", "usdz",
    ]  # fmt: skip
    assert {(part.name, part.count) for part in scene.parts} == {
        ("metal:gold-750-yellow band", 1),
        ("stone:diamond row", 3),
    }


def test_the_web_model_switches_between_every_metal_sold(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    build(source, tmp_path / "out", recipe=MODELS, declared=Declared(alloys=SOLD))
    document = _json_of(tmp_path / "out" / "model.glb")
    names = [v["name"] for v in document["extensions"]["KHR_materials_variants"]["variants"]]
    assert names == list(SOLD)
    mappings = [
        len(primitive["extensions"]["KHR_materials_variants"]["mappings"])
        for mesh in document["meshes"]
        for primitive in mesh["primitives"]
        if "extensions" in primitive
    ]
    assert mappings == [3]  # the band alone changes, the stones do not


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    for name in ("one", "two"):
        build(source, tmp_path / name, recipe=MODELS, declared=Declared(alloys=SOLD))
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    for name in ("report.json", "report.html"):  # they tell how long the steps took
        del one[name], two[name]
    assert one == two
    assert len(one) == 6


def test_the_android_model_asks_for_no_extension(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    build(source, tmp_path / "out", recipe=MODELS, declared=Declared(alloys=SOLD))
    document = _json_of(tmp_path / "out" / "model.ar.glb")
    assert "extensionsRequired" not in document


def test_measures_are_those_of_the_piece(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    stones = (DeclaredStone("diamond", 3, Decimal("0.30")),)
    declared = Declared(
        "ring", alloys=SOLD[:1], inner_diameter_mm=Decimal(17), stones=stones,
        grams={"gold-750-yellow": Decimal("2.9")},
    )  # fmt: skip
    report = build(source, tmp_path / "out", recipe=MODELS, declared=declared)
    outcomes = {verdict.name: (verdict.outcome, verdict.found) for verdict in report.verdicts}
    assert outcomes["inner diameter"] == (Outcome.PASS, "17.00 mm")
    assert outcomes["weight gold-750-yellow"] == (Outcome.PASS, "2.88 g")
    assert outcomes["carat diamond"] == (Outcome.PASS, "0.299 ct")
    assert outcomes["count diamond"] == (Outcome.PASS, "3")
    assert report.unit == "mm"


def test_a_ring_of_two_metres_is_never_shipped(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones(), unit="Meters")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "model.glb").write_text("the earlier build")
    with pytest.raises(Refused) as caught:
        build(source, tmp_path / "out", recipe=MODELS, declared=Declared("ring"))
    assert [problem.code for problem in caught.value.problems] == ["wrong_unit"]
    assert "22.98 m large" in caught.value.message
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["out"]
    assert (tmp_path / "out" / "model.glb").read_text() == "the earlier build"


@pytest.mark.parametrize(("scale", "unit"), [(1.0, "mm"), (1 / 25.4, "in"), (0.1, "cm")])
def test_a_declared_diameter_tells_the_unit_of_a_file_without_one(
    tmp_path: Path, scale: float, unit: str
) -> None:
    source = write_stl(tmp_path / "ring.stl", torus(inner=17.35), scale)
    declared = Declared("ring", inner_diameter_mm=Decimal("17.35"))
    report = build(source, tmp_path / "out", recipe=MODELS, declared=declared)
    assert report.unit == unit
    assert report.measure["inner_diameter_mm"] == pytest.approx(17.35, abs=0.005)


def test_a_cancelled_build_leaves_nothing(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "ring.stl", torus())
    with pytest.raises(Refused, match="cancelled") as caught:
        build(source, tmp_path / "out", recipe=MODELS, cancelled=lambda: True)
    assert not caught.value.permanent
    assert [path.name for path in tmp_path.iterdir()] == ["ring.stl"]


def test_stones_keep_every_facet_while_metal_is_simplified(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones(5))
    recipe = MODELS.with_options("decimate", triangles=1500, error=0.5)
    report = build(source, tmp_path / "out", recipe=recipe)
    _, scene = load(tmp_path / "out" / "model.glb")
    stones = ring_with_stones().geometries[1]
    assert {len(scene.mesh(p)) for p in scene.parts if p.count == 5} == {len(stones)}
    assert report.outputs[0].triangles <= 1500


@pytest.mark.parametrize("form", ["glb", "3dm", "bare obj"])
def test_the_command_builds_a_whole_piece(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if form == "bare obj":
        source = write_bare_obj(tmp_path / "band.obj", torus())
    else:
        source = write(piece("CY-201"), tmp_path, form)
    folder = str(tmp_path / "out")
    status = main(["build", str(source), "--out", folder, "--recipe", "models", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert status == 0
    assert set(report) >= REPORT
    for output in report["outputs"]:
        assert {"kind", "path", "bytes", "triangles"} <= set(output)
        assert output["kind"] in KINDS
        assert output["bytes"] == (Path(folder) / output["path"]).stat().st_size
    assert [one["errors"] for one in report["validator"]] == [0] * len(report["validator"])
    assert {path.name for path in Path(folder).iterdir()} == {
        "report.json", "report.html", *(output["path"] for output in report["outputs"]),
    }  # fmt: skip


def test_the_command_says_what_is_wrong_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.stl").write_bytes(b"\xff\xd8\xff\xe0 not a mesh at all" * 20)
    folder = tmp_path / "out"
    status = main(["build", str(tmp_path / "photo.stl"), "--out", str(folder), "--json"])
    assert status == 3
    said = json.loads(capsys.readouterr().out)
    assert [p["code"] for p in said["problems"]] == ["unknown_format"]
    assert all(set(problem) == {"code", "message", "hint"} for problem in said["problems"])
    assert set(said) >= REPORT
    assert (said["outputs"], said["steps"]) == ([], [])
    assert [path.name for path in tmp_path.iterdir()] == ["photo.stl"]


def _json_of(path: Path) -> dict[str, object]:
    blob = path.read_bytes()
    document: dict[str, object] = json.loads(blob[20 : 20 + int.from_bytes(blob[12:16], "little")])
    return document


def test_stones_in_a_nameless_mesh_are_found_by_their_facets_and_stored_once(
    tmp_path: Path,
) -> None:
    scene = ring_with_stones(3)
    source = write_stl(tmp_path / "ring.stl", together(scene))
    report = build(source, tmp_path / "out", recipe=MODELS)
    found = {str(part["name"]): (part["role"], part["by"]) for part in report.parts}
    assert found == {
        "ring": ("metal", "shape"),
        "ring stone 1": ("stone", "shape"),
        "ring stone 2": ("stone", "shape"),
        "ring stone 3": ("stone", "shape"),
    }
    _, built = load(tmp_path / "out" / "model.glb")
    assert sorted(part.count for part in built.parts) == [1, 3]
    assert report.measure["carat"] == {"diamond": pytest.approx(0.299, abs=0.001)}
    assert report.measure["ring_size"]["iso"] == "53"


def test_a_brand_may_say_what_a_part_is(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones(1))
    ruby = {"stone:diamond row": Override(material="ruby")}
    report = build(source, tmp_path / "out", recipe=MODELS, declared=Declared(overrides=ruby))
    reported = [(part["role"], part["material"], part["by"]) for part in report.parts]
    assert reported == [("metal", "gold-750-yellow", "name"), ("stone", "ruby", "brand")]


def test_a_killed_build_leaves_the_earlier_one_and_the_next_sweeps_up(tmp_path: Path) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    build(source, tmp_path / "out", recipe=MODELS)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    program = (
        "import os, signal, sys; from pathlib import Path; from showroom.pipeline import *\n"
        "def die(step, share):\n"
        "    if step == 'validate': os.kill(os.getpid(), signal.SIGKILL)\n"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), recipe=MODELS, progress=die)"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "out")]
    assert subprocess.run(command, cwd=ROOT).returncode == -9
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before
    assert len(list(tmp_path.glob(".build-*"))) == 1
    build(source, tmp_path / "out", recipe=MODELS)
    assert list(tmp_path.glob(".build-*")) == []
