"""The formats a piece may come in: one module each, all of one shape.

A module has `NAME`, `detect(head, size) -> bool` on the first bytes, and
`read(path, limits) -> Scene`, which raises a `showroom.errors.Unreadable`. Files are recognised by
what is in them, never by what they are called. Readers run inside `showroom.sandbox` only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from showroom import files
from showroom.errors import DamagedFile, NothingToShow, TooLarge, UnknownFormat
from showroom.formats import glb, gltf, obj, ply, step, stl, threedm, threemf, zipped
from showroom.limits import DEFAULTS, Limits
from showroom.scene import Scene

HEAD = 4096


class Format(Protocol):
    """What every module of this package offers."""

    NAME: str

    def detect(self, head: bytes, size: int) -> bool:
        """Whether a file of that size and beginning is of this format."""
        ...

    def read(self, path: Path, limits: Limits) -> Scene:
        """The scene in the file."""
        ...


# Telling signs first; OBJ and ASCII STL are mere text and come last.
FORMATS: tuple[Format, ...] = (glb, threedm, step, threemf, zipped, ply, gltf, stl, obj)


def detect(path: Path) -> Format:
    """The format of a file by its content, or UnknownFormat."""
    size = path.stat().st_size
    if size == 0:
        raise NothingToShow("The file is empty.", hint="Export it again and upload the new file.")
    with path.open("rb") as file:
        head = file.read(HEAD)
    for candidate in FORMATS:
        if candidate.detect(head, size):
            # A 3MF file is a zip archive too; its other end says which of them it is.
            return zipped if candidate is threemf and not files.holds_3mf(path) else candidate
    raise UnknownFormat(
        "This is not a 3D file that we can read.",
        hint="Send STL, OBJ, PLY, GLB, glTF, 3MF, STEP or 3DM, or a ZIP of one piece's files.",
    )


def read(path: Path, limits: Limits = DEFAULTS) -> tuple[str, Scene]:
    """The name of the format and the scene. Call it through `showroom.sandbox.load`."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise TooLarge(
            f"The file has {size / 1e6:.0f} MB; {limits.file_bytes / 1e6:.0f} MB are allowed.",
            hint="Export with a coarser mesh setting.",
        )
    form = detect(path)
    try:
        return form.NAME, form.read(path, limits)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, RecursionError) as error:
        raise DamagedFile(
            f"The {form.NAME} file contradicts itself and cannot be read ({error}).",
            hint="Open it in your CAD program, export it again and upload the new file.",
        ) from error
