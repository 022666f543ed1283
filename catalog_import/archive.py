"""Looks through a workbook's archive before anything parses it, and refuses what is hostile.

openpyxl keeps a tree of every element it has seen, so an archive of a few kilobytes could cost
gigabytes: by expanding ("zip bomb"), by millions of tiny elements, or by one endless row. Every
part is therefore read once as a stream and counted, with nothing stored, and only then opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from catalog_import.errors import SheetRefused
from catalog_import.texts import say

_CHUNK = 1 << 20
_PICTURE_PACKS = 4
_CARRY = 64  # a tag name cut in two by a chunk's edge is found in the next one
_ROW = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:row|table-row)[\s/>]")
_MARKUP_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_MACROS = ("vbaproject.bin", "vbadata.xml")
_REACHES_OUT = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/model/")
_EMBEDS = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/", "xl/macrosheets/", "xl/dialogsheets/")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file we are ready to read; the defaults hold a brand's whole catalogue.

    Sizes are bytes, pictures not counted. A filled cell is four to six tags, so that `sheet_tags`
    holds all `rows` with 60 filled cells each.
    """

    file_bytes: int = 64 << 20
    unpacked_bytes: int = 1 << 30
    picture_bytes: int = 1 << 30
    parts: int = 2_000
    pictures: int = 50_000
    rows: int = 200_000
    columns: int = 256
    problems: int = 5_000  # stored; the rest are counted
    blank_rows: int = 5_000  # this many in a row are the end of the sheet
    tags_a_row: int = 4_000
    sheet_tags: int = 72_000_000
    tags_after_rows: int = 200_000  # validations, merged cells, conditional formats
    shared_tags: int = 16_000_000  # texts, which the whole workbook shares
    part_tags: int = 200_000  # any other part


EXCEL_ROWS = 1_048_576


def inspect(file: IO[bytes], limits: Limits) -> None:
    """Raise SheetRefused unless the archive is small, plain and passive."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_listing(parts, limits)
            unpacked = 0
            for part in parts:
                size = _check_part(archive, part, limits)
                unpacked += 0 if _is_picture(part) else size
                if unpacked > limits.unpacked_bytes:
                    raise _bomb(limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise SheetRefused(
            say("The workbook is damaged: {error}", error=error),
            code="damaged_file",
            hint=say("Open it in your spreadsheet program and save it again as .xlsx"),
        ) from error


def _check_listing(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    pictures = [part for part in parts if _is_picture(part)]
    others = [part for part in parts if not _is_picture(part)]
    if (
        len(others) > limits.parts
        or len(pictures) > limits.pictures
        or sum(part.file_size for part in others) > limits.unpacked_bytes
    ):
        raise _bomb(limits)
    if sum(part.file_size for part in pictures) > limits.picture_bytes:
        raise SheetRefused(
            f"The pictures have more than {limits.picture_bytes >> 20} MB",
            code="file_too_big",
            hint="Make them smaller, or hand them in beside the sheet",
        )
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        raise SheetRefused("Two parts of the workbook share one name", code="damaged_file")
    if "[content_types].xml" not in names and "content.xml" not in names:
        raise SheetRefused(
            "This is an archive, but no workbook",
            code="not_a_sheet",
            hint="Save the sheet as .xlsx",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(
            "The workbook is encrypted", code="encrypted", hint="Remove the password"
        )
    for name in names:
        if name.endswith(_MACROS) or name.startswith(_EMBEDS):
            raise SheetRefused(
                say("The workbook carries macros or embedded programs"),
                code="macros",
                hint=say("Save it as .xlsx without macros, embedded objects and form controls"),
            )
        if name.startswith(_REACHES_OUT):
            raise SheetRefused(
                say("The workbook draws values from other files or the network"),
                code="external_links",
                hint=say("Break the links (Data → Edit links) and save it again"),
            )


def _is_picture(part: zipfile.ZipInfo) -> bool:
    """A picture of the workbook. One that packs well is none: those are packed already."""
    in_place = part.filename.startswith(("xl/media/", "Pictures/", "media/"))
    return in_place and part.file_size <= _PICTURE_PACKS * max(part.compress_size, 1)


def weight(path: Path) -> int:
    """The bytes of an archive without its pictures."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            return size - sum(
                part.compress_size for part in archive.infolist() if _is_picture(part)
            )
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return size


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> int:
    """Stream one part; returns its real size in bytes.

    XML is detected by its first bytes: a relationship may call any file name a worksheet.
    """
    counter = _Counter(part.filename.lower(), limits)
    size = 0
    with archive.open(part) as stream:
        head = stream.read(_CHUNK)
        if not _looks_like_xml(head):
            return part.file_size
        _check_encoding(head, part.filename)
        while head:
            size += len(head)
            counter.feed(head)
            head = stream.read(_CHUNK)
    counter.finish()
    return size


