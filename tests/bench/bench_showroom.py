"""The showroom against gltfpack and gltf-transform on the same welded input, in one run.

    python -m tests.bench.bench_showroom [--five-million]

Prints seconds, bytes and the largest geometric error of each encoder; a whole build beside
gltfpack's whole run; and how time and memory of a build grow with the piece. Seconds are processor
seconds of everything involved, children too, since other work on the machine moves wall seconds by
half: the median of several runs, and the best in brackets. What is compared runs in turns, so that
both meet the same machine. Read, never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
from scipy.spatial import cKDTree

from showroom.materials import load as library
from showroom.pipeline import MODELS, build
from showroom.sandbox import load
from showroom.scene import Mesh, Part, Role, Scene
from showroom.steps.normals import with_normals
from showroom.tool import node
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
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        # A process's own clock, exact; psutil's counts hundredths. See clock_getcpuclockid(3).
        total += time.clock_gettime(~child.pid << 3 | 2)
        spent = child.cpu_times()
        total += spent.children_user + spent.children_system
    return total


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of several runs of one thing."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The run in the middle."""
        return statistics.median(self.runs)

    @property
    def best(self) -> float:
        """The least: what else the machine did is noise."""
        return min(self.runs)

    def __str__(self) -> str:
        return f"{self.median:.3f} s ({self.best:.3f})"


def in_turns(*works: Callable[[], object], times: int = 7, each: int = 1) -> list[Cost]:
    """The cost of each, all done once unmeasured and then in turns, `each` times at a stretch."""
    for work in works:
        work()
    took: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, runs in zip(works, took, strict=True):
            began = processor_seconds()
            for _ in range(each):
                work()
            runs.append((processor_seconds() - began) / each)
    return [Cost(tuple(runs)) for runs in took]


def error_um(original: Scene, path: Path) -> float:
    """The farthest that a decoded corner is from the input's nearest, in micrometres."""
    _, decoded = load(path)
    given = np.concatenate([p for _, p, _, _ in original.placed()])
    found = np.concatenate([p for _, p, _, _ in decoded.placed()])
    return float(cKDTree(given).query(found)[0].max() * 1e6)


@dataclass(frozen=True, slots=True)
class Row:
    """One encoder on one scene."""

    name: str
    cost: Cost
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
        return lambda: run(node(), PACK, "-i", source, "-o", out, *flags, "-kn", "-ke"), out

    def transform() -> None:
        flags = ("--level", "high", "--quantize-position", 14, "--quantize-normal", 12)
        run(node(), TRANSFORM, "meshopt", source, folder / "transform.glb", *flags)

    works: list[tuple[str, Callable[[], None], Path]] = [
        ("showroom", ours, folder / "ours.glb"),
        ("gltfpack -cc -vn 12", *gltfpack("-cc", "-vn", "12")),
        ("gltfpack -c -vn 12", *gltfpack("-c", "-vn", "12")),
        ("gltf-transform meshopt", transform, folder / "transform.glb"),
    ]
    costs = in_turns(*(work for _, work, _ in works))
    return [
        Row(name, cost, out.stat().st_size, error_um(scene, out))
        for (name, _, out), cost in zip(works, costs, strict=True)
    ]


def print_encoders(folder: Path) -> None:
    """Table 1: encoding alone."""
    for size in (10_000, 100_000, 250_000):
        for label, scene in (("band", piece(size)), ("band and 43 stones", set_piece(size))):
            rows = encoders(scene, folder)
            rival = rows[1]
            print(f"\n{label}, {scene.triangles:,} triangles: encode alone")
            for row in rows:
                print(
                    f"  {row.name:<24}{row.cost!s:>18}{row.bytes:>12,} bytes"
                    f"{row.error_um:>7.2f} µm   against gltfpack -cc:"
                    f" time {row.cost.median / rival.cost.median:.2f}"
                    f" ({row.cost.best / rival.cost.best:.2f}),"
                    f" bytes {row.bytes / rival.bytes:.3f}"
                )


