"""Delimited text: which encoding, which delimiter, and its rows as a stream."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog_import.archive import Limits
from catalog_import.encodings import detect
from catalog_import.errors import SheetRefused
from catalog_import.numbers import Notation
from catalog_import.texts import say

DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD_LINES = 30


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written. `guessed` encodings deserve a look at the names."""

    encoding: str
    delimiter: str
    notation: Notation
    guessed: bool
    skip_lines: int = 0


def sniff(path: Path, named: str = "") -> Dialect:
    """The file's dialect, by reading it once in pieces; SheetRefused when it is not text.

    `named` is the encoding that its sender says it is in.
    """
    encoding, guessed = (_named(path, named), False) if named else _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        lines = [line for _, line in zip(range(_HEAD_LINES), _short_lines(stream), strict=False)]
    named = lines[0].strip().lower() if lines else ""
    if named.startswith("sep=") and len(named) == 5:  # Excel's own way of naming it
        return Dialect(encoding, named[4], _notation(named[4]), guessed, skip_lines=1)
    delimiter = max(DELIMITERS, key=lambda sign: _widest(lines, sign))
    return Dialect(encoding, delimiter, _notation(delimiter), guessed)


def rows(path: Path, dialect: Dialect, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its row as a spreadsheet program would show it."""
    with path.open(encoding=dialect.encoding, newline="") as stream:
        for _ in range(dialect.skip_lines):
            stream.readline()
        reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
        try:
            for number, record in enumerate(reader, 1 + dialect.skip_lines):
                if len(record) > limits.columns:
                    raise SheetRefused(
                        f"Row {number} has {len(record)} columns, more than {limits.columns}",
                        code="too_many_columns",
                    )
                yield number, record
        except csv.Error as error:
            raise SheetRefused(
                f"The text breaks off in line {reader.line_num}: {error}",
                code="damaged_file",
                hint="Look for a quotation mark that is opened and not closed",
            ) from error


def _encoding(path: Path) -> tuple[str, bool]:
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _sure(path, encoding), False
    if b"\0" in head:
        return _sure(path, _utf16(head)), False
    if _decodes(path, "utf-8"):
        return "utf-8", False
    guess = detect(_beginning(path))
    if guess is None:
        raise _unknown_encoding()
    return _sure(path, guess), True


def _named(path: Path, encoding: str) -> str:
    try:
        known = codecs.lookup(encoding)
    except LookupError:
        known = None
    if known is None or not known._is_text_encoding:
        raise SheetRefused(
            f"There is no encoding “{encoding[:40]}”",
            code="unknown_encoding",
            hint="Name one as utf-8, gb18030, big5, shift_jis, euc_kr or cp1252",
        )
    return _sure(path, known.name)


def _utf16(head: bytes) -> str:
    """Without a mark, what is detected is the byte order in which lines end and cells part."""
    whole = head[: len(head) & ~1]
    signs = ("\n", "\r", *DELIMITERS, " ")
    counts = {
        encoding: sum(_aligned(whole, sign.encode(encoding)) for sign in signs)
        for encoding in ("utf-16-le", "utf-16-be")
    }
    return max(counts, key=lambda encoding: counts[encoding])


def _aligned(content: bytes, sign: bytes) -> int:
    return sum(content[at : at + 2] == sign for at in range(0, len(content), 2))


def _beginning(path: Path) -> bytes:
    """Enough of the text to detect its language, to the end of a line: no letter is cut."""
    with path.open("rb") as stream:
        head = stream.read(_CHUNK)
        return head + stream.readline(_CHUNK)


def _unknown_encoding() -> SheetRefused:
    return SheetRefused(
        say("The text is not Unicode, and its encoding cannot be detected for certain"),
        code="unknown_encoding",
        hint=say("Save the sheet as .xlsx, or as CSV UTF-8"),
    )


def _sure(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise SheetRefused(
            "The text is in no encoding we read",
            code="unknown_encoding",
            hint="Save it as CSV UTF-8",
        )
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _short_lines(stream: Iterator[str]) -> Iterator[str]:
    for line in stream:
        yield line[: csv.field_size_limit()]


def _widest(lines: list[str], delimiter: str) -> int:
    try:
        return max((len(record) for record in csv.reader(lines, delimiter=delimiter)), default=0)
    except csv.Error:
        return 0


def _notation(delimiter: str) -> Notation:
    return {",": Notation.POINT, ";": Notation.COMMA}.get(delimiter, Notation.UNKNOWN)
