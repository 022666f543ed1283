"""How an engraving will look: the words cut into a band of the piece's metal.

A ring's words go round the inside of its band, so the band is drawn as one looks into the ring: a
strip of metal bent away from the eye. Other pieces show a flat plate. The size of the letters is
the picture's own choice: what the engraver takes is not known here.
"""

from __future__ import annotations

import io
from functools import cache
from html import escape
from pathlib import Path

import fontpkg_amiri
import fontpkg_eb_garamond
import fontpkg_noto_sans_thai
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from storefront_backend.commerce.engraving import Engraving, Script

type _Picture = npt.NDArray[np.float32]  # height × width × 3, 0 … 1
type _Depth = npt.NDArray[np.float32]  # height × width

SIZE = (960, 340)  # pixels; shown at half of it
_FACES = {
    Script.LATIN: Path(fontpkg_eb_garamond.ROOT) / "files" / "EBGaramond[wght].ttf",
    Script.ARABIC: Path(fontpkg_amiri.ROOT) / "files" / "Amiri-Regular.ttf",
    Script.THAI: Path(fontpkg_noto_sans_thai.ROOT) / "files" / "NotoSansThai[wdth,wght].ttf",
}
# Of the font size, what the height of a capital or its like is.
_CAPITAL = {Script.LATIN: 0.65, Script.ARABIC: 0.55, Script.THAI: 0.6}
# Colours of polished metal in daylight, as the swatches of the page have them: shade and light.
_METALS = (
    ("gold-999", "#c98a1b", "#f9dc7d"),
    ("gold-916", "#c98a1b", "#f9dc7d"),
    ("yellow", "#b98a35", "#f3dc9c"),
    ("rose", "#b87a60", "#f5d3c1"),
    ("white", "#a9a69d", "#f7f5f0"),
    ("platinum", "#a9a69d", "#f7f5f0"),
    ("", "#a3a3a0", "#f4f4f2"),
)
_PAPER = (250, 247, 240)
_SCALE = 1.5  # drawn larger, so that edges come out smooth
_BEND = 1.25  # radians to either side that a ring's band is seen
_MM = 27  # of the band that is seen, and of a plate
_LETTER_MM = 1.6  # a capital's height, less where the words would not fit


def picture(engraving: Engraving, alloy: str, *, ring: bool) -> tuple[bytes, str]:
    """The picture and its media type. What we have no face for is in the reader's own, as SVG."""
    if not engraving.has_face:
        return _svg(engraving, alloy, ring=ring).encode(), "image/svg+xml"
    strip = _metal(alloy, ring=ring)
    strip = _cut(strip, _words(engraving, strip.shape[1], strip.shape[0]))
    flat = _bent(strip) if ring else _plate(strip)
    target = io.BytesIO()
    flat.resize(SIZE, Image.Resampling.LANCZOS).save(target, "WEBP", quality=88, method=4)
    return target.getvalue(), "image/webp"


def _metal(alloy: str, *, ring: bool) -> _Picture:
    """A strip of brushed metal, unrolled."""
    width = int(SIZE[0] * _SCALE * (_BEND / np.sin(_BEND) if ring else 0.94))
    height = int(SIZE[1] * _SCALE * (0.5 if ring else 0.72))
    dark, light = (np.array(_rgb(colour)) / 255 for colour in _colours(alloy))
    across = np.linspace(-1, 1, width)[None, :]
    down = np.linspace(-1, 1, height)[:, None]
    # The band is hollow, so light gathers in its middle and windows are on the left.
    glow = 0.62 - 0.24 * down**2 + 0.2 * np.cos(across * 2.6 + 0.7) + 0.1 * np.cos(across * 9 - 2)
    grain = np.random.default_rng(7).normal(0, 1, (height, 1)) * 0.012
    tone = np.clip(glow + grain, 0, 1)[..., None]
    return np.asarray(dark * (1 - tone) + light * tone, dtype=np.float32)


def _words(engraving: Engraving, width: int, height: int) -> _Depth:
    """How deep the graver goes, 0 … 1, by pixel of the strip."""
    script, text = engraving.script, engraving.text
    size = _LETTER_MM * width / _MM / _CAPITAL[script]
    font = _face(script, int(size))
    direction = "rtl" if script is Script.ARABIC else "ltr"
    left, top, right, bottom = font.getbbox(text, direction=direction)
    fits = min(1, width * 0.84 / max(1, right - left), height * 0.66 / max(1, bottom - top))
    font = _face(script, max(8, int(size * fits)))
    left, top, right, bottom = font.getbbox(text, direction=direction)
    mask = Image.new("L", (width, height), 0)
    at = ((width - left - right) / 2, (height - top - bottom) / 2)
    ImageDraw.Draw(mask).text(at, text, fill=255, font=font, direction=direction)
    soft = mask.filter(ImageFilter.GaussianBlur(0.6))
    return np.asarray(np.asarray(soft) / 255, dtype=np.float32)


