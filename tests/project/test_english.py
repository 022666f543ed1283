"""Plain technical English: words that a reader of today stumbles over do not come back."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.project.files import ROOT, ours, text

DATA = Path("tests/project/archaic_words.toml")
RULES = tomllib.loads((ROOT / DATA).read_text(encoding="utf-8"))
INSTEAD: dict[str, str] = RULES["instead"]
ALLOWED: list[dict[str, str]] = RULES["allowed"]
WORDS = re.compile(rf"\b(?:{'|'.join(map(re.escape, INSTEAD))})\b", re.IGNORECASE)
# Prose and code that we write in English. The .po files hold other languages, and English as msgids
# which come from the code; Saleor's schema is Saleor's.
KINDS = {
    ".py",
    ".ts",
    ".mjs",
    ".css",
    ".html",
    ".toml",
    ".md",
    ".sh",
    ".yaml",
    ".yml",
    ".graphql",
    "",
}
NOT_OURS = ("tests/saleor_api/", DATA.as_posix(), "tests/project/test_english.py")


def archaic(words: str) -> list[tuple[int, str]]:
    """(line, word) of each word in a text that is on the list."""
    return [
        (number, found.group().lower())
        for number, line in enumerate(words.splitlines(), 1)
        for found in WORDS.finditer(line)
    ]


def allowed(path: str, word: str) -> bool:
    return any(path.startswith(each["path"]) and each["word"] == word for each in ALLOWED)


def test_no_file_uses_an_archaic_word() -> None:
    found = [
        f"{path}:{line}: {word!r}, write: {INSTEAD[word]}"
        for path in ours()
        if path.suffix in KINDS and not path.as_posix().startswith(NOT_OURS)
        for line, word in archaic(text(path))
        if not allowed(path.as_posix(), word)
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    used = {
        (each["path"], each["word"])
        for each in ALLOWED
        for path in ours()
        if path.as_posix().startswith(each["path"])
        for _, word in archaic(text(path))
        if each["word"] == word
    }
    assert [each for each in ALLOWED if (each["path"], each["word"]) not in used] == []


@pytest.mark.parametrize(
    ("line", "word"),
    [("Totals are Reckoned on reading.", "reckoned"), ("def call_off(parcel):", "call_off")],
)
def test_a_word_is_found_in_prose_and_in_a_name(line: str, word: str) -> None:
    assert archaic(f"First.\n{line}") == [(2, word)]


def test_a_part_of_another_word_is_none() -> None:
    assert archaic("Unreckonable nobodyness, recall_offer") == []
