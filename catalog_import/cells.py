"""Parsers of one cell. Each maker returns a function Cell → value or Fault, all of one shape."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from catalog_import import limits
from catalog_import.neutral import is_neutral, read_back
from catalog_import.numbers import Notation, read_decimal, tidy
from catalog_import.problems import Fault

_SHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
# Overrides and isolates can show a reader another text than a program compares,
# and a lone surrogate is no character at all: no database stores it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SHORTEST_SLIP = 6  # shorter words are one letter apart and mean other things: RMB and RUB
_EXACT_DIGITS = 15  # of a number in a workbook: IEEE 754
_FOLDED = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: str, int, float, bool, a date or None; never a formula's result.

    `terse` says that the hint is not shown: a suggestion costs milliseconds, and a sheet may
    hold a hundred thousand unknown words.
    """

    value: Any
    notation: Notation = Notation.UNKNOWN
    terse: bool = False


type Parser = Callable[[Cell], Any]
"""Returns the value, None for an empty cell, or a Fault."""


def fold(word: str) -> str:
    """A word without what people vary: width, case, spaces, hyphens, punctuation."""
    return _FOLDED.sub("", unicodedata.normalize("NFKC", word).casefold())


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
            f"The spreadsheet program turned this into a date or time ({value})",
            "Format the cell as text and type it again",
        )
    return Fault("formula", "The cell holds a formula", "Copy the column and paste it as values")


def _checked(text: str) -> str | Fault:
    if text.startswith("=") and len(text) > 1:
        return Fault(
            "formula", "The cell holds a formula", "Copy the column and paste it as values"
        )
    if text in _SHEET_ERRORS:
        return Fault(
            "sheet_error", f"The cell shows the error {text}", "Cure the formula behind it"
        )
    if _INVISIBLE.search(text):
        return Fault(
            "control_characters", "The text holds invisible control characters", "Retype it"
        )
    return text


def text(limit: int = 200, *, lines: bool = False) -> Parser:
    """Free text of at most `limit` characters; on one line unless `lines`."""

    def parse(cell: Cell) -> str | Fault | None:
        words = as_text(cell)
        if isinstance(words, Fault) or not words:
            return words or None
        tidied = words.replace("\r\n", "\n") if lines else " ".join(words.split())
        if len(tidied) > limit:
            return Fault("too_long", f"{len(tidied)} characters; at most {limit} fit", "Shorten it")
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
                f"The spreadsheet program stores this code as the number {cell.value!r}, which may"
                " not be what was typed",
                "Format the column as text and type the code again",
            )
        word = as_text(cell)
        if isinstance(word, Fault) or not word:
            return word or None
        word = unicodedata.normalize("NFKC", word)
        if len(word) > limit or not shape.fullmatch(word) or ".." in word or "//" in word:
            return Fault(
                "bad_code",
                f"“{word[:80]}” is not a code",
                f"Use up to {limit} letters, digits and - _ . / without spaces",
            )
        return word

    return parse


def _is_typed(value: float) -> bool:
    """Whether a number is a code as it was typed: whole, and of digits that were all stored."""
    if isinstance(value, bool) or value < 0:
        return False
    return float(value).is_integer() and value < 10**_EXACT_DIGITS


def decimal(
    low: Decimal, high: Decimal, *units: str, above: bool = False, share: bool = False
) -> Parser:
    """An exact number from `low` to `high` (`above`: more than `low`), with one of `units` or none.

    `share` warns of a percentage below one: a cell formatted as 15 % holds 0.15.
    """
    suffix = (
        re.compile(rf"\s*(?:{'|'.join(map(re.escape, units))})\.?\s*$", re.I) if units else None
    )

    def parse(cell: Cell) -> Any:
        number = _number(cell, suffix)
        if number is None or isinstance(number, Fault):
            return number
        if number < low or number > high or (above and number == low):
            start = f"more than {low}" if above else f"{low}"
            return Fault(
                "out_of_range", f"{number} is not from {start} to {high}", "Check the unit"
            )
        if share and 0 < number < 1:
            return Fault(
                "percent_below_one",
                f"{number} would be {number} %, which is hardly meant",
                f"Write {tidy(number * 100)} for {tidy(number * 100)} %",
            )
        return number

    return parse