def print_whole(folder: Path) -> None:
    """Table 2: from file to files."""
    source = write_stl(folder / "piece.stl", band(100_000))
    given, packed = folder / "whole.glb", folder / "whole.pack.glb"
    given.write_bytes(glb.plain(baked(piece(100_000)), (), library()))
    for _ in range(4):  # a worker has its libraries loaded and its code compiled
        build(source, folder / "out", recipe=MODELS)
    # Three at a stretch: what a forked reader used is reported in hundredths only.
    ours, theirs = in_turns(
        lambda: build(source, folder / "out", recipe=MODELS),
        lambda: run(node(), PACK, "-i", given, "-o", packed, "-cc", "-vn", 12),
        each=3,
    )
    print("\n100,000 triangles, whole run: STL to web model, levels, AR, USDZ, judged and measured")
    print(f"  showroom build --recipe models  {ours}")
    print(f"  gltfpack -cc -vn 12             {theirs}: GLB to GLB")
    print(f"  {ours.median / theirs.median:.2f} ({ours.best / theirs.best:.2f}) x gltfpack")
    steps = json.loads((folder / "out" / "report.json").read_text())["steps"]
    print("  wall: " + ", ".join(f"{step['step']} {step['ms']:.0f}" for step in steps) + " ms")


def one_build(warm: Path, source: Path) -> None:
    """In a process of its own: the cost of one build as a line of JSON."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        for _ in range(3):
            build(warm, out, recipe=MODELS)
        idle = psutil.Process().memory_info().rss
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here (proc(5))
        began = processor_seconds()
        build(source, out, recipe=MODELS)
        seconds = processor_seconds() - began
    status = Path("/proc/self/status").read_text().split()
    peak = int(status[status.index("VmHWM:") + 1]) * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "idle": idle}))


def together(process: subprocess.Popen[bytes]) -> int:
    """Bytes that a process and all its children hold, pages that they share counted once."""
    held = 0
    try:
        for one in (psutil.Process(process.pid), *psutil.Process(process.pid).children(True)):
            rows = Path(f"/proc/{one.pid}/smaps_rollup").read_text().split()
            held += int(rows[rows.index("Pss:") + 1]) * 1024
    except (psutil.NoSuchProcess, OSError, ValueError):
        return 0  # one of them ended just now
    return held


def measured_build(warm: Path, source: Path) -> dict[str, float]:
    """What one build in a fresh worker cost, watched from outside fifty times a second."""
    command = [sys.executable, "-m", "tests.bench.bench_showroom", "--one", str(warm), str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as worker:
        most = 0
        while worker.poll() is None:
            most = max(most, together(worker))
            time.sleep(0.02)
        said = worker.stdout.read() if worker.stdout else b""
    if worker.returncode:
        raise SystemExit(f"a build of {source.name} ended with {worker.returncode}")
    return {**json.loads(said.splitlines()[-1]), "together": most}


def print_curve(folder: Path, sizes: tuple[int, ...]) -> None:
    """Table 3: how a build grows."""
    print(
        "\nwhole builds by size, each in a fresh worker that has built three small pieces; memory"
    )
    print("is the builder's peak, its share above an idle one, and all processes' together")
    warm = write_stl(folder / "warm.stl", band(10_000))
    for size in sizes:
        source = write_stl(folder / "piece.stl", band(size))
        decoded = load(source)[1].nbytes
        costs = [measured_build(warm, source) for _ in range(5 if size < 1_000_000 else 2)]
        seconds = statistics.median(cost["seconds"] for cost in costs)
        peak = max(cost["peak"] for cost in costs)
        above = max(cost["peak"] - cost["idle"] for cost in costs) / decoded
        most = max(cost["together"] for cost in costs)
        print(
            f"  {size:>9,} triangles, {len(costs)} runs {seconds:>7.2f} s"
            f" {seconds / size * 1e6:>6.2f} s a million"
            f" {peak / MB:>6.0f} MB, {above:>4.1f} x the {decoded / MB:.1f} MB of the decoded mesh;"
            f" together {most / MB:.0f} MB"
        )


def install_tools() -> None:
    """What we are measured against, by npm; nothing else in the project needs it."""
    if (TOOLS / "node_modules").is_dir():
        return
    path = f"{Path(node()).parent}{os.pathsep}{os.environ['PATH']}"
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
    parser.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_build(*given.one)
        return
    install_tools()
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()},"
        f" load {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )
    largest = (5_000_000,) if given.five_million else ()
    with tempfile.TemporaryDirectory() as name:
        print_encoders(Path(name))
        print_whole(Path(name))
        print_curve(Path(name), (10_000, 100_000, 1_000_000, *largest))
    print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
