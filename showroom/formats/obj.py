"""Wavefront OBJ with MTL, groups and objects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile, NothingToShow, ShowroomError, TooLarge
from showroom.formats.neighbours import read_neighbour
from showroom.formats.polygons import fans
from showroom.limits import Limits
from showroom.scene import Mesh, Part, Scene
from showroom.text import numbers

NAME = "OBJ"
_UNIT = re.compile(
    rb"units?\s*[=:]?\s*(millimet|mm\b|centimet|cm\b|inch|met(?:er|re)s?\b)", re.IGNORECASE
)
_UNITS = {b"mi": "mm", b"mm": "mm", b"ce": "cm", b"cm": "cm", b"in": "in", b"me": "m"}
_STARTS = re.compile(rb"^\s*(v|vn|vt|f|o|g|usemtl|mtllib)\s", re.MULTILINE)


def detect(head: bytes, size: int) -> bool:
    """Text with the words of an OBJ at the start of its lines."""
    return b"\0" not in head and bool(_STARTS.search(head))


@dataclass(slots=True)
class _Run:
    """Faces that follow one another under the same object, group and material."""

    labels: tuple[str, ...]
    material: str
    rows: list[bytes]


def read(path: Path, limits: Limits) -> Scene:
    """One part for every object, group and material. Y up by custom; units only in comments."""
    text = path.read_bytes()
    unit = _UNIT.search(text[:4096])
    text = text.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    lines = text.splitlines()
    del text
    vertices, runs, libraries = _sorted_lines(lines)
    del lines
    if not vertices or not runs:
        raise NothingToShow(
            "The OBJ file has points or lines but no faces.", hint="Export a mesh, not curves."
        )
    points = _points(vertices)
    del vertices
    low, high = _box(points)
    origin = (low + high) / 2  # float32 keeps 7 digits: spend them on the piece, not on its place
    colours, notes = _libraries(path, libraries, limits)
    geometries, parts, total = [], [], 0
    for run in _merged(runs):
        faces = _triangles(run.rows, len(points))
        total += len(faces)
        if total > limits.triangles:
            raise TooLarge(f"The file has over {limits.triangles:,} triangles.")
        used, local = np.unique(faces, return_inverse=True)
        positions = (points[used] - origin).astype(np.float32)
        place = np.eye(4)[None].copy()
        place[0, :3, 3] = origin
        geometries.append(Mesh(positions, local.reshape(-1, 3).astype(np.uint32)))
        labels = tuple(dict.fromkeys(word for word in (*run.labels, run.material) if word))
        parts.append(
            Part(
                name=labels[0] if labels else path.stem,
                geometry=len(geometries) - 1,
                transforms=place,
                labels=labels,
                colour=colours.get(run.material),
            )
        )
    return Scene(
        tuple(geometries),
        tuple(parts),
        unit=_UNITS[unit.group(1)[:2].lower()] if unit else "",
        up="y",
        notes=notes,
    )


def _box(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        raise DamagedFile("No point of the OBJ file is a number.")
    return finite.min(0), finite.max(0)


def _sorted_lines(lines: Sequence[bytes]) -> tuple[list[bytes], list[_Run], list[str]]:
    vertices: list[bytes] = []
    runs: list[_Run] = []
    libraries: list[str] = []
    thing = group = material = ""
    current: list[bytes] | None = None
    for line in lines:
        start = line[:2]
        if start == b"v ":
            vertices.append(line[2:])
            continue
        if start == b"f ":
            if current is None:
                current = []
                runs.append(_Run((thing, group), material, current))
            current.append(line[2:])
            continue
        if start in (b"vn", b"vt"):
            continue
        word, _, rest = line.strip().partition(b" ")
        if word in (b"v", b"v\t", b"f"):
            (vertices if word == b"v" else runs[-1].rows if runs else []).append(rest)
            continue
        value = rest.strip().decode("utf-8", "replace")[:200]
        if word == b"o":
            thing, current = value, None
        elif word == b"g":
            group, current = value, None
        elif word == b"usemtl":
            material, current = value, None
        elif word == b"mtllib":
            libraries.append(value)
    return vertices, runs, libraries


def _merged(runs: list[_Run]) -> list[_Run]:
    # SketchUp repeats "usemtl" per face: runs under the same words are one part.
    merged: dict[tuple[tuple[str, ...], str], _Run] = {}
    for run in runs:
        key = (run.labels, run.material)
        if key in merged:
            merged[key].rows.extend(run.rows)
        else:
            merged[key] = run
    return list(merged.values())


def _points(rows: list[bytes]) -> NDArray[np.float64]:
    width = len(rows[0].split())
    if width < 3:
        raise DamagedFile("A point of the OBJ file has fewer than three numbers.")
    try:
        return numbers(rows, width)[:, :3]
    except DamagedFile:
        # Rows of several widths (a weight or a colour on some): slower, still right.
        return numbers([b" ".join(row.split()[:3]) for row in rows], 3)


def _triangles(rows: list[bytes], points: int) -> NDArray[np.int64]:
    text = b" ".join(rows)
    corners = np.array([len(row.split()) for row in rows])
    if (corners < 3).any():
        corners, rows = corners[corners > 2], [row for row in rows if len(row.split()) > 2]
        text = b" ".join(rows)
    slashes = rows[0].split()[0].count(b"/") if rows else 0
    if text.count(b"/") == slashes * corners.sum() and b"//" not in text:
        flat = text.replace(b"/", b" ") if slashes else text
        values = numbers([flat], int(corners.sum()) * (slashes + 1)).reshape(-1, slashes + 1)[:, 0]
    else:
        values = numbers(
            [b" ".join(token.split(b"/")[0] for token in text.split())], int(corners.sum())
        ).reshape(-1)
    index = values.astype(np.int64)
    if (index == 0).any() or (np.abs(index) > points).any():
        raise DamagedFile("A face of the OBJ file names a point that does not exist.")
    index = np.where(index > 0, index - 1, points + index)
    return fans(index, corners)


Colour = tuple[float, float, float, float]


def _libraries(
    path: Path, names: list[str], limits: Limits
) -> tuple[dict[str, Colour], tuple[str, ...]]:
    colours: dict[str, Colour] = {}
    notes = []
    for name in names:
        try:
            colours |= _materials(read_neighbour(path, name, limits))
        except ShowroomError as error:
            if error.code == "outside_file":
                raise
            notes.append(f"The material file {name!r} did not come along: colours are unknown.")
    return colours, tuple(notes)


def _materials(text: bytes) -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    name = ""
    for line in text.splitlines():
        words = line.decode("utf-8", "replace").split()
        if len(words) > 1 and words[0] == "newmtl":
            name = " ".join(words[1:])[:200]
            found[name] = (0.8, 0.8, 0.8, 1.0)
        elif len(words) >= 4 and words[0] == "Kd" and name:
            red, green, blue = (min(max(float(word), 0.0), 1.0) ** 2.2 for word in words[1:4])
            found[name] = (red, green, blue, found[name][3])
        elif len(words) > 1 and words[0] in ("d", "Tr") and name:
            value = float(words[1])
            found[name] = (*found[name][:3], value if words[0] == "d" else 1 - value)
    return found
