"""Size pictures: the piece beside a coin or on a hand, drawn to one scale.

Everything is seen from straight above without perspective, so a millimetre is the same length
everywhere. Coin and hand are lines, which say "this is a measure"; the piece alone has colour.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from showroom.hole import Hole
from showroom.materials import load
from showroom.poster import hand as hands
from showroom.poster import pose
from showroom.poster.framing import cloud
from showroom.poster.likeness import Likeness, Worn, draw
from showroom.poster.session import write
from showroom.poster.sheet import Sheet
from showroom.scene import Scene

_MM = 0.001
_GAP = 7.0  # millimetres between piece and measure …
_MARGIN = 7.0  # … and around them
_LINE = 0.0022  # of the sheet's width: the breadth of a measure's outline
_WRIST = -24.0  # where a bangle comes to rest, from the wrist's crease
_FADE = 42.0  # millimetres over which the arm's lines run out
_COARSE = 3  # pixels between the points at which the outline's distance is calculated
_FOR_RING, _FOR_BANGLE = (14.0, 8.0), (-118.0, 8.0)  # what is shown below the crease and above


@dataclass(frozen=True, slots=True)
class Coin:
    """A coin by its currency: label, millimetres, whether its middle is of another metal."""

    currency: str
    label: str
    diameter: float
    rings: int


@dataclass(frozen=True, slots=True)
class SizePicture:
    """The finished picture; `pixels_per_mm` holds in both directions."""

    webp: Path
    png: Path
    width: int
    height: int
    pixels_per_mm: float


@cache
def coins() -> dict[str, Coin]:
    """Every coin of coins.toml by its currency in lower case."""
    raw: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent / "coins.toml").read_text(encoding="utf-8")
    )
    return {
        code: Coin(code, one["label"], one["diameter"], one["metals"]) for code, one in raw.items()
    }


class SizePictures:
    """The size pictures of one piece, which is drawn once for each scale."""

    def __init__(self, scene: Scene, *, kind: str = "", alloy: str | None = None) -> None:
        self._library = load()
        if alloy is not None:
            self._library.alloy(alloy)
        self._alloy = alloy
        self._scene = scene
        self._kind = kind
        self._laid = _laid(scene, kind)
        self._drawn: dict[float, Likeness] = {}

    def coin(self, currency: str, *, width: int, out: Path) -> SizePicture:
        """The piece beside the coin of a currency, or the euro's where we know none."""
        coin = coins().get(currency.lower(), coins()["eur"])
        low, high = self._laid.bounds()[:, [0, 2]] / _MM
        bottom = max(high[1], low[1] + coin.diameter)  # both stand on one line
        top = min(low[1], bottom - coin.diameter)
        # The largest coin's sheet fills the width, so that one likeness does for all of them.
        beside = high[0] - low[0] + _GAP + 2 * _MARGIN
        scale = width / (beside + max(one.diameter for one in coins().values()))
        broad = beside + coin.diameter
        sheet = Sheet.of(low[0] - _MARGIN, top - _MARGIN, broad, bottom - top + 3 * _MARGIN, scale)
        middle = high[0] + _GAP + coin.diameter / 2
        x, y = sheet.grid()
        away = np.hypot(x - middle, y - bottom + coin.diameter / 2)
        line = _LINE * width / scale
        sheet.ink(away - coin.diameter / 2, line)
        sheet.ink(away - coin.diameter / 2 + 0.9, line / 2, 0.6)
        if coin.rings > 1:
            sheet.ink(away - coin.diameter * 0.35, line / 2, 0.6)
        sheet.paste(self._likeness(sheet.scale), 0.0, bottom - high[1], lying=True)
        below = bottom + _MARGIN * 0.75
        size = high - low
        sheet.dimension(low[0], high[0], below, f"{size[0]:.1f} × {size[1]:.1f} mm")
        start = middle - coin.diameter / 2
        words = f"{coin.label}  Ø {coin.diameter:g} mm"
        sheet.dimension(start, start + coin.diameter, below, words)
        return _finished(sheet, out)

    def hand(self, hole: Hole | None, *, width: int, out: Path) -> SizePicture:
        """A ring on its finger, a bangle around the wrist, anything else beside the hand.

        `hole` is the finger's or the wrist's, in the scene's coordinates.
        """
        upright = hole is not None and abs(hole.axis[2]) > 0.95
        if hole is not None and upright and self._kind in ("ring", "bangle"):
            sheet = self._worn(hole, width)
        else:
            sheet = self._beside(width)
        return _finished(sheet, out)

    def _worn(self, hole: Hole, width: int) -> Sheet:
        across = hole.diameter / _MM
        ring = self._kind == "ring"
        hand = hands.fitting(ring_mm=across) if ring else hands.fitting(bangle_mm=across)
        (at_x, at_y), lean = hand.ring_at() if ring else ((0.0, _WRIST), 0.0)
        low, high = _FOR_RING if ring else _FOR_BANGLE
        sheet = _hand_sheet(hand, -hand.length - high, -low, 0.0, width)
        # The piece comes after the hand: it hides the lines below it.
        _draw_hand(sheet, hand, ring_mm=across if ring else 0.0)
        turned = self._scene.transformed(_turn(hole, lean))
        half = across / 2 if ring else hand.wrist / 2
        way = (float(np.sin(np.radians(lean))), float(-np.cos(np.radians(lean))))
        worn = Worn((0.0, 0.0), way, 0.0, half)
        drawn = draw(turned, self._library, self._alloy, sheet.scale, worn=worn)
        sheet.paste(drawn, at_x, -at_y, lying=False)
        _bar(sheet)
        return sheet

    def _beside(self, width: int) -> Sheet:
        hand = hands.fitting()
        low, high = self._laid.bounds()[:, [0, 2]] / _MM
        size = high - low
        edge = -hand.breadth / 2 - 2 * _GAP  # the piece ends here, at the little finger's side
        top = -max(hand.length, hand.length / 2 + size[1] / 2) - 8.0
        bottom = max(12.0, size[1] / 2 - hand.length / 2 + 3 * _MARGIN)
        sheet = _hand_sheet(hand, top, bottom, float(size[0]) + 2 * _GAP, width)
        _draw_hand(sheet, hand)
        middle = -hand.length / 2
        sheet.paste(
            self._likeness(sheet.scale), edge - high[0], middle - (low[1] + high[1]) / 2, lying=True
        )
        words = f"{size[0]:.1f} × {size[1]:.1f} mm"
        sheet.dimension(edge - size[0], edge, middle + size[1] / 2 + 4.0, words)
        _bar(sheet)
        return sheet

    def _likeness(self, scale: float) -> Likeness:
        if scale not in self._drawn:
            self._drawn[scale] = draw(self._laid, self._library, self._alloy, scale)
        return self._drawn[scale]


