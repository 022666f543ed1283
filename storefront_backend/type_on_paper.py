"""Type on paper: a face for every script, and right-to-left lines in the order they are read.

A line may mix scripts: a Japanese name on a German invoice. Each run is set in the first face that
has its letters. Latin, Arabic and Thai are embedded; Chinese, Japanese and Korean use the standard
faces that a PDF reader brings (Adobe's CID fonts), as an embedded one would weigh megabytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import arabic_reshaper
import fontpkg_amiri
import fontpkg_eb_garamond
import fontpkg_noto_sans_thai
from bidi.algorithm import get_display
from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFont, UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from i18n import locales

LATIN, ARABIC, THAI = "EBGaramond", "Amiri", "NotoSansThai"
# https://adobe-type-tools.github.io/cid-keyed-fonts: the faces of Adobe's Asian font packs.
_CID = {"Jpan": "HeiseiMin-W3", "Kore": "HYSMyeongJo-Medium", "Hant": "MSung-Light"}  # by script
_CID_ELSE = "STSong-Light"
_FILES = {
    LATIN: Path(fontpkg_eb_garamond.ROOT) / "files" / "EBGaramond[wght].ttf",
    ARABIC: Path(fontpkg_amiri.ROOT) / "files" / "Amiri-Regular.ttf",
    THAI: Path(fontpkg_noto_sans_thai.ROOT) / "files" / "NotoSansThai[wdth,wght].ttf",
}
# Isolates and marks steer a browser; on paper the order is worked out here.
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c"))
_SPACES = {ord("\u202f"): "\u00a0", ord("\u2009"): "\u00a0"}
_RTL = range(0x0590, 0x08FF)
_shape = arabic_reshaper.ArabicReshaper({"use_unshaped_instead_of_isolated": True}).reshape


@cache
def register() -> dict[str, frozenset[int]]:
    """Make the faces known to reportlab; the code points of each embedded one."""
    for name in (*_CID.values(), _CID_ELSE):
        font = UnicodeCIDFont(name)
        if name == _CID["Hant"]:
            # reportlab 4.4 pairs this face with the encoding of mainland China, which no reader
            # finds in its character collection.
            CIDFont.__init__(font, name, "UniCNS-UCS2-H")
            font.name = font.fontName = name
        pdfmetrics.registerFont(font)
    covered = {}
    for name, path in _FILES.items():
        face = TTFont(name, str(path))
        pdfmetrics.registerFont(face)
        pdfmetrics.registerFontFamily(name, name, name, name, name)
        covered[name] = frozenset(face.face.charToGlyph)
    return covered


class Type:
    """Sets texts in one language."""

    def __init__(self, language: str) -> None:
        covered = register()
        spoken = locales.language(language)
        self.is_rtl = spoken.direction == "rtl"
        order = (ARABIC, LATIN, THAI) if self.is_rtl else (LATIN, ARABIC, THAI)
        self._faces = tuple((name, covered[name]) for name in order)
        self._cid = _CID.get(spoken.script, _CID_ELSE)
        self.face = order[0]

    @property
    def embedded(self) -> frozenset[int]:
        """The code points that an embedded face has."""
        return frozenset().union(*(covered for _, covered in self._faces))

    def paragraph(self, text: str, style: ParagraphStyle, width: float) -> Paragraph:
        """The text as a paragraph of at most that width in points."""
        text = text.translate(_MARKS).translate(_SPACES)
        lines = text.split("\n")
        if any(ord(letter) in _RTL for letter in text):
            # A paragraph that wraps by itself would wrap what is in visual order already.
            lines = [
                self._visual(part) for line in lines for part in self._wrapped(line, style, width)
            ]
        markup = "<br/>".join(self._markup(line) for line in lines)
        wrap = "CJK" if any(ord(letter) > 0x2E80 for letter in text) else None
        fitted = ParagraphStyle(style.name, parent=style, wordWrap=wrap)
        return Paragraph(markup, fitted)

    def style(self, size: float, color: Color, *, end: bool = False) -> ParagraphStyle:
        """A style of that size in points, aligned to where lines begin, or end."""
        right = end != self.is_rtl
        return ParagraphStyle(
            f"{size} {color} {end}",
            fontName=self.face,
            fontSize=size,
            leading=size * (1.5 if self.is_rtl else 1.3),
            alignment=TA_RIGHT if right else TA_LEFT,
            textColor=color,
        )

    def _visual(self, line: str) -> str:
        shown: str = get_display(_shape(line), base_dir="R" if self.is_rtl else "L")
        return shown

    def _wrapped(self, line: str, style: ParagraphStyle, width: float) -> list[str]:
        return _filled(line, lambda part: self._width(self._visual(part), style) <= width - 4)

    def _width(self, text: str, style: ParagraphStyle) -> float:
        return sum(
            float(pdfmetrics.stringWidth(run, face, style.fontSize))
            for face, run in self._runs(text)
        )

    def _markup(self, line: str) -> str:
        return "".join(
            f'<font name="{face}">{escape(run)}</font>' for face, run in self._runs(line)
        )

    def _runs(self, text: str) -> list[tuple[str, str]]:
        grouped = itertools.groupby(text, key=self._face_of)
        return [(face, "".join(letters)) for face, letters in grouped]

    def _face_of(self, letter: str) -> str:
        for name, covered in self._faces:
            if ord(letter) in covered:
                return name
        return self._cid


def _filled(line: str, fits: Callable[[str], bool]) -> list[str]:
    """Words put together as long as they fit."""
    lines: list[str] = []
    for word in line.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and fits(longer):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]