def _cut(strip: _Picture, depth: _Depth) -> _Picture:
    """Dark where the graver went, bright on the edge that faces the light from above."""
    lit = np.clip(np.roll(depth, 2, axis=0) - depth, 0, 1)[..., None]
    cut = strip * (1 - 0.7 * depth[..., None])
    return np.asarray(np.clip(cut + 0.45 * lit, 0, 1), dtype=np.float32)


def _bent(strip: _Picture) -> Image.Image:
    """The strip as the far inner side of a ring: narrower to the sides, and coming nearer there."""
    height, width, _ = strip.shape
    wide, high = int(SIZE[0] * _SCALE), int(SIZE[1] * _SCALE)
    radius = wide / 2 / np.sin(_BEND)
    angle = np.arcsin(np.clip((np.arange(wide) - wide / 2) / radius, -1, 1))
    column = np.clip(((angle / _BEND + 1) / 2 * (width - 1)), 0, width - 1).astype(int)
    nearer = 1 - np.cos(angle)
    top = high * 0.14 + nearer * high * 0.34
    tall = height * (1 + 0.12 * nearer)
    rows = np.arange(high, dtype=np.float32)[:, None]
    share = (rows - top[None, :]) / tall[None, :]
    inside = (share >= 0) & (share < 1)
    row = np.clip(share * (height - 1), 0, height - 1).astype(int)
    bent = strip[row, column[None, :]] * (0.55 + 0.45 * np.cos(angle) ** 0.5)[None, :, None]
    # The polished rims.
    rim = np.clip(1 - np.minimum(abs(share), abs(share - 1)) * 26, 0, 1)[..., None]
    bent = bent * (1 - 0.55 * rim) + 0.98 * 0.55 * rim
    paper = np.array(_PAPER) / 255
    return _image(np.where(inside[..., None], bent, paper))


def _plate(strip: _Picture) -> Image.Image:
    """The strip as a flat plate with round corners."""
    height, width, _ = strip.shape
    wide, high = int(SIZE[0] * _SCALE), int(SIZE[1] * _SCALE)
    sheet = Image.new("RGB", (wide, high), _PAPER)
    corners = Image.new("L", (width, height), 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, width - 1, height - 1), height // 4, fill=255)
    sheet.paste(_image(strip), ((wide - width) // 2, (high - height) // 2), corners)
    return sheet


def _svg(engraving: Engraving, alloy: str, *, ring: bool) -> str:
    """The words in the face that the reader's device has for them, on the same metal."""
    dark, light = _colours(alloy)
    width, height = SIZE
    size = min(0.06 * width, 0.86 * width / max(1, len(engraving.text)))
    ends, middle = height * 0.6, height * 0.2
    curve = f"M{width * 0.06} {ends} Q{width / 2} {middle} {width * 0.94} {ends}"
    shape = (
        f"M0 {height * 0.36} Q{width / 2} {height * -0.08} {width} {height * 0.36} V{height * 0.9}"
        f" Q{width / 2} {height * 0.42} 0 {height * 0.9} Z"
        if ring
        else f"M{width * 0.08} {height * 0.16} H{width * 0.92} V{height * 0.84} H{width * 0.08} Z"
    )
    words = escape(engraving.text)
    style = (
        f'font-family="serif" font-size="{size:.1f}" fill="{dark}" text-anchor="middle"'
        f' style="filter:brightness(.45)"'
    )
    text = (
        f'<path id="line" d="{curve}" fill="none"/><text {style} dy="{size * 0.6:.1f}">'
        f'<textPath href="#line" startOffset="50%">{words}</textPath></text>'
        if ring
        else f'<text {style} x="{width / 2}" y="{height / 2 + size * 0.35:.1f}">{words}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<defs><linearGradient id="metal"><stop stop-color="{dark}"/>'
        f'<stop offset=".45" stop-color="{light}"/><stop offset="1" stop-color="{dark}"/>'
        f'</linearGradient></defs><path d="{shape}" fill="url(#metal)"/>{text}</svg>'
    )


@cache
def _face(script: Script, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FACES[script]), size, layout_engine=ImageFont.Layout.RAQM)


def _colours(alloy: str) -> tuple[str, str]:
    return next((dark, light) for part, dark, light in _METALS if part in alloy)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _image(picture: _Picture) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8), "RGB")