def _number(cell: Cell, suffix: re.Pattern[str] | None) -> Decimal | Fault | None:
    value = cell.value
    if isinstance(value, bool):
        return Fault("not_a_number", f"{value} is not a number", "Write it as 1234.5")
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**18 else Fault("out_of_range", "Far too large")
    if isinstance(value, float):
        # repr gives the shortest number that is this float: what the author typed, not its binary.
        return (
            tidy(Decimal(repr(value))) if abs(value) < 1e18 else Fault("not_a_number", f"{value}")
        )
    words = as_text(cell)
    if isinstance(words, Fault) or not words:
        return words or None
    plain = unicodedata.normalize("NFKC", words)  # "3.2ｇ" and "8％" have their unit, too
    return read_decimal(suffix.sub("", plain) if suffix else plain, cell.notation)


def whole(low: int, high: int, *units: str) -> Parser:
    """A whole number from `low` to `high`."""
    number = decimal(Decimal(low), Decimal(high), *units)

    def parse(cell: Cell) -> Any:
        value = number(cell)
        if value is None or isinstance(value, Fault):
            return value
        if value != int(value):
            return Fault(
                "not_whole", f"{value} is not a whole number", "Pieces and days are counted"
            )
        return int(value)

    return parse


def choice(
    words: Mapping[str, str],
    noun: str,
    *,
    lenient: bool = False,
    hints: Mapping[str, str] | None = None,
    slips: bool = True,
) -> Parser:
    """One of the known words; `words` maps each folded spelling to its code.

    With `lenient`, an unknown text is kept as it is (finishes and cuts are the trade's to invent).
    Else it is a fault. `hints` are what to answer to words that are known to be asked. Without
    `slips` nothing is guessed beyond them: that is for words of law, where the nearest spelling may
    be another stone, country or currency. With it, a misspelling is named (`nearest`).
    """

    def parse(cell: Cell) -> str | Fault | None:
        word = as_text(cell)
        if isinstance(word, Fault) or not word:
            return word or None
        if (known := words.get(fold(word))) is not None:
            return known
        if lenient:
            return " ".join(word.split())[:80]
        hint = ""
        if not cell.terse:
            hint = (hints or {}).get(fold(word), "") or (nearest(word, words) if slips else "")
        return Fault(
            f"unknown_{noun.replace(' ', '_')}",
            f"There is no {noun} “{word[:60]}”",
            hint or f"Use one of: {', '.join(sorted(set(words.values()))[:25])}",
        )

    return parse


def nearest(word: str, words: Mapping[str, str]) -> str:
    """ "Did you mean …?" for a slip of one or two letters, or "" where it may be another word.

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
    close = difflib.get_close_matches(folded, alike, n=12, cutoff=0.88)
    meant = list(dict.fromkeys(words[spelling] for spelling in close))
    return f"Did you mean {meant[0]}?" if len(meant) == 1 else ""


def listing(item: Parser, *, slashes: bool = False) -> Parser:
    """Several values with commas, semicolons or new lines between; with `slashes`, these as well.

    A number of a certificate may hold a slash, a market's code may not.
    """
    between = re.compile(r"[,;|、，；／/\n]+" if slashes else r"[,;|、，；\n]+")

    def parse(cell: Cell) -> tuple[Any, ...] | Fault | None:
        words = as_text(cell)
        if isinstance(words, Fault) or not words:
            return words or None
        found: list[Any] = []
        for part in between.split(words):
            value = item(Cell(part, cell.notation, cell.terse))
            if isinstance(value, Fault):
                return value
            if value is not None and value not in found:
                found.append(value)
        return tuple(found) or None

    return parse


def hs_code(cell: Cell) -> str | Fault | None:
    """Six to twelve digits; dots and spaces are dropped. Chapter 71 alone holds jewellery."""
    word = as_text(cell)
    if isinstance(word, Fault) or not word:
        return word or None
    digits = re.sub(r"[.\s-]", "", unicodedata.normalize("NFKC", word))
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 12):
        return Fault(
            "bad_hs_code", f"“{word[:40]}” is no HS code", "Write six to twelve digits, as 711319"
        )
    return digits


def file_name(cell: Cell) -> str | Fault | None:
    """A plain file name beside the sheet: no folder, no drive, nothing that climbs out."""
    word = as_text(cell)
    if isinstance(word, Fault) or not word:
        return word or None
    if (
        re.search(r"[/\\:\0<>|?*\n]", word)
        or word.startswith((".", "~"))
        or len(word) > limits.FILE_NAME
    ):
        return Fault(
            "bad_model_file",
            f"“{word[:80]}” is not a plain file name",
            "Put the model beside the sheet and write its name only, as ring-01.3dm",
        )
    return word
