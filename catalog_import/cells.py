"""Parsers of one cell. Each maker returns a function Cell → value or Fault, all of one shape.

Numbers with their units and currencies are in `amounts`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from catalog_import import limits
from catalog_import.han import simplified
from catalog_import.neutral import is_neutral, read_back
from catalog_import.numbers import Notation
from catalog_import.problems import Fault
from catalog_import.texts import say

_SHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
# Overrides and isolates can show a reader another text than a program compares,
# and a lone surrogate is no character at all: no database stores it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SHORTEST_SLIP = 6  # shorter words are one letter apart and mean other things: RMB and RUB
_EXACT_DIGITS = 15  # of a number in a workbook: IEEE 754
_FOLDED = re.compile(r"[^\w]+|_")
# What people write into a cell that has nothing to say.
_NOTHING = re.compile(
    r"[-–—―_~/\\.·*、\s]{1,6}|n\.?\s?/?\s?a\.?|nil|null|none|not applicable|tbd|tba|nan"
    r"|无|無|没有|沒有|暂无|暫無|待定|未定|空|不适用|不適用|缺|未填|\(blank\)|\(空白\)",
    re.I,
)
_YES = frozenset({"有", "是", "yes", "y", "true", "√", "✓", "✔", "☑", "●", "o", "x", "1"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: str, int, float, bool, a date or None; never a formula's result.

    `terse` says that the hint is not shown: a suggestion costs milliseconds, and a sheet may
    hold a hundred thousand unknown words.
    """

    value: Any
    notation: Notation = Notation.UNKNOWN
    terse: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A value of which the cell says more: the currencies that it names, what to warn of, and
    what the words mean for other columns of the same part ("培育钻石" is lab-grown)."""

    value: Any
    currencies: frozenset[str] = frozenset()
    note: Fault | None = None
    also: Mapping[str, str] = field(default_factory=dict)


type Parser = Callable[[Cell], Any]
"""Returns the value, a Found, None for an empty cell, or a Fault."""


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word without what people vary: width, case, spaces, punctuation, the Chinese script."""
    return _FOLDED.sub("", simplified(unicodedata.normalize("NFKC", word)).casefold())


def says_nothing(word: str) -> bool:
    """Whether a text only fills its cell: "-", "N/A", 无."""
    return len(word) <= 20 and bool(_NOTHING.fullmatch(word.strip()))


def says_yes(value: object) -> bool:
    """Whether a cell ticks: ✓, 有, Y, TRUE."""
    if isinstance(value, bool):
        return value
    return isinstance(value, str) and value.strip().casefold() in _YES


