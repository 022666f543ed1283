"""A ZIP of one piece's files: an OBJ with its MTL, a glTF with its buffers and pictures."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from showroom import files
from showroom.errors import NestedArchive
from showroom.limits import Limits
from showroom.scene import Scene

NAME = "ZIP"


def detect(head: bytes, size: int) -> bool:
    """A zip archive that is no 3MF file, which `showroom.formats.detect` tells apart."""
    return head.startswith(files.MAGIC)


def read(path: Path, limits: Limits) -> Scene:
    """The scene of the one mesh file in it; whatever it names is looked for in the archive only."""
    from showroom import formats

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files.unpack(path, folder, limits)
        main = files.main_of(folder)
        if files.is_zip(main) and not files.holds_3mf(main):
            raise NestedArchive(
                f"{main.name[:120]!r} is an archive inside the archive.",
                hint="Unpack it and send the piece's files in one ZIP.",
            )
        inner, scene = formats.read(main, limits)
        said = f"{main.relative_to(folder)} was read out of the archive as {inner}."
        return replace(scene, notes=(said, *scene.notes))
