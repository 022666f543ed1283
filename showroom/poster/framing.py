"""What a picture shows: the piece laid, the cameras, the tiles of the picture that need paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from showroom.poster import pose
from showroom.scene import Faces, Points, Scene

Size = tuple[int, int]  # width, height in pixels
Window = list[int]  # left, top, width, height in pixels

_CLOUD = 60_000  # points that represent the piece when the camera is aimed
_TILES = 32  # along the shorter side: smaller ones follow the outline closer, but cost a start each
_NEARER = 0.9  # a frame that brings the camera nearer than this share is worth its own picture


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One camera of a job."""

    name: str
    camera: pose.Camera
    size: Size


def lay(scene: Scene, kind: str = "") -> tuple[Scene, pose.Pose]:
    """The scene as it is put before the camera."""
    points = cloud(scene)
    how = pose.choose_pose(points, kind)
    return scene.transformed(pose.placement(points, how)), how


def cloud(scene: Scene) -> NDArray[np.float64]:
    """Points all over the piece, few enough to aim with; extremes are kept."""
    taken = []
    share = max(1, sum(len(scene.mesh(p).positions) * p.count for p in scene.parts) // _CLOUD)
    for _, positions, _, _ in scene.placed():
        ends = np.concatenate([positions.argmin(0), positions.argmax(0)])
        taken += [positions[::share], positions[ends]]
    return np.concatenate(taken).astype(np.float64)


def views(
    points: pose.Cloud, how: pose.Pose, sizes: Sequence[Size]
) -> tuple[list[View], list[int]]:
    """The views that sizes can be cut from, and for each size the number of its view.

    A square is the middle of the tall picture of the same width, unless the piece is so tall itself
    that it would be small there: then each has a camera of its own. Tracing costs seconds, cutting
    nothing.
    """
    made: list[View] = []
    whose = [-1] * len(sizes)
    cameras = [pose.aim(points, how, width / height) for width, height in sizes]
    for index in sorted(range(len(sizes)), key=lambda i: -sizes[i][1]):
        width, height = sizes[index]
        for number, view in enumerate(made):
            far, near = _distance(cameras[index]), _distance(view.camera)
            if view.size[0] == width <= height and near > _NEARER * far:
                whose[index] = number
                camera = cameras[index] if far > near else view.camera
                made[number] = View(view.name, camera, view.size)
                break
        else:
            whose[index] = len(made)
            made.append(View(f"view{len(made)}", cameras[index], sizes[index]))
    return made, whose


def _distance(camera: pose.Camera) -> float:
    return float(np.linalg.norm(camera.position - camera.target))


def middle(picture: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """The middle of a picture (height, width, 3)."""
    top, left = (picture.shape[0] - size[1]) // 2, (picture.shape[1] - size[0]) // 2
    return picture[top : top + size[1], left : left + size[0]]


def edge(view: View) -> int:
    """Pixels of paper that at least lie between the piece and the outer edge of its windows."""
    return max(4, max(view.size) // 80)


def windows(
    view: View, piece: Iterable[tuple[Points, Faces]], stones: Iterable[tuple[Points, Faces]]
) -> tuple[list[Window], list[Window]]:
    """The parts of the picture that show metal alone, and those that show clear stones.

    They do not overlap. Both are runs of tiles, so an open ring's middle is left to the paper.
    """
    tile = max(16, -(-min(view.size) // _TILES))
    clear = _covered(view, stones, tile, 2)
    metal = _covered(view, piece, tile, edge(view)) & ~clear
    return _runs(metal, tile, view.size), _runs(clear, tile, view.size)


def _covered(
    view: View, shapes: Iterable[tuple[Points, Faces]], tile: int, margin: int
) -> NDArray[np.bool_]:
    """Which tiles (rows, columns) the boxes of the triangles touch."""
    width, height = view.size
    columns, rows = -(-width // tile), -(-height // tile)
    counts = np.zeros((rows + 1, columns + 1), np.int64)
    for positions, faces in shapes:
        seen = pose.project(positions.astype(np.float64), view.camera, width, height)
        corners = seen[faces.astype(np.int64)]
        low, high = corners.min(1) - margin, corners.max(1) + margin
        inside = ((high >= 0) & (low < [width, height])).all(1)
        first = np.clip(low[inside] // tile, 0, [columns - 1, rows - 1]).astype(np.int64)
        last = np.clip(high[inside] // tile, 0, [columns - 1, rows - 1]).astype(np.int64) + 1
        for x, y, sign in (
            (first, first, 1),
            (last, last, 1),
            (first, last, -1),
            (last, first, -1),
        ):
            np.add.at(counts, (y[:, 1], x[:, 0]), sign)
    touched: NDArray[np.bool_] = counts.cumsum(0).cumsum(1)[:rows, :columns] > 0
    return touched


def _runs(tiles: NDArray[np.bool_], tile: int, size: Size) -> list[Window]:
    width, height = size
    found = []
    for row, line in enumerate(tiles):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
        top, bottom = row * tile, min((row + 1) * tile, height)
        for first, last in edges.reshape(-1, 2):
            left, right = int(first) * tile, min(int(last) * tile, width)
            found.append([left, top, right - left, bottom - top])
    return found
