"""Damaged files cost a refusal each: no crash, no hang, no gigabytes, nothing unsound accepted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from showroom.scene import Part, Scene
from tests.showroom.exports import write_3mf, write_draco, write_glb, write_ply, write_step
from tests.showroom.workpieces import (
    gem,
    ring_with_stones,
    torus,
    write_3dm,
    write_obj,
    write_stl,
)

ROOT = Path(__file__).parents[2]
FILES = int(os.environ.get("PAVILION_FUZZ", "440"))  # 2,200 take about two minutes
KNOWN = {
    "accepted", "child died", "damaged_file", "nothing_to_show", "too_large", "implausible",
    "unknown_format", "outside_file", "missing_file", "no_render_mesh", "too_much_memory",
    "too_slow",
}  # fmt: skip


def sound_files(folder: Path) -> None:
    """One small sound file of every format, compressed forms too."""
    folder.mkdir()
    scene, mesh = ring_with_stones(2, coarse=True), torus(around=24, across=10)
    write_stl(folder / "a.stl", mesh)
    write_obj(folder / "b.obj", scene)
    write_ply(folder / "c.ply", mesh)
    write_ply(folder / "d.plya", mesh, "ascii")
    write_3mf(folder / "e.3mf", scene)
    write_glb(folder / "f.glb", scene)
    write_glb(folder / "g.meshopt", scene, compressed=True)
    write_draco(folder / "h.draco", mesh)
    write_step(folder / "i.step", Scene((gem(),), (Part("stone:ruby", 0),)))
    write_3dm(folder / "j.3dm", scene)
    document = {"asset": {"version": "2.0"}, "nodes": [{"mesh": 0}], "meshes": [{}]}
    (folder / "k.gltf").write_text(json.dumps(document))


@pytest.mark.fuzz
def test_thousands_of_damaged_files_leave_the_worker_standing(tmp_path: Path) -> None:
    sound_files(tmp_path / "sound")
    command = [sys.executable, "-m", "tests.showroom.fuzzing", str(tmp_path / "sound")]
    done = subprocess.run([*command, str(FILES), "300"], cwd=ROOT, capture_output=True, check=True)
    reported = json.loads(done.stdout)
    assert set(reported["tried"]) == {
        "stl", "obj", "ply", "plya", "3mf", "glb", "meshopt", "draco", "step", "3dm", "gltf",
    }  # fmt: skip
    assert set(reported["became"]) <= KNOWN
    assert reported["became"]["damaged_file"] > reported["became"].get("child died", 0)
    # rhino3dm turns in circles over one damaged file in a thousand, until its clock ends it.
    assert reported["became"].get("too_slow", 0) <= FILES // 200
    assert reported["child_kb"] < 2 << 20
    assert reported["built"]["built"] > 5
    assert not {key for key in reported["built"] if key.startswith("published")}
