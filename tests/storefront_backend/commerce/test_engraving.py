"""What an engraver can cut, and that the faces of the preview hold every letter of it."""

from __future__ import annotations

import pytest

from storefront_backend import type_on_paper as paper_type
from storefront_backend.commerce.engraving import LETTERS, EngravingRefused, Script, length, read
from storefront_backend.web.engraving_picture import _FACES


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Für Zoë & Siân, 24·11·2026", Script.LATIN),
        ("2026", Script.LATIN),
        ("حبيبتي للأبد ٢٠٢٦", Script.ARABIC),
        ("รักนิรันดร์", Script.THAI),
        ("永遠の愛", Script.EAST_ASIAN),
        ("木綿 1931", Script.EAST_ASIAN),
        ("영원히", Script.EAST_ASIAN),
    ],
)
def test_the_scripts_of_our_shoppers_can_be_cut(text: str, script: Script) -> None:
    engraving = read(text, 30)
    assert (engraving.text, engraving.script) == (text, script)
    assert engraving.has_face is (script is not Script.EAST_ASIAN)


@pytest.mark.parametrize(
    ("text", "reason", "letters"),
    [
        ("I ♥ you", "letters", "♥"),
        ("Alice 💍💍", "letters", "💍"),
        ("two\nlines", "letters", "\n"),
        ("Люблю", "letters", "Любл"),
        ("<b>", "letters", "<>"),
        ("nul\x00", "letters", "\x00"),
        ("Alice وليد", "mixed", ""),
        ("much too long", "too_long", ""),
    ],
)
def test_what_cannot_be_cut_says_why(text: str, reason: str, letters: str) -> None:
    with pytest.raises(EngravingRefused) as refused:
        read(text, 10)
    said = refused.value
    assert (said.reason, said.letters, said.code) == (reason, letters, "engraving_refused")


def test_letters_are_counted_as_readers_do_and_marks_of_a_screen_are_left_out() -> None:
    assert length("นี้") == 1
    assert read("นี้" * 10, 10).text == "นี้" * 10
    assert read("\u2067حب\u2069 ", 2).text == "حب"
    assert read("Zoe\u0308", 3).text == "Zoë"


def test_nothing_to_cut_is_no_error() -> None:
    assert read("  ", 10).text == ""


@pytest.mark.parametrize("script", _FACES)
def test_the_face_of_a_script_holds_each_of_its_letters_and_the_signs(script: Script) -> None:
    faces = {Script.LATIN: "EBGaramond", Script.ARABIC: "Amiri", Script.THAI: "NotoSansThai"}
    covered = paper_type.register()[faces[script]]
    assert LETTERS[script] <= covered
    for sign in " 0123456789.,:;!?'’‘“”\"-–—&+/()·•@#":
        assert ord(sign) in covered
        assert read(sign + "a", 9).text.endswith("a")
