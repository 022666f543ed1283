"""A ZIP of one sheet with its meshes and pictures."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from catalog_import.archive import Limits
from catalog_import.errors import SheetRefused

SHEETS = (
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".jsonl", ".ndjson",
)  # fmt: skip
_LITTER = ("thumbs.db", "desktop.ini")  # of Windows, not of a brand
_UTF8_NAME = 0x800
_ENCRYPTED = 1
_MOST_MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sheet, and the paths in the archive of the files that came with it."""

    sheet: Path
    files: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Bundle]:
    """The sheet of a bundle, unpacked while the context lasts; any other file is its own sheet.

    Raises SheetRefused where the archive is hostile or damaged, or has not exactly one sheet.
    """
    if not _is_bundle(path):
        yield Bundle(path)
        return
    with tempfile.TemporaryDirectory() as folder, _damage(), zipfile.ZipFile(path) as archive:
        members = _members(archive)
        sheets = [each for each in members if PurePosixPath(each).suffix.lower() in SHEETS]
        if len(sheets) != 1:
            raise SheetRefused(
                "This is an archive without a sheet"
                if not sheets
                else f"The archive holds {len(sheets)} sheets: {', '.join(sorted(sheets)[:5])}",
                code="not_a_sheet" if not sheets else "several_files",
                hint="Pack one sheet with its meshes and pictures",
            )
        target = Path(folder) / PurePosixPath(sheets[0]).name
        _unpack(archive, members[sheets[0]], target, limits)
        yield Bundle(target, tuple(each for each in members if each != sheets[0]))


@dataclass(frozen=True, slots=True)
class Members:
    """The files of an open archive, by the paths that `Bundle.files` gives them."""

    _archive: zipfile.ZipFile
    _parts: dict[str, zipfile.ZipInfo]

    @contextmanager
    def open(self, name: str, limit: int) -> Iterator[BinaryIO]:
        """One file as a stream.

        Raises SheetRefused where it is not there, damaged, or says that it is larger than the
        limit. One that holds more than it says is cut off there, and its checksum fails.
        """
        part = self._parts.get(name)
        if part is None:
            raise SheetRefused(f"{name} is not in the archive", code="damaged_file")
        if part.file_size > limit:
            raise SheetRefused(
                f"{name} has {part.file_size >> 20} MB; at most {limit >> 20} MB are taken",
                code="file_too_big",
                hint="Make it smaller, and pack it again",
            )
        with _damage(), self._archive.open(part) as source:
            yield cast(BinaryIO, source)


@contextmanager
def members(path: Path) -> Iterator[Members]:
    """The files of an archive, or the parts of a workbook. Raises SheetRefused."""
    with _damage(), zipfile.ZipFile(path) as archive:
        yield Members(archive, _members(archive))


def _is_bundle(path: Path) -> bool:
    """Whether a file is an archive that is no workbook itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return not names & {"[content_types].xml", "content.xml"}


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by the name that their packer meant."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > _MOST_MEMBERS:
        raise SheetRefused(
            f"The archive holds more than {_MOST_MEMBERS:,} files", code="zip_bomb", hint="Split it"
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise SheetRefused(
            "The archive has a password", code="encrypted", hint="Pack it without one"
        )
    named = {_name(part): part for part in parts}
    return {
        name: part
        for name, part in named.items()
        if "__MACOSX" not in name
        and not PurePosixPath(name).name.startswith((".", "~$"))
        and PurePosixPath(name).name.lower() not in _LITTER
    }


def _name(part: zipfile.ZipInfo) -> str:
    """Windows in China packs names in GB 18030 without a word; zipfile reads them as cp437."""
    if part.flag_bits & _UTF8_NAME or part.filename.isascii():
        return part.filename
    raw = part.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path, limits: Limits) -> None:
    if part.file_size > limits.file_bytes:
        raise SheetRefused(
            f"The sheet has {part.file_size >> 20} MB; at most {limits.file_bytes >> 20} MB are"
            " read",
            code="file_too_big",
            hint="Split the catalogue",
        )
    with archive.open(part) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise SheetRefused(
            f"The archive is damaged: {error}", code="damaged_file", hint="Pack it again"
        ) from error
