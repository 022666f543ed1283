"""The showroom against gltfpack and gltf-transform on the same welded input.

    python -m tests.bench.bench_showroom [--sizes 10000 100000 1000000] [--curve]

Prints bytes, seconds and the largest geometric error of each encoder, the time of a whole build,
and with --curve how a build grows with the piece. Timings are read, never asserted.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from showroom.materials import load as library
from showroom.pipeline import MODELS, build
from showroom.sandbox import load
from showroom.scene import Mesh, Part, Role, Scene
from showroom.steps.normals import with_normals
from showroom.tool import NODE
from showroom.writers import glb
from showroom.writers.packing import baked, pack
from tests.showroom.workpieces import gem, write_stl

TOOLS = Path(__file__).parent / "tools"


def band(triangles: int) -> Mesh:
    """An ornamented band of about that many triangles, in millimetres."""
    around = max(int((triangles / 2 * 4) ** 0.5), 12)
    across = max(triangles // 2 // around, 6)
    u, v = np.meshgrid(
        np.arange(around) * 2 * np.pi / around,
        np.arange(across) * 2 * np.pi / across,
        indexing="ij",
    )
    tube = 1.2 + 0.12 * np.sin(24 * u) * np.cos(6 * v) + 0.03 * np.sin(90 * u + 8 * v)
    radius = 9.8 + tube * np.cos(v + np.pi)
    points = np.stack([radius * np.cos(u), radius * np.sin(u), tube * np.sin(v + np.pi)], -1)
    i, j = np.meshgrid(np.arange(around), np.arange(across), indexing="ij")
    a, b = i * across + j, (i + 1) % around * across + j
    c, d = (i + 1) % around * across + (j + 1) % across, i * across + (j + 1) % across
    faces = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)
    return Mesh(points.reshape(-1, 3).astype(np.float32), faces.astype(np.uint32))


def piece(triangles: int) -> Scene:
    """The band as a scene in metres with normals, as it comes to the encoder."""
    mesh = band(triangles)
    part = Part("band", 0, role=Role.METAL, material="gold-750-yellow")
    scene = Scene((Mesh(mesh.positions / np.float32(1000), mesh.faces),), (part,), "m", "y")
    return with_normals(scene)


def set_piece(triangles: int) -> Scene:
    """The band with 43 stones of one cut around it."""
    metal = piece(triangles)
    stone = gem(1.4)
    turn = np.arange(43) * 2 * np.pi / 43
    places = np.tile(np.eye(4), (43, 1, 1))
    places[:, 0, 3], places[:, 1, 3] = 0.0115 * np.cos(turn), 0.0115 * np.sin(turn)
    small = Mesh(stone.positions / np.float32(1000), stone.faces)
    part = Part("stone", 1, places, role=Role.STONE, material="diamond")
    return with_normals(Scene((metal.geometries[0], small), (*metal.parts, part), "m", "y"))


def run(arguments: list[str]) -> None:
    """Run a command."""
    subprocess.run(arguments, check=True, capture_output=True)


def best(work: Callable[[], object], times: int = 3) -> float:
    """The fewest seconds of several runs, start-up included: what else the machine did is noise."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def error_um(original: Scene, path: Path) -> float:
    """The farthest that a decoded corner lies from the input's nearest, in micrometres."""
    _, decoded = load(path)
    given = np.concatenate([p for _, p, _, _ in original.placed()])
    found = np.concatenate([p for _, p, _, _ in decoded.placed()])
    return float(cKDTree(given).query(found)[0].max() * 1e6)


def encoders(scene: Scene, folder: Path) -> list[tuple[str, float, int, float]]:
    """(name, seconds, bytes, error) of each encoder on one scene."""
    source = folder / "in.glb"
    source.write_bytes(glb.plain(baked(scene), (), library()))

    def ours() -> None:
        flat = baked(scene)
        (packed,) = pack([flat], position_bits=14, normal_bits=12)
        (folder / "ours.glb").write_bytes(glb.web(flat, packed, (), library()))

    rows = [("showroom", best(ours), folder / "ours.glb")]
    node = str(NODE)
    pack_js = str(TOOLS / "node_modules" / "gltfpack" / "cli.js")
    for name, flags in (("gltfpack -cc -vn 12", ["-cc"]), ("gltfpack -c -vn 12", ["-c"])):
        out = folder / f"{name}.glb"
        command = [
            node,
            pack_js,
            "-i",
            str(source),
            "-o",
            str(out),
            *flags,
            "-vn",
            "12",
            "-kn",
            "-ke",
        ]
        rows.append((name, best(lambda command=command: run(command)), out))
    out = folder / "transform.glb"
    transform = str(TOOLS / "node_modules" / ".bin" / "gltf-transform")
    flags = ["--level", "high", "--quantize-position", "14", "--quantize-normal", "12"]
    command = [node, transform, "meshopt", str(source), str(out), *flags]
    rows.append(("gltf-transform meshopt", best(lambda: run(command)), out))
    return [(name, took, p.stat().st_size, error_um(scene, p)) for name, took, p in rows]


def whole_build(triangles: int, folder: Path) -> tuple[float, str]:
    """Seconds of a build without pictures from an STL, and its slowest steps."""
    source = write_stl(folder / "warm.stl", band(2_000))
    build(source, folder / "out", recipe=MODELS)  # a worker has its libraries loaded
    source = write_stl(folder / "piece.stl", band(triangles))
    began = time.perf_counter()
    report = build(source, folder / "out", recipe=MODELS)
    took = time.perf_counter() - began
    slow = sorted(report.steps, key=lambda step: -step.milliseconds)[:6]
    return took, ", ".join(f"{step.name} {step.milliseconds / 1000:.2f}" for step in slow)


def memory_mb() -> tuple[int, int]:
    """Peak memory of this process and of its largest child so far."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, child = (resource.getrusage(kind).ru_maxrss // 1024 for kind in kinds)
    return own, child


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 110_000, 250_000])
    parser.add_argument("--curve", action="store_true", help="whole builds up to 5 million")
    given = parser.parse_args()
    if not (TOOLS / "node_modules").is_dir():
        path = f"{Path(NODE).parent}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(["npm", "ci"], cwd=TOOLS, check=True, env={**os.environ, "PATH": path})
    with tempfile.TemporaryDirectory() as name:
        for size in given.sizes:
            for label, scene in (("band", piece(size)), ("band and 43 stones", set_piece(size))):
                print(f"\n{label}, {scene.triangles:,} triangles")
                for row in encoders(scene, Path(name)):
                    print(f"  {row[0]:<24}{row[1]:>8.2f} s{row[2]:>12,} bytes{row[3]:>8.2f} µm")
        for size in (10_000, 100_000, 1_000_000, 5_000_000) if given.curve else given.sizes:
            took, slow = whole_build(size, Path(name))
            own, child = memory_mb()
            print(f"build {size:>9,} triangles: {took:6.2f} s; {slow}; {own} + {child} MB")


if __name__ == "__main__":
    main()
