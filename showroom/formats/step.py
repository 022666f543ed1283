"""STEP (AP203, AP214, AP242) through Open CASCADE, which hands over a GLB of its own."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from showroom.errors import DamagedFile, NothingToShow
from showroom.formats import glb
from showroom.limits import Limits
from showroom.scene import Scene

NAME = "STEP"
_MM_DEFLECTION_ANGLE = 0.25  # radians between neighbouring facets; 0.5 shows on a polished band


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
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.glb"
        status = cascadio.step_to_glb(
            str(path),
            str(target),
            tol_linear=limits.step_deflection,
            tol_angular=_MM_DEFLECTION_ANGLE,
            use_parallel=False,
        )
        if status != 0 or not target.is_file():
            raise DamagedFile(
                "The STEP file cannot be read.", hint="Export it again as AP214 and upload it."
            )
        scene = glb.read(target, limits)
    return replace(scene, unit="m", convention="", up="z")
