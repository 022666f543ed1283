"""How long posters take and what memory: `python -m tests.bench.bench_poster [--size 1024]`.

Prints wall seconds, processor seconds and peak memory of the tracing child. Processor seconds
divided by the cores is the wall time of a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from showroom.poster import render
from showroom.scene import Mesh, Part, Role, Scene
from tests.showroom.small_pieces import band, octahedron, plain_ring, set_ring

MM = 0.001


def pave_ring(stones: int) -> Scene:
    """A band with a row of small diamonds all around."""
    turns = np.linspace(0, 2 * np.pi, stones, endpoint=False)
    places = np.tile(np.eye(4), (stones, 1, 1))
    places[:, 0, 3] = 9.9 * MM * np.cos(turns)
    places[:, 1, 3] = 9.8 * MM + 9.9 * MM * np.sin(turns)
    parts = (
        Part("band", 0, role=Role.METAL, material="gold-750-white"),
        Part("pave", 1, places, role=Role.STONE, material="diamond"),
    )
    return Scene((band(), octahedron(1.5)), parts, unit="m", up="y")


def dense_ring(times: int) -> Scene:
    """The band with every triangle cut into four, `times` over."""
    mesh = band()
    positions, faces = mesh.positions, mesh.faces.astype(np.int64)
    for _ in range(times):
        a, b, c = faces.T
        ends = np.concatenate([np.stack(pair, axis=1) for pair in ((a, b), (b, c), (c, a))])
        start, count = len(positions), len(faces)
        positions = np.concatenate([positions, positions[ends].mean(1)])
        ab, bc, ca = (start + np.arange(3 * count)).reshape(3, -1)
        fresh = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        faces = np.concatenate([np.stack(triple, axis=1) for triple in fresh])
    dense = Mesh(positions.astype(np.float32), faces.astype(np.uint32))
    part = Part("band", 0, role=Role.METAL, material="gold-750-yellow")
    return Scene((dense,), (part,), unit="m", up="y")


def main() -> None:
    """Prints one line a piece."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024)
    size = parser.parse_args().size
    pieces = {
        "plain ring": plain_ring(),
        "ring with a diamond": set_ring("diamond"),
        "pavé ring, 60 diamonds": pave_ring(60),
        "ring of 295k triangles": dense_ring(3),
    }
    print(f"{size} × {size} on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for name, scene in pieces.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            render(scene, size=(size, size), out=Path(folder) / "poster")
            wall = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            # The peak of children only ever grows, so it is the highest so far.
            print(
                f"{name:26} {wall:6.1f} s wall {worked:6.1f} s processor "
                f"{after.ru_maxrss / 1024:6.0f} MB peak"
            )


if __name__ == "__main__":
    main()
