"""Files that a mesh file names beside itself: opened only inside its own folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from showroom.errors import MissingFile, OutsideFile, TooLarge
from showroom.limits import Limits


def neighbour(source: Path, name: str, limits: Limits) -> Path:
    """The path of a file that `source` names, or OutsideFile, MissingFile, TooLarge.

    Addresses, absolute paths, "..", and links that lead out of the folder are refused: a mesh file
    may never make us read anything but what the brand uploaded together.
    """
    plain = unquote(name).replace("\\", "/")
    parts = Path(plain).parts
    if urlsplit(name).scheme or plain.startswith("/") or ".." in parts or "\0" in plain:
        raise OutsideFile(
            f"The file asks for {name[:120]!r}, which lies outside the upload.",
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
    return path
