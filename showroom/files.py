"""The files of one piece as a set: a folder or a ZIP, opened within limits, known by content.

A set is packed in one way only, whatever order, dates and compression it came with, so that the
same files always have the same digest.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from showroom.errors import (
    DamagedFile,
    LockedArchive,
    NestedArchive,
    NothingToShow,
    OutsideFile,
    SeveralPieces,
    TooLarge,
    UnknownFormat,
    Unreadable,
)
from showroom.limits import Limits

MAGIC = b"PK\x03\x04"
# What the piece's one mesh may be called; the reader then goes by what is in it.
MESHES = (".3dm", ".step", ".stp", ".3mf", ".gltf", ".glb", ".obj", ".ply", ".stl")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cab", ".iso")
_JUNK = ("__macosx", "thumbs.db", "desktop.ini")
_MOST_FILES = 1000
_LARGEST_DIRECTORY = 1 << 20  # bytes of names; read before anything is believed
_HIGHEST_RATIO = 200  # text meshes come to 10; more is a bomb
_DEEPEST, _LONGEST = 8, 200
_CHUNK = 1 << 18
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest that a ZIP can say


def is_zip(path: Path) -> bool:
    """Whether a file begins as a ZIP archive does; a 3MF file does, too."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def holds_3mf(path: Path) -> bool:
    """Whether a zip archive is a 3MF file."""
    with _opened(path) as archive:
        return any(name.lower().endswith(".model") for name in archive.namelist())


def suffixes(path: Path) -> set[str]:
    """How the names in an archive end, in lower case; none of one that cannot be opened."""
    try:
        with _opened(path) as archive:
            return {PurePosixPath(name).suffix.lower() for name in archive.namelist()}
    except Unreadable:
        return set()


def main_of(folder: Path) -> Path:
    """The one mesh in a folder, or UnknownFormat, SeveralPieces."""
    meshes = [path for path in _own(folder) if path.suffix.lower() in MESHES]
    if not meshes:
        raise UnknownFormat(
            "There is no 3D file in it that we can read.",
            hint="Send STL, OBJ, PLY, GLB, glTF, 3MF, STEP or 3DM with what belongs to it.",
        )
    if len(meshes) > 1:
        names = ", ".join(sorted(path.name for path in meshes)[:5])
        raise SeveralPieces(
            f"There are {len(meshes)} 3D files in it: {names[:300]}.",
            hint="Send each piece by itself, with the files that belong to it.",
        )
    return meshes[0]


def unpack(archive: Path, folder: Path, limits: Limits) -> None:
    """Write what an archive holds into an empty folder, or refuse it and leave nothing behind."""
    try:
        with _opened(archive) as opened:
            left = limits.unpacked_bytes
            for entry in _accepted(opened, limits):
                target = folder / entry.filename.replace("\\", "/")
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("xb") as sink:
                    left -= _copied(source, sink, min(left, entry.file_size))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        _emptied(folder)
        raise DamagedFile(
            f"The archive is damaged ({error}).", hint="Pack it again, as an ordinary ZIP."
        ) from error
    except BaseException:
        _emptied(folder)
        raise


def pack(folder: Path, target: Path) -> None:
    """Write the one ZIP that a set of files has, without what operating systems leave behind."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in _own(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3  # wherever it is packed
            with path.open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)


def settle(source: Path, target: Path, workspace: Path, limits: Limits) -> Path:
    """The set in a ZIP as its one ZIP at `target`; a single file stays what it is.

    `workspace` is an empty folder for the files. Raises what `unpack` and `main_of` do. For an
    untrusted ZIP call `showroom.sandbox.settle`, which does this in a child.
    """
    if not is_zip(source) or holds_3mf(source):
        return source
    unpack(source, workspace, limits)
    return settle_folder(workspace, target, limits)


def settle_folder(folder: Path, target: Path, limits: Limits) -> Path:
    """The set in a folder as its one ZIP at `target`, or TooLarge and what `main_of` raises."""
    if sum(path.stat().st_size for path in _own(folder)) > limits.unpacked_bytes:
        raise TooLarge(f"The files have over {limits.unpacked_bytes / 1e6:.0f} MB together.")
    main_of(folder)
    pack(folder, target)
    return target


def _own(folder: Path) -> list[Path]:
    """The set's files in order, links and what operating systems leave behind left out."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_symlink() or not path.is_file() or _is_junk(parts):
            continue
        found.append(path)
        if len(found) > _MOST_FILES:
            raise TooLarge(f"There are over {_MOST_FILES:,} files in it.")
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _is_junk(parts: tuple[str, ...]) -> bool:
    return any(part.lower() in _JUNK or part.startswith(".") for part in parts)


