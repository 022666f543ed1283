"""The showroom against gltfpack and gltf-transform on the same welded input, in one run.

    python -m tests.bench.bench_showroom [--five-million]

Prints seconds, bytes and the largest geometric error of each encoder; a whole build beside
gltfpack's whole run; and how time and memory of a build grow with the piece. Seconds are processor
seconds of everything involved, children too, since other work on the machine moves wall seconds by
half; the best of a few runs. Read, never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
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

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(__file__).parent / "tools"
PACK = TOOLS / "node_modules" / "gltfpack" / "cli.js"
TRANSFORM = TOOLS / "node_modules" / ".bin" / "gltf-transform"
MB = 1e6


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


def run(*arguments: object) -> None:
    """Run a command."""
    subprocess.run([str(one) for one in arguments], check=True, capture_output=True, cwd=ROOT)


def processor_seconds() -> float:
    """What this process, its children that ended and those that wait have used so far."""
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in psutil.Process().children(recursive=True):
        spent = child.cpu_times()
        total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


def best(work: Callable[[], object], times: int = 4) -> float:
    """The fewest processor seconds of several runs: what else the machine did is noise."""
    took = []
    for _ in range(times):
        began = processor_seconds()
        work()
        took.append(processor_seconds() - began)
    return min(took)


def error_um(original: Scene, path: Path) -> float:
    """The farthest that a decoded corner lies from the input's nearest, in micrometres."""
    _, decoded = load(path)
    given = np.concatenate([p for _, p, _, _ in original.placed()])
    found = np.concatenate([p for _, p, _, _ in decoded.placed()])
    return float(cKDTree(given).query(found)[0].max() * 1e6)


@dataclass(frozen=True, slots=True)
class Row:
    """One encoder on one scene."""

    name: str
    seconds: float
    bytes: int
    error_um: float


def encoders(scene: Scene, folder: Path) -> list[Row]:
    """Every encoder on one scene: ours first, then gltfpack at our precision."""
    source = folder / "in.glb"
    source.write_bytes(glb.plain(baked(scene), (), library()))

    def ours() -> None:
        flat = baked(scene)
        (packed,) = pack([flat], position_bits=14, normal_bits=12)
        (folder / "ours.glb").write_bytes(glb.web(flat, packed, (), library()))

    def gltfpack(*flags: str) -> tuple[Callable[[], None], Path]:
        out = folder / f"pack{''.join(flags)}.glb"
        return lambda: run(NODE, PACK, "-i", source, "-o", out, *flags, "-kn", "-ke"), out

    def transform() -> None:
        flags = ("--level", "high", "--quantize-position", 14, "--quantize-normal", 12)
        run(NODE, TRANSFORM, "meshopt", source, folder / "transform.glb", *flags)

    works: list[tuple[str, Callable[[], None], Path]] = [
        ("showroom", ours, folder / "ours.glb"),
        ("gltfpack -cc -vn 12", *gltfpack("-cc", "-vn", "12")),
        ("gltfpack -c -vn 12", *gltfpack("-c", "-vn", "12")),
        ("gltf-transform meshopt", transform, folder / "transform.glb"),
    ]
    rows = []
    for name, work, out in works:
        seconds = best(work)
        rows.append(Row(name, seconds, out.stat().st_size, error_um(scene, out)))
    return rows


def print_encoders(folder: Path) -> None:
    """Table 1: encoding alone."""
    for size in (10_000, 100_000, 250_000):
        for label, scene in (("band", piece(size)), ("band and 43 stones", set_piece(size))):
            rows = encoders(scene, folder)
            rival = rows[1]
            print(f"\n{label}, {scene.triangles:,} triangles: encode alone")
            for row in rows:
                print(
                    f"  {row.name:<24}{row.seconds:>7.2f} s{row.bytes:>12,} bytes"
                    f"{row.error_um:>7.2f} µm   against gltfpack -cc:"
                    f" time {row.seconds / rival.seconds:.2f}, bytes {row.bytes / rival.bytes:.3f}"
                )


def print_whole(folder: Path) -> None:
    """Table 2: from file to files."""
    source = write_stl(folder / "piece.stl", band(100_000))
    build(source, folder / "out", recipe=MODELS)  # a worker has its libraries loaded
    ours = best(lambda: build(source, folder / "out", recipe=MODELS))
    given, packed = folder / "whole.glb", folder / "whole.pack.glb"
    given.write_bytes(glb.plain(baked(piece(100_000)), (), library()))
    theirs = best(lambda: run(NODE, PACK, "-i", given, "-o", packed, "-cc", "-vn", 12))
    print("\n100,000 triangles, whole run: STL to web model, levels, AR, USDZ, judged and measured")
    print(f"  showroom build --recipe models  {ours:.2f} s: {ours / theirs:.1f} x gltfpack")
    print(f"  gltfpack -cc -vn 12             {theirs:.2f} s: GLB to GLB")


def one_build(triangles: int) -> None:
    """In a process of its own: the cost of one build as a line of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(write_stl(folder / "warm.stl", band(2_000)), folder / "out", recipe=MODELS)
        source = write_stl(folder / "piece.stl", band(triangles))
        decoded = load(source)[1].nbytes
        idle = psutil.Process().memory_info().rss
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here (proc(5))
        began = processor_seconds()
        build(source, folder / "out", recipe=MODELS)
        seconds = processor_seconds() - began
    status = Path("/proc/self/status").read_text().split()
    peak = int(status[status.index("VmHWM:") + 1]) * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "idle": idle, "decoded": decoded}))


def print_curve(sizes: tuple[int, ...]) -> None:
    """Table 3: how a build grows."""
    print("\nwhole builds by size; memory is the builder's peak, and its share above an idle one")
    for size in sizes:
        command = [sys.executable, "-m", "tests.bench.bench_showroom", "--one", str(size)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout
        cost = json.loads(said.splitlines()[-1])
        above = cost["peak"] - cost["idle"]
        print(
            f"  {size:>9,} triangles {cost['seconds']:>7.2f} s"
            f" {cost['seconds'] / size * 1e6:>7.2f} s a million"
            f" {cost['peak'] / MB:>7.0f} MB, {above / cost['decoded']:.1f} x"
            f" the {cost['decoded'] / MB:.1f} MB of the decoded mesh"
        )


def install_tools() -> None:
    """What we are measured against, by npm; nothing else in the project needs it."""
    if (TOOLS / "node_modules").is_dir():
        return
    path = f"{Path(NODE).parent}{os.pathsep}{os.environ['PATH']}"
    try:
        subprocess.run(["npm", "ci"], cwd=TOOLS, check=True, env={**os.environ, "PATH": path})
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            f"npm could not install gltfpack and gltf-transform ({error}). Run `npm ci` in"
            " tests/bench/tools once with a connection; afterwards no network is needed."
        ) from error


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--five-million", action="store_true", help="one minute longer")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_build(given.one)
        return
    install_tools()
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        print_encoders(Path(name))
        print_whole(Path(name))
    largest = (5_000_000,) if given.five_million else ()
    print_curve((10_000, 100_000, 1_000_000, *largest))


if __name__ == "__main__":
    main()
