"""How long posters take, what memory, and how near they come to pictures of four times the paths.

    python -m tests.bench.bench_poster [--size 1024] [--reference]

Prints wall seconds, processor seconds of the tracing child and its peak memory. Processor seconds
divided by the cores is the wall time of a machine that does nothing else. With `--reference` each
piece is traced again with at least four times the paths, and the structural similarity (Wang,
Bovik, Sheikh, Simoncelli 2004) to that is printed for the whole picture and for the piece alone.
Read, never asserted.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from showroom import atelier
from showroom.pipeline import MODELS
from showroom.poster import render
from showroom.sandbox import load
from showroom.scene import Mesh, Part, Role, Scene
from showroom.work import Work
from tests.showroom.small_pieces import band

PIECES = {
    "gold ring, 24 diamonds": "LY-103",
    "jade bangle": "CY-201",
    "pearl ring": "CY-102",
    "filigree pendant": "SM-302",
    "plain band": "HE-102",
}
_PATHS = 36  # of a reference: four times as many as a large poster has, for jade six times
_APART = 12  # of 255: a pixel farther from the paper than this belongs to the piece


def laid(code: str, folder: Path) -> tuple[Scene, str]:
    """A piece of the atelier as the pipeline hands it to the photographer, and its kind."""
    piece = atelier.piece(code)
    _, scene = load(atelier.write(piece, folder, "glb"))
    work = Work(scene, folder)
    for step in MODELS.without("compress", "usdz", "write").steps:
        work = step.run(work)
    return work.scene, piece.kind


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


def pieces(folder: Path) -> Iterator[tuple[str, Scene, str]]:
    """Name, scene and kind of everything that is measured."""
    for name, code in PIECES.items():
        yield name, *laid(code, folder)
    yield "ring of 295k triangles", dense_ring(3), "ring"


def similarity(one: Path, other: Path) -> tuple[float, float]:
    """Structural similarity of two pictures: everywhere, and where the second shows the piece."""
    a, b = (np.asarray(Image.open(path).convert("RGB"), np.float64) for path in (one, other))
    shown = np.abs(b - np.median(b.reshape(-1, 3), axis=0)).max(-1) > _APART
    a, b = a.mean(-1), b.mean(-1)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(gaussian_filter(values, 1.5))

    middle_a, middle_b = mean(a), mean(b)
    spread_a, spread_b = mean(a * a) - middle_a**2, mean(b * b) - middle_b**2
    both = mean(a * b) - middle_a * middle_b
    few, more = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * middle_a * middle_b + few) * (2 * both + more)
    alike /= (middle_a**2 + middle_b**2 + few) * (spread_a + spread_b + more)
    return float(alike.mean()), float(alike[shown].mean())


def main() -> None:
    """Prints one line a piece."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--reference", action="store_true", help="five times as long")
    given = parser.parse_args()
    size = (given.size, given.size)
    print(f"{size[0]} × {size[1]} on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, scene, kind in pieces(folder):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start, own = time.perf_counter(), time.process_time()
            made = render(scene, size=size, out=folder / "poster", kind=kind)
            wall, own = time.perf_counter() - start, time.process_time() - own
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + own
            # The peak of children only ever grows, so it is the highest so far.
            line = f"{title:24}{wall:6.1f} s wall{worked:6.1f} s processor"
            line += f"{after.ru_maxrss / 1024:6.0f} MB peak"
            if given.reference:
                better = render(scene, size=size, samples=_PATHS, out=folder / "better", kind=kind)
                whole, alone = similarity(made.png, better.png)
                line += f", like {_PATHS} paths: {whole:.4f}, the piece {alone:.4f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