def _looks_like_xml(head: bytes) -> bool:
    start = head.lstrip(b" \t\r\n")[:4]
    return start.startswith((b"<", b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b"\0"))


def _check_encoding(head: bytes, name: str) -> None:
    # Another encoding would hide from the byte patterns here what the XML parser then sees.
    declared = re.match(
        rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", head[:400]
    )
    if b"\0" in head[:400] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise SheetRefused(
            f"{name} is not UTF-8", code="damaged_file", hint="Save it again as .xlsx"
        )


class _Counter:
    """Counts the tags of one part as it streams by."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.sheet = name == "content.xml" or (
            name.startswith("xl/worksheets/") and not name.endswith(".rels")
        )
        self.limits = limits
        self.tail = b""
        self.rows = 0
        self.all_tags = 0
        self.tags = 0  # since the last row in a sheet, else since the start
        self.most = limits.shared_tags if name.endswith("sharedstrings.xml") else limits.part_tags

    def feed(self, chunk: bytes) -> None:
        """Count a chunk; a name split between two chunks is counted with the second."""
        text = self.tail + chunk
        cut = max(text.rfind(b"<"), len(text) - _CARRY, 0)
        text, self.tail = text[:cut], text[cut:]
        self._count(text)

    def finish(self) -> None:
        """Count what the last chunk left over."""
        self._count(self.tail)
        self._check(self.tags, self.limits.tags_after_rows if self.sheet else self.most)

    def _count(self, text: bytes) -> None:
        if _MARKUP_DECLARATION.search(text):
            raise SheetRefused(
                "The workbook declares XML entities, which no spreadsheet program writes",
                code="xml_entities",
                hint=say("Open it in your spreadsheet program and save it again as .xlsx"),
            )
        if not self.sheet:
            self.tags += text.count(b"<")
            return self._check(self.tags, self.most)
        self.all_tags += text.count(b"<")
        self._check(self.all_tags, self.limits.sheet_tags)
        first, *rest = _ROW.split(text)
        self.tags += first.count(b"<")
        for row in rest:
            self._check(self.tags, self.limits.tags_a_row if self.rows else self.most)
            self.rows += 1
            self.tags = row.count(b"<")
        if self.rows > EXCEL_ROWS:
            raise SheetRefused(
                f"The sheet has more than {EXCEL_ROWS:,} rows",
                code="too_many_rows",
                hint="Split it",
            )
        return self._check(self.tags, self.limits.tags_after_rows)

    def _check(self, tags: int, most: int) -> None:
        if tags > most:
            raise SheetRefused(
                f"A part of the workbook, or one row of it, holds more than {most:,} elements",
                code="zip_bomb",
                hint="Copy the catalogue into a fresh workbook",
            )


def _bomb(limits: Limits) -> SheetRefused:
    return SheetRefused(
        f"The workbook unpacks to more than {limits.unpacked_bytes >> 20} MB",
        code="zip_bomb",
        hint="Remove pictures and unused sheets, or split the catalogue",
    )
