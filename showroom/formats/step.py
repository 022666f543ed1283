"""STEP (AP203, AP214, AP242) through Open CASCADE, which hands over a GLB of its own."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from showroom.errors import DamagedFile, NothingToShow, TooMuchMemory
from showroom.formats import glb
from showroom.limits import Limits
from showroom.scene import Scene

NAME = "STEP"
_COMPLAINTS = (b"Incorrect Syntax", b"Unresolved Reference", b"skipped node")
# Open CASCADE needs so many bytes for each of the file's: 44 MB took 1.42 GB and 62 MB 2.02 GB. It
# ends in a segmentation fault where it gets fewer, which would pass for a damaged file.
_MEMORY = 30
_ANGLE = 0.25  # radians between neighbouring facets; 0.5 shows on a polished band


def detect(head: bytes, size: int) -> bool:
    """The opening words of ISO 10303-21."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21")


def read(path: Path, limits: Limits) -> Scene:
    """A part per solid and assembly name. Open CASCADE converts the file's unit to metres."""
    import cascadio

    text = path.read_bytes()
    if b"END-ISO-10303-21" not in text[-4096:]:
        raise DamagedFile("The STEP file is cut short.", hint="Upload it again.")
    if not re.search(
        rb"MANIFOLD_SOLID_BREP|SHELL_BASED_SURFACE_MODEL|BREP_WITH_VOIDS|FACETED_BREP"
        rb"|TESSELLATED",
        text,
    ):
        raise NothingToShow("The STEP file has no solid.", hint="Export solids, not curves.")
    if len(text) * _MEMORY > limits.memory_bytes:
        raise TooMuchMemory(
            f"Reading {len(text) / 1e6:.0f} MB of STEP takes more memory than is allowed.",
            hint="Export surfaces, not facets, or send the mesh as 3MF or 3DM.",
        )
    del text
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.glb"
        with _listening() as said:
            status = cascadio.step_to_glb(
                str(path),
                str(target),
                tol_linear=limits.step_deflection,
                tol_angular=_ANGLE,
                use_parallel=False,
            )
        if status != 0 or not target.is_file():
            raise DamagedFile(
                "The STEP file cannot be read.", hint="Export it again as AP214 and upload it."
            )
        # Open CASCADE skips what it cannot parse and carries on with a piece that lacks parts.
        if any(word in said[0] for word in _COMPLAINTS):
            raise DamagedFile(
                "The STEP file has damaged entries; parts of the piece would be missing.",
                hint="Export it again and upload the new file.",
            )
        scene = glb.read(target, limits)
    return replace(scene, unit="m", convention="", up="z")


@contextmanager
def _listening() -> Iterator[list[bytes]]:
    """What the library prints to standard output meanwhile, as the list's only item."""
    said = [b""]
    with tempfile.TemporaryFile() as heard:
        kept = os.dup(1)
        os.dup2(heard.fileno(), 1)
        try:
            yield said
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            heard.seek(0)
            said[0] = heard.read(1 << 20)