def as_text(cell: Cell) -> str | Fault:
    """The cell as one trimmed text, "" when empty; formulas, sheet errors and dates are faults."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        words = unicodedata.normalize("NFC", value).strip()
        return read_back(words) if is_neutral(words) else _checked(words)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (date, time, timedelta)):
        return Fault(
            "unexpected_date",
            say(
                "The spreadsheet program turned this into a date or time ({value})",
                value=str(value),
            ),
            say("Format the cell as text and type it again"),
        )
    return _formula()


def _formula() -> Fault:
    return Fault(
        "formula",
        say("The cell holds a formula"),
        say("Copy the column and paste it as values"),
    )


def _checked(text: str) -> str | Fault:
    if text.startswith("=") and len(text) > 1:
        return _formula()
    if text in _SHEET_ERRORS:
        return Fault(
            "sheet_error",
            say("The cell shows the error {error}", error=text),
            say("Correct the formula behind it"),
        )
    if _INVISIBLE.search(text):
        return Fault(
            "control_characters",
            say("The text holds invisible control characters"),
            say("Retype it"),
        )
    return text


def text(limit: int = 200, *, lines: bool = False) -> Parser:
    """Free text of at most `limit` characters; on one line unless `lines`."""

    def parse(cell: Cell) -> str | Fault | None:
        words = as_text(cell)
        if isinstance(words, Fault) or not words or says_nothing(words):
            return words if isinstance(words, Fault) else None
        tidied = words.replace("\r\n", "\n") if lines else " ".join(words.split())
        if len(tidied) > limit:
            return Fault(
                "too_long",
                say("{length} characters; at most {limit} fit", length=len(tidied), limit=limit),
                say("Shorten it"),
            )
        return tidied

    return parse


def code(limit: int) -> Parser:
    """A product code or SKU: letters, digits and - _ . / only, so that it is safe in any URL.

    Full-width letters are the plain ones. A number is a code as long as the cell still shows what
    was typed: a spreadsheet program stores fifteen digits and turns the rest into zeros.
    """
    shape = re.compile(r"[\w][\w./-]*")

    def parse(cell: Cell) -> str | Fault | None:
        if isinstance(cell.value, bool | float | int) and not _is_typed(cell.value):
            return Fault(
                "code_as_number",
                say(
                    "The spreadsheet program stores this code as the number {number}, which may"
                    " not be what was typed",
                    number=repr(cell.value),
                ),
                say("Format the column as text and type the code again"),
            )
        word = as_text(cell)
        if isinstance(word, Fault) or not word or says_nothing(word):
            return word if isinstance(word, Fault) else None
        word = unicodedata.normalize("NFKC", word)
        if len(word) > limit or not shape.fullmatch(word) or ".." in word or "//" in word:
            return Fault(
                "bad_code",
                say("“{word}” is not a code", word=word[:80]),
                say("Use up to {limit} letters, digits and - _ . / without spaces", limit=limit),
            )
        return word

    return parse


def _is_typed(value: float) -> bool:
    """Whether a number is a code as it was typed: whole, and of digits that were all stored."""
    if isinstance(value, bool) or value < 0:
        return False
    return float(value).is_integer() and value < 10**_EXACT_DIGITS


def choice(
    words: Mapping[str, str],
    noun: str,
    *,
    lenient: bool = False,
    hints: Mapping[str, str] | None = None,
    slips: bool = True,
    read: Callable[[str], str | Found | Fault | None] | None = None,
) -> Parser:
    """One of the known words; `words` maps each folded spelling to its code.

    With `lenient`, an unknown text is kept as it is (finishes and cuts are the trade's to invent).
    Else it is a fault. `hints` are what to answer to words that are known to be asked. Without
    `slips` nothing is guessed beyond them: that is for words of law, where the nearest spelling may
    be another stone, country or currency. With it, a misspelling is named (`nearest`). `read`
    understands more than single words; what it does not know is None.
    """

    def parse(cell: Cell) -> str | Found | Fault | None:
        word = as_text(cell)
        if isinstance(word, Fault) or not word:
            return word or None
        folded = fold(word)
        if (known := words.get(folded)) is not None:
            return known
        if says_nothing(word):
            return None
        if read is not None and (more := read(word)) is not None:
            return more
        if lenient:
            return " ".join(word.split())[:80]
        guess = nearest(word, words) if slips and not cell.terse else ""
        answer = (hints or {}).get(folded, "") or (
            say("Did you mean {word}?", word=guess) if guess else ""
        )
        return Fault(
            f"unknown_{noun.replace(' ', '_')}",
            say(_UNKNOWN.get(noun, "There is no {noun} “{word}”"), noun=noun, word=word[:60]),
            answer or _one_of(words),
            guess=guess,
        )

    return parse


_UNKNOWN = {
    "kind": say("There is no kind of piece “{word}”").template,
    "alloy": say("There is no alloy “{word}”").template,
    "stone": say("There is no stone “{word}”").template,
    "stone origin": say("There is no stone origin “{word}”").template,
    "country": say("There is no country “{word}”").template,
    "market": say("There is no market “{word}”").template,
    "currency": say("There is no currency “{word}”").template,
    "making kind": say("There is no making kind “{word}”").template,
}


def _one_of(words: Mapping[str, str]) -> str:
    return say("Use one of: {words}", words=", ".join(sorted(set(words.values()))[:25]))


def nearest(word: str, words: Mapping[str, str]) -> str:
    """The code that a slip of one or two letters means, or "" where it may be another word.

    A suggestion has the same first letter and the same digits, is all but the same text, and is
    the only one: 925 is no slip for 999, and "earrings" is none for "rings".
    """
    folded = fold(word)
    if not _SHORTEST_SLIP <= len(folded) < 60:
        return ""
    digits = re.sub(r"\D", "", folded)
    alike = [
        known
        for known in words
        if known[:1] == folded[:1]
        and abs(len(known) - len(folded)) <= 2
        and re.sub(r"\D", "", known) == digits
    ]
    close = process.extract(folded, alike, scorer=fuzz.ratio, limit=12, score_cutoff=88)
    meant = list(dict.fromkeys(words[spelling] for spelling, _, _ in close))
    return meant[0] if len(meant) == 1 else ""


def listing(item: Parser, *, slashes: bool = False) -> Parser:
    """Several values with commas, semicolons or new lines between; with `slashes`, these as well.

    A number of a certificate may hold a slash, a market's code may not.
    """
    between = re.compile(r"[,;|、，；／/\n]+" if slashes else r"[,;|、，；\n]+")

    def parse(cell: Cell) -> tuple[Any, ...] | Fault | None:
        words = as_text(cell)
        if isinstance(words, Fault) or not words or says_nothing(words):
            return words if isinstance(words, Fault) else None
        found: list[Any] = []
        for part in between.split(words):
            value = item(Cell(part, cell.notation, cell.terse))
            if isinstance(value, Fault):
                return value
            if value is not None and value not in found:
                found.append(value)
        return tuple(found) or None

    return parse


def named(item: Parser) -> Parser:
    """What `item` reads; a mere tick (有, ✓) names nothing, and is told so."""

    def parse(cell: Cell) -> Any:
        if says_yes(cell.value) and cell.value not in ("1", 1):
            return Fault(
                "only_a_tick",
                say("“{word}” says that there is one, and not which", word=str(cell.value)[:20]),
                say("Write its name and number, or empty the cell"),
            )
        return item(cell)

    return parse


def hs_code(cell: Cell) -> str | Fault | None:
    """Six to twelve digits; dots and spaces are dropped. Chapter 71 alone holds jewellery."""
    word = as_text(cell)
    if isinstance(word, Fault) or not word or says_nothing(word):
        return word if isinstance(word, Fault) else None
    digits = re.sub(r"[.\s-]", "", unicodedata.normalize("NFKC", word))
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 12):
        return Fault(
            "bad_hs_code",
            say("“{word}” is no HS code", word=word[:40]),
            say("Write six to twelve digits, as 711319"),
        )
    return digits


def file_name(cell: Cell) -> str | Fault | None:
    """A plain file name beside the sheet: no folder, no drive, nothing that climbs out."""
    word = as_text(cell)
    if isinstance(word, Fault) or not word or says_nothing(word):
        return word if isinstance(word, Fault) else None
    if (
        re.search(r"[/\\:\0<>|?*\n]", word)
        or word.startswith((".", "~"))
        or len(word) > limits.FILE_NAME
    ):
        return Fault(
            "bad_model_file",
            say("“{word}” is not a plain file name", word=word[:80]),
            say("Put the model beside the sheet and write its name only, as ring-01.3dm"),
        )
    return word
