"""Files that a mesh file names beside itself: opened only inside its own folder."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from showroom.errors import MissingFile, OutsideFile, TooLarge
from showroom.limits import Limits

_NAMERS = (".obj", ".gltf")
_NAMED = (".mtl", ".bin")
_MOST = 1000


def companions(source: Path) -> tuple[Path, ...]:
    """The files beside `source` that a reader may open, too; no reader decides that itself."""
    if source.suffix.lower() not in _NAMERS:
        return ()
    with os.scandir(source.parent) as entries:
        return tuple(
            Path(entry.path)
            for entry in islice(entries, _MOST)
            if entry.name.lower().endswith(_NAMED) and entry.is_file(follow_symlinks=False)
        )


def read_neighbour(source: Path, name: str, limits: Limits) -> bytes:
    """What is in a file that `source` names, or OutsideFile, MissingFile, TooLarge.

    Addresses, absolute paths, "..", and links that lead out of the folder are refused: a mesh file
    may never make us read anything but what the brand uploaded together.
    """
    plain = unquote(name).replace("\\", "/")
    parts = Path(plain).parts
    if urlsplit(name).scheme or plain.startswith("/") or ".." in parts or "\0" in plain:
        raise OutsideFile(
            f"The file asks for {name[:120]!r}, which is outside the upload.",
            hint="Export with all files in one folder, or as one GLB.",
        )
    folder = source.parent.resolve()
    path = folder / plain
    if not path.resolve().is_relative_to(folder):
        raise OutsideFile(f"{name[:120]!r} leads out of the upload's folder.")
    if not path.is_file():
        raise MissingFile(
            f"The file needs {name[:120]!r}, which did not come with it.",
            hint="Upload both together, or export as one GLB.",
        )
    if path.stat().st_size > limits.file_bytes:
        raise TooLarge(f"{name[:120]!r} is larger than {limits.file_bytes / 1e6:.0f} MB.")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise OutsideFile(
            f"The file asks for {name[:120]!r}, which is not part of the upload.",
            hint="Send the piece's files together in one ZIP.",
        ) from error