def _laid(scene: Scene, kind: str) -> Scene:
    """The piece with its front up, as it is laid on a table."""
    points = cloud(scene)
    how = pose.choose_pose(points, kind)
    how = pose.Pose.LAID if how is pose.Pose.STANDING else how
    return scene.transformed(pose.placement(points, how))


def _turn(hole: Hole, lean: float) -> pose.Matrix:
    """Moves the hole's middle to the origin and its axis along a finger that leans."""
    c, s = np.cos(np.radians(lean)), np.sin(np.radians(lean))
    matrix = np.eye(4)
    matrix[:3, :3] = [[c, 0, -s], [0, 1, 0], [s, 0, c]]
    matrix[:3, 3] = -matrix[:3, :3] @ hole.centre
    return matrix


def _hand_sheet(hand: hands.Hand, top: float, bottom: float, room: float, width: int) -> Sheet:
    """Four to five, with `room` at the little finger's side; x = 0 is the hand's middle."""
    left, right = -hand.breadth * 0.5 - room - _MARGIN, hand.breadth * 0.89 + _MARGIN
    broad = max(right - left, (bottom - top) * 0.8)
    middle = (left + right) / 2
    high = broad / 0.8
    spare = high - (bottom - top)
    return Sheet.of(middle - broad / 2, top - spare * 0.4, broad, high, width / broad)


def _draw_hand(sheet: Sheet, hand: hands.Hand, *, ring_mm: float = 0.0) -> None:
    x, down = sheet.grid(_COARSE)
    outline = sheet.refined(hand.outline(x, -down, ring_mm=ring_mm), _COARSE)
    rows, columns = sheet.pixels.shape[:2]
    line = _LINE * columns / sheet.scale
    left = (rows - np.arange(rows)) / sheet.scale  # millimetres to the lower edge
    fade = ((left - 0.4 * _FADE) / _FADE).clip(0, 1)
    sheet.ink(outline, line, fade[:, None])
    details: list[hands.Stroke | hands.Nail] = [*hand.creases(), *hand.nails()]
    for fine in details:
        west, low, east, high = fine.around()
        near = sheet.part(west, -high, east, -low)
        if near.pixels.size:
            x, down = near.grid()
            near.ink(fine.distance(x, -down), line / 2, 0.55, smooth=isinstance(fine, hands.Nail))


def _bar(sheet: Sheet) -> None:
    """Ten millimetres, so that the picture can be measured on any screen."""
    rows = sheet.pixels.shape[0]
    y = sheet.top + rows / sheet.scale - (sheet.letters * 2.4) / sheet.scale
    start = sheet.left + 2.2 * sheet.letters / sheet.scale
    sheet.dimension(start, start + 10.0, y, "10 mm")


def _finished(sheet: Sheet, out: Path) -> SizePicture:
    pixels = sheet.finished()
    webp, png = write(pixels, out)
    return SizePicture(webp, png, pixels.shape[1], pixels.shape[0], sheet.scale)
