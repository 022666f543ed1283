"""A sheet of paper measured in millimetres: lines, pictures, dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import reportlab
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from showroom.poster.likeness import Likeness

Field = NDArray[np.float64]

PAPER = (241.0, 238.0, 233.0)  # as the posters have it
INK = (112.0, 100.0, 87.0)
_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"  # has €, £, ¥, Ø and ×
_SHADOW = 0.20  # what a piece on the paper takes of its light
_SHADOW_MM = 1.1
_TICK_MM = 0.8


@dataclass(slots=True, eq=False)
class Sheet:
    """`left` and `top` are the millimetres of its corner; y grows downwards."""

    left: float
    top: float
    scale: float  # pixels a millimetre
    pixels: NDArray[np.float64]  # (rows, columns, 3), 0 to 255

    @staticmethod
    def of(left: float, top: float, width: float, height: float, scale: float) -> Sheet:
        """An empty sheet of so many millimetres."""
        size = (round(height * scale), round(width * scale), 1)
        return Sheet(left, top, scale, np.tile(PAPER, size))

    def grid(self, step: int = 1) -> tuple[Field, Field]:
        """x and y of the middle of every `step`-th pixel, and of one beyond the last."""
        rows, columns = self.pixels.shape[:2]
        more = 0 if step == 1 else step
        x = self.left + (np.arange(0, columns + more, step) + 0.5) / self.scale
        y = self.top + (np.arange(0, rows + more, step) + 0.5) / self.scale
        return np.meshgrid(x, y)

    def refined(self, coarse: Field, step: int) -> Field:
        """A smooth field of every `step`-th pixel as one of every pixel."""
        rows, columns = self.pixels.shape[:2]
        row, down = np.divmod(np.arange(rows) / step, 1)
        column, across = np.divmod(np.arange(columns) / step, 1)
        r, c = row.astype(int), column.astype(int)
        tall = coarse[r] * (1 - down)[:, None] + coarse[r + 1] * down[:, None]
        fine: Field = tall[:, c] * (1 - across) + tall[:, c + 1] * across
        return fine

    def part(self, left: float, top: float, right: float, bottom: float) -> Sheet:
        """The piece of paper between these lines; what is drawn on it is drawn on the whole."""
        rows, columns = self.pixels.shape[:2]
        a, b = (int((x - self.left) * self.scale) for x in (left, right))
        c, d = (int((y - self.top) * self.scale) for y in (top, bottom))
        a, b = max(0, min(a, columns)), max(0, min(b + 1, columns))
        c, d = max(0, min(c, rows)), max(0, min(d + 1, rows))
        corner = self.left + a / self.scale, self.top + c / self.scale
        return Sheet(*corner, self.scale, self.pixels[c:d, a:b])

    def ink(
        self,
        distance: Field,
        breadth_mm: float,
        strength: float | Field = 1.0,
        *,
        smooth: bool = True,
    ) -> None:
        """Draw where the distance from a line is under half its breadth.

        A `smooth` field may be steeper or flatter than a true distance; its slope mends that.
        """
        near = np.abs(distance)
        if smooth:
            near = near / np.hypot(*np.gradient(distance, 1 / self.scale)).clip(0.25, 4.0)
        cover = ((breadth_mm / 2 - near) * self.scale + 0.5).clip(0, 1) * strength
        _mix(self.pixels, cover[..., None], np.array(INK))

    def paste(self, drawn: Likeness, x: float, y: float, *, lying: bool) -> None:
        """Lay a likeness with its own (0, 0) at a point; `lying` casts a soft shadow."""
        from scipy.ndimage import gaussian_filter

        column = round((x + drawn.left - self.left) * self.scale)
        row = round((y + drawn.top - self.top) * self.scale)
        room = round(4 * _SHADOW_MM * self.scale)
        layer = np.pad(drawn.pixels.astype(np.float64), ((room, room), (room, room), (0, 0)))
        top, left = max(0, row - room), max(0, column - room)
        under = self.pixels[top : row + len(layer) - room, left : column + layer.shape[1] - room]
        first, start = top - row + room, left - column + room
        layer = layer[first : first + under.shape[0], start : start + under.shape[1]]
        cover = layer[..., 3:] / 255
        if lying:
            soft = gaussian_filter(cover[..., 0], _SHADOW_MM * self.scale)
            drop = round(0.7 * self.scale)
            _mix(under, _SHADOW * np.roll(soft, (drop, drop // 2), (0, 1))[..., None], np.zeros(3))
        _mix(under, cover, layer[..., :3])

    def dimension(self, start: float, end: float, y: float, text: str) -> None:
        """A line with ticks from `start` to `end` and the words below it."""
        self._drawn(lambda draw: self._dimension(draw, start, end, y, text))

    def _dimension(
        self, draw: ImageDraw.ImageDraw, start: float, end: float, y: float, text: str
    ) -> None:
        a, b = ((x - self.left) * self.scale for x in (start, end))
        line = (y - self.top) * self.scale
        tick, ink = _TICK_MM * self.scale, tuple(int(c) for c in INK)
        width = max(1, round(self.pixels.shape[1] / 700))
        draw.line([(a, line), (b, line)], fill=ink, width=width)
        for x in (a, b):
            draw.line([(x, line - tick), (x, line + tick)], fill=ink, width=width)
        font = ImageFont.truetype(_FONT, self.letters)
        # Words broader than their line stay on the paper.
        half = font.getlength(text) / 2 + self.letters
        middle = min(max((a + b) / 2, half), self.pixels.shape[1] - half)
        draw.text((middle, line + tick * 1.6), text, fill=ink, font=font, anchor="mt")

    @property
    def letters(self) -> int:
        """The size of words in pixels."""
        return max(11, int(self.pixels.shape[1]) // 52)

    def _drawn(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> None:
        picture = Image.fromarray(self.finished())
        draw(ImageDraw.Draw(picture))
        self.pixels[:] = np.asarray(picture)

    def finished(self) -> NDArray[np.uint8]:
        """The sheet as a picture."""
        return (self.pixels + 0.5).clip(0, 255).astype(np.uint8)


def _mix(pixels: NDArray[np.float64], cover: Field, colour: Field) -> None:
    pixels += (colour - pixels) * cover