def _opened(path: Path) -> zipfile.ZipFile:
    """The archive, once its directory is known to be small enough to be read at all."""
    count, length = _directory(path)
    if count > _MOST_FILES or length > _LARGEST_DIRECTORY:
        raise TooLarge(f"The archive holds over {_MOST_FILES:,} files.")
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise DamagedFile(f"The archive is damaged ({error}).", hint="Pack it again.") from error


def _directory(path: Path) -> tuple[int, int]:
    """How many files the archive's end announces, and the bytes of their names.

    The layout is that of PKWARE's APPNOTE 6.3.10, 4.3.14 to 4.3.16: the end record, and before it
    perhaps the place of a record with wider numbers, which then takes precedence.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 42))
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0 or end + 22 > len(tail):
            raise DamagedFile("The archive is cut short.", hint="Upload it again.")
        numbers = [tail[end + 10 : end + 12], tail[end + 12 : end + 16]]
        if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":
            file.seek(min(int.from_bytes(tail[end - 12 : end - 4], "little"), 1 << 62))
            wide = file.read(56)
            numbers = [wide[32:40], wide[40:48]]
    count, length = (int.from_bytes(number, "little") for number in numbers)
    return count, length


def _accepted(archive: zipfile.ZipFile, limits: Limits) -> Iterator[zipfile.ZipInfo]:
    """The files of an archive, all of them looked at before the first is opened."""
    kept: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        _check_place(name)
        if _is_junk(PurePosixPath(name).parts):
            continue
        mode = entry.external_attr >> 16
        if mode and (mode & 0o170000) not in (0, 0o100000, 0o040000):
            raise OutsideFile(
                f"{name[:120]!r} in the archive is a link, which is never followed.",
                hint="Pack the files themselves.",
            )
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            raise LockedArchive("The archive has a password.", hint="Pack it without one.")
        if name.lower().endswith(_ARCHIVES):
            raise NestedArchive(
                f"{name[:120]!r} is an archive inside the archive.",
                hint="Unpack it and send the piece's files in one ZIP.",
            )
        if name.casefold() in kept:
            raise DamagedFile(f"{name[:120]!r} is in the archive twice.", hint="Pack it again.")
        total += entry.file_size
        bomb = entry.file_size > max(1 << 20, _HIGHEST_RATIO * entry.compress_size)
        if bomb or total > limits.unpacked_bytes:
            raise TooLarge(
                "The archive unpacks to far more than a piece can need.",
                hint=f"Send {limits.unpacked_bytes / 1e6:.0f} MB of files at most.",
            )
        kept[name.casefold()] = entry
    if not kept:
        raise NothingToShow("The archive is empty.", hint="Pack the piece's files into it.")
    yield from kept.values()


def _check_place(name: str) -> None:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name or not name.isprintable():
        raise OutsideFile(
            f"The archive asks for {name[:120]!r}, which is outside of it.",
            hint="Pack the piece's folder again, with plain names.",
        )
    if len(parts) > _DEEPEST or len(name) > _LONGEST:
        raise DamagedFile(f"{name[:120]!r} is nested too deep or named too long.")


def _copied(source: IO[bytes], sink: IO[bytes], most: int) -> int:
    """Copy and count; what unpacks to more than it announced is refused."""
    count = 0
    while chunk := source.read(_CHUNK):
        count += len(chunk)
        if count > most:
            raise TooLarge("The archive unpacks to more than it announces.")
        sink.write(chunk)
    return count


def _emptied(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
