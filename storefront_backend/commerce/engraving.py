"""What an engraver can cut: one line in one script, of letters that the faces hold.

Latin, Arabic and Thai are cut in faces that we have (EB Garamond, Amiri, Noto Sans Thai), so that a
preview shows them as they will be. Chinese, Japanese and Korean are cut by hand in the engraver's
own; no one can draw those beforehand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storefront_backend.commerce.errors import InvalidRequest

LONGEST = 60  # code points, the limit for every piece


class Script(StrEnum):
    """Scripts that are cut. EAST_ASIAN: Chinese, Japanese and Korean."""

    LATIN = "latin"
    ARABIC = "arabic"
    THAI = "thai"
    EAST_ASIAN = "east-asian"


def _points(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(point for first, last in ranges for point in range(first, last + 1))


# In every face.
_SIGNS = frozenset(map(ord, " 0123456789.,:;!?'’‘“”\"-–—&+/()·•@#"))
LETTERS = {
    Script.LATIN: _points(
        (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17F), (0x218, 0x21B),
        (0x1EA0, 0x1EF9), (0x221E, 0x221E),
    ),
    Script.ARABIC: _points(
        (0x621, 0x63A), (0x640, 0x652), (0x660, 0x669), (0x670, 0x671), (0x6F0, 0x6F9),
        (0x679, 0x679), (0x67E, 0x67E), (0x686, 0x686), (0x688, 0x688), (0x691, 0x691),
        (0x698, 0x698), (0x6A9, 0x6A9), (0x6AF, 0x6AF), (0x6BA, 0x6BA), (0x6BE, 0x6BE),
        (0x6C1, 0x6C1), (0x6CC, 0x6CC), (0x6D2, 0x6D2), (0x60C, 0x60C), (0x61B, 0x61B),
        (0x61F, 0x61F),
    ),
    Script.THAI: _points((0xE01, 0xE3A), (0xE3F, 0xE5B)),
    Script.EAST_ASIAN: _points(
        (0x3001, 0x3002), (0x3005, 0x3007), (0x300C, 0x300F), (0x3041, 0x3096), (0x30A1, 0x30FC),
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF01), (0xFF0C, 0xFF0C),
        (0xFF1F, 0xFF1F),
    ),
}  # fmt: skip
# What steers a screen and is no letter: pasted texts carry it unseen.
_UNSEEN = dict.fromkeys(
    (0x200B, 0x200E, 0x200F, *range(0x2066, 0x206A), *range(0x202A, 0x202D), 0xFEFF)
)


class EngravingRefused(InvalidRequest):
    """A text that cannot be cut. `reason` is too_long, letters or mixed; `letters` are the bad."""

    code = "engraving_refused"

    def __init__(
        self, message: str, reason: str, *, letters: str = "", index: int | None = None
    ) -> None:
        super().__init__(message, field="engraving", index=index)
        self.reason = reason
        self.letters = letters


@dataclass(frozen=True, slots=True)
class Engraving:
    """A text that can be cut, as it will be. `script` is Latin where it is signs alone."""

    text: str
    script: Script

    @property
    def has_face(self) -> bool:
        """Whether we hold the face that it is cut in, and can show it."""
        return self.script is not Script.EAST_ASIAN


def read(text: str, longest: int, *, index: int | None = None) -> Engraving:
    """The text as it will be cut: composed, on one line, without what is not seen.

    `longest` counts letters as readers do: a vowel sign belongs to its consonant. `index` is that
    of the line, for the error. Raises EngravingRefused.
    """
    seen = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    cut = " ".join(seen.split(" ")).strip(" ")
    known = frozenset().union(_SIGNS, *LETTERS.values())
    bad = "".join(dict.fromkeys(letter for letter in cut if ord(letter) not in known))
    if bad:
        raise EngravingRefused(
            f"These characters cannot be engraved: {bad!r}", "letters", letters=bad, index=index
        )
    if length(cut) > longest or len(cut) > LONGEST:
        raise EngravingRefused(
            f"The engraving may have {longest} characters", "too_long", index=index
        )
    found = list(_scripts(cut))
    if len(found) > 1:
        raise EngravingRefused(
            f"One engraving is in one script, not in {' and '.join(found)}", "mixed", index=index
        )
    return Engraving(cut, found[0] if found else Script.LATIN)


def length(text: str) -> int:
    """Letters as readers count them."""
    return sum(not unicodedata.category(letter).startswith("M") for letter in text)


def _scripts(text: str) -> Iterable[Script]:
    points = set(map(ord, text)) - _SIGNS
    return (script for script, letters in LETTERS.items() if points & letters)
