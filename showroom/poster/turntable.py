"""A piece turned once around, as a sprite for the shop and as a moving picture.

Rings and bangles make a whole turn; what is laid on its back swings to and fro, because its back is
of no interest and the light on its face is.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

import numpy as np
from PIL import Image

from showroom.materials import load
from showroom.poster import developing, pose
from showroom.poster.framing import View, cloud, lay
from showroom.poster.session import trace
from showroom.scene import Scene

_SWING = 32.0  # degrees to either side
_FRAME_MS = 110


@dataclass(frozen=True, slots=True)
class Turntable:
    """The frames side by side, row by row, and the same frames moving."""

    sprite: Path  # WebP, `columns` × `rows` frames
    animation: Path  # animated WebP, endless
    frames: int
    columns: int
    rows: int
    width: int  # of one frame
    height: int


def render(
    scene: Scene,
    *,
    alloy: str | None = None,
    size: tuple[int, int] = (480, 480),
    frames: int = 24,
    samples: int = 8,
    out: Path,
    kind: str = "",
) -> Turntable:
    """Renders `frames` pictures of `size` to `out`-sprite.webp and `out`-turn.webp.

    Other arguments and errors are those of `poster.render`.
    """
    library = load()
    if alloy is not None:
        library.alloy(alloy)
    laid, how = lay(scene, kind)
    views = [
        View(f"frame{number:03}", camera, size)
        for number, camera in enumerate(cameras(cloud(laid), how, size[0] / size[1], frames))
    ]
    pictures = [Image.fromarray(pixels) for pixels in trace(laid, views, library, alloy, samples)]
    columns = next(n for n in range(ceil(sqrt(frames)), frames + 1) if frames % n == 0)
    rows = (
        frames // columns
    )  # no cell stays empty, so the grid alone says how many frames there are
    sheet = Image.new("RGB", (columns * size[0], rows * size[1]))
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % columns * size[0], number // columns * size[1]))
    out.parent.mkdir(parents=True, exist_ok=True)
    targets = [out.with_name(out.name + tail) for tail in ("-sprite.webp", "-turn.webp")]
    with tempfile.TemporaryDirectory(dir=out.parent) as name:
        folder = Path(name)
        sheet.save(folder / "0", "WEBP", quality=developing.QUALITY, method=4)
        pictures[0].save(
            folder / "1", "WEBP", quality=developing.QUALITY, method=4, save_all=True,
            append_images=pictures[1:], duration=_FRAME_MS, loop=0,
        )  # fmt: skip
        for number, target in enumerate(targets):
            shutil.move(folder / str(number), target)
    return Turntable(targets[0], targets[1], frames, columns, rows, *size)


def cameras(points: pose.Cloud, how: pose.Pose, aspect: float, frames: int) -> list[pose.Camera]:
    """A camera for each frame, all at one distance, so that the piece keeps its size."""
    angles = _angles(frames)
    if how is not pose.Pose.STANDING:
        angles = _SWING * np.sin(np.radians(angles))
    few = points[:: max(1, len(points) // 4000)]
    everywhere = np.concatenate([few @ _about_y(-angle).T for angle in angles])
    first = pose.aim(everywhere, how, aspect)
    return [
        pose.Camera(
            _about_y(angle) @ first.position,
            _about_y(angle) @ first.target,
            _about_y(angle) @ first.up,
        )
        for angle in angles
    ]


def _angles(frames: int) -> pose.Vector:
    """The angle of each frame in degrees, from 0 up to a whole turn."""
    return np.arange(frames) * 360.0 / frames


def _about_y(degrees: float) -> pose.Vector:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])
