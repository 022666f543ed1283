"""Numbers as people write them: "1,234.5", "1.234,5", "1'234", "１２", "٣٫٥"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from catalog_import.problems import Fault
from catalog_import.texts import say

# Characters. A longer "number" is somebody's serial number or an attack, and would not be exact in
# the 28 digits that decimals are calculated in.
_LONGEST = 25
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")  # the pairs are India's lakh
_SHAPE = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")
_SPACE_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


class Notation(StrEnum):
    """Which sign the file's author uses as the decimal sign, as far as the file shows it."""

    POINT = "point"  # comma-separated text: its program writes 1,234.5
    COMMA = "comma"  # semicolon-separated text: its program writes 1.234,5
    UNKNOWN = "unknown"


def read_decimal(text: str, notation: Notation = Notation.UNKNOWN) -> Decimal | Fault:
    """The number in `text`, or a Fault: "not_a_number", or "ambiguous_number" where two readings
    a thousandfold apart are both likely ("1,234" by an unknown hand). It never guesses.
    """
    plain = _plain_digits(text)
    if len(plain) > _LONGEST or not _SHAPE.fullmatch(plain):
        return Fault(
            "not_a_number",
            say("“{text}” is not a number", text=text[:60]),
            say("Write it as 1234.5"),
        )
    sign, body = (plain[0], plain[1:]) if plain[0] in "+-" else ("", plain)
    standard = _with_point(body, notation)
    if isinstance(standard, Fault):
        return standard
    return tidy(Decimal(sign + standard))


def tidy(number: Decimal) -> Decimal:
    """One spelling for one number: 3.20 and 3.2 must not look like a change."""
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short + 0


def _plain_digits(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).strip()
    signs = folded.translate({ord("٫"): ".", ord("٬"): "'", ord("−"): "-", ord("‐"): "-"})
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in signs)
    return _SPACE_BETWEEN_DIGITS.sub("", digits)


def _with_point(body: str, notation: Notation) -> str | Fault:
    marks = [sign for sign in body if sign in ".,"]
    if not marks:
        return body
    last = marks[-1]
    head, tail = body.rsplit(last, 1)
    if len(set(marks)) == 2:  # both signs: the last one is the decimal sign, if all fits
        other = marks[0]
        if last in head or not _GROUPED.fullmatch(head):
            return _unreadable(body)
        return f"{head.replace(other, '')}.{tail}"
    if len(marks) > 1:  # one sign, many times: only grouping looks like that
        return body.replace(last, "") if _GROUPED.fullmatch(body) else _unreadable(body)
    if not _GROUPED.fullmatch(body) or head.startswith("0"):
        return f"{head or '0'}.{tail or '0'}"
    return _settle(head, tail, last, notation)


def _settle(head: str, tail: str, sign: str, notation: Notation) -> str | Fault:
    """One sign with three digits behind it: 1,234 is a thousand to some and 1.234 to others."""
    if sign == "," and notation is Notation.POINT:
        return head + tail
    if (sign, notation) in ((",", Notation.UNKNOWN), (".", Notation.COMMA)):
        return Fault(
            "ambiguous_number",
            say(
                "“{head}{sign}{tail}” can be read as {head}{tail} or as {head}.{tail}",
                head=head,
                sign=sign,
                tail=tail,
            ),
            say(
                "Write {head}{tail} or {head}.{tail}0, or store the cell as a number",
                head=head,
                tail=tail,
            ),
        )
    return f"{head}.{tail}"


def _unreadable(body: str) -> Fault:
    return Fault(
        "not_a_number",
        say("“{body}” mixes points and commas in no known way", body=body),
        say("Write it as 1234.5"),
    )
