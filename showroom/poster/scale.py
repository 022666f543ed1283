"""The size picture: the piece beside a coin that the shopper knows, both to scale.

Seen from above without perspective, so a millimetre is the same length everywhere; the picture says
how many pixels that is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFont

from showroom.materials import load
from showroom.poster import pose
from showroom.poster.framing import View
from showroom.poster.session import trace, write
from showroom.poster.shapes import OWN
from showroom.scene import Mesh, Part, Role, Scene

_MM = 0.001
_GAP_MM = 7.0
_MARGIN_MM = 7.0
_INK = (92, 84, 74)
_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"  # has €, £, ¥, Ø and ×
# What coins are struck in, drawn as the alloy that looks most like it.
_DRAWN_AS = {"nickel": "palladium-950", "brass": "gold-585-yellow"}


@dataclass(frozen=True, slots=True)
class Coin:
    """A coin by its currency: label, millimetres, what its middle and its ring are made of."""

    currency: str
    label: str
    diameter: float
    thickness: float
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SizePicture:
    """The finished picture; `pixels_per_mm` holds in both directions."""

    webp: Path
    png: Path
    width: int
    height: int
    pixels_per_mm: float
    piece_mm: tuple[float, float]  # width and height as seen


@cache
def coins() -> dict[str, Coin]:
    """Every coin of coins.toml by its currency in lower case."""
    raw: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent / "coins.toml").read_text(encoding="utf-8")
    )
    return {
        code: Coin(code, one["label"], one["diameter"], one["thickness"], tuple(one["colours"]))
        for code, one in raw.items()
    }


def render(
    scene: Scene,
    *,
    currency: str = "eur",
    alloy: str | None = None,
    width: int = 1024,
    samples: int = 12,
    out: Path,
) -> SizePicture:
    """Renders the piece, front up, beside the coin, to `out`.webp and `out`.png.

    A currency without a coin gets the euro's. Errors are those of `poster.render`.
    """
    library = load()
    if alloy is not None:
        library.alloy(alloy)
    coin = coins().get(currency.lower(), coins()["eur"])
    together, piece_mm = beside(scene, coin)
    low, high = together.bounds() / _MM
    frame = (high - low)[[0, 2]] + 2 * _MARGIN_MM
    frame[1] += _MARGIN_MM  # room for the words below
    height = round(width * float(frame[1] / frame[0]))
    camera = _above(low, high, frame)
    (pixels,) = trace(
        together, [View("scale", camera, (width, height), np.array([0.25, -0.6, -1.0]))],
        library, alloy, samples,
    )  # fmt: skip
    scale = width / float(frame[0])
    picture = Image.fromarray(pixels)
    _annotate(picture, scale, low, coin, piece_mm)
    webp, png = write(np.asarray(picture), out)
    return SizePicture(webp, png, width, height, scale, piece_mm)


def beside(scene: Scene, coin: Coin) -> tuple[Scene, tuple[float, float]]:
    """The piece laid with its front up and the coin at its right, and the piece's size in mm."""
    points = np.concatenate([positions for _, positions, _, _ in scene.placed()]).astype(float)
    flat = np.ptp(points, axis=0)[1] < 0.42 * np.ptp(points, axis=0)[[0, 2]].min()
    how = pose.Pose.FLAT if flat else pose.Pose.LAID
    laid = scene.transformed(pose.placement(points, how))
    low, high = laid.bounds() / _MM
    right = float(high[0]) + _GAP_MM + coin.diameter / 2
    floor = float(high[2]) - coin.diameter / 2  # on the piece's lower edge, as if on a line
    blanks, parts = _blank(coin, right, floor if high[2] - low[2] > coin.diameter else 0.0)
    first = len(laid.geometries)
    moved = [replace(part, geometry=part.geometry + first, role=Role.OTHER) for part in parts]
    size = (high - low)[[0, 2]]
    joined = Scene((*laid.geometries, *blanks), (*laid.parts, *moved), unit="m", up="y")
    return joined, (float(size[0]), float(size[1]))


def _blank(coin: Coin, x: float, z: float) -> tuple[tuple[Mesh, ...], tuple[Part, ...]]:
    """The coin without its design: a rim, a flat field, a middle of another metal where it has."""
    r, t = coin.diameter / 2, coin.thickness
    rim = [(r - 1.2, t - 0.18), (r - 1.0, t), (r - 0.15, t), (r, t - 0.15), (r, 0.0)]
    if len(coin.colours) == 1:
        profiles = [[(0.0, t - 0.18), *rim]]
    else:
        inner = r * 0.7
        profiles = [[(0.0, t - 0.16), (inner, t - 0.16)], [(inner, t - 0.16), *rim]]
    meshes = tuple(_turned(profile, x, z) for profile in profiles)
    parts = tuple(
        Part(f"coin {number}", number, finish="satin", material=f"{OWN}{_DRAWN_AS[colour]}")
        for number, colour in enumerate(coin.colours)
    )
    return meshes, parts


def _turned(profile: Sequence[tuple[float, float]], x: float, z: float) -> Mesh:
    around = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    line = np.array(profile)
    points = np.stack(
        [
            x + line[:, :1] * np.cos(around),
            np.repeat(line[:, 1:], len(around), axis=1),
            z + line[:, :1] * np.sin(around),
        ],
        axis=-1,
    ).reshape(-1, 3)
    count = len(around)
    i, j = np.meshgrid(np.arange(len(line) - 1), np.arange(count), indexing="ij")
    a, b = i * count + j, i * count + (j + 1) % count
    c, d = a + count, b + count
    faces = np.concatenate([np.stack(f, axis=-1).reshape(-1, 3) for f in ((a, b, c), (b, d, c))])
    return Mesh((points * _MM).astype(np.float32), faces.astype(np.uint32))


def _above(low: pose.Vector, high: pose.Vector, frame: pose.Vector) -> pose.Camera:
    middle = (low + high) / 2
    target = np.array([middle[0], 0.0, middle[2] + _MARGIN_MM / 2]) * _MM
    back = np.array([0.0, 0.6, 0.0])
    return pose.Camera(
        target + back, target, np.array([0.0, 0.0, -1.0]), span=float(frame.min()) * _MM
    )


def _annotate(
    picture: Image.Image,
    scale: float,
    low: pose.Vector,
    coin: Coin,
    piece_mm: tuple[float, float],
) -> None:
    """Widths in millimetres under the piece and the coin: numbers need no translation."""
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(_FONT, max(11, round(picture.width / 52)))
    left = _MARGIN_MM
    words = (
        (left, left + piece_mm[0], f"{piece_mm[0]:.1f} × {piece_mm[1]:.1f} mm"),
        (
            left + piece_mm[0] + _GAP_MM,
            left + piece_mm[0] + _GAP_MM + coin.diameter,
            f"{coin.label}  Ø {coin.diameter:g} mm",
        ),
    )
    y = picture.height - _MARGIN_MM * scale * 1.15
    tick = scale * 0.8
    for start, end, text in words:
        a, b = start * scale, end * scale
        draw.line([(a, y), (b, y)], fill=_INK, width=max(1, round(scale / 8)))
        for x in (a, b):
            draw.line([(x, y - tick), (x, y + tick)], fill=_INK, width=max(1, round(scale / 8)))
        draw.text(((a + b) / 2, y + tick * 1.6), text, fill=_INK, font=font, anchor="mt")
