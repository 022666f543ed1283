"""STL, ASCII and binary: triangle soup without units, names or materials."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from showroom.errors import DamagedFile, NothingToShow, TooLarge
from showroom.limits import Limits
from showroom.scene import Points, Scene, one_part
from showroom.soup import joined
from showroom.text import numbers

NAME = "STL"
_AT_ONCE = 1 << 18  # triangles: the whole file beside its corners would double the memory
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def detect(head: bytes, size: int) -> bool:
    """Binary by its length, ASCII by its words; either may start with "solid"."""
    if len(head) >= 84 and 84 + 50 * int.from_bytes(head[80:84], "little") == size:
        return True
    return head.lstrip()[:5].lower() == b"solid" or _cut_short(head, size)


def _cut_short(head: bytes, size: int) -> bool:
    # A truncated binary file: zero or text in the header and a count that asks for more than came.
    if len(head) < 84 or head.startswith((b"{", b"#")):
        return False
    count = int.from_bytes(head[80:84], "little")
    return 0 < count < 50_000_000 and 84 + 50 * count > size and b"\0" in head


def read(path: Path, limits: Limits) -> Scene:
    """One part, corners that coincide joined. STL stores no unit; CAD puts Z up."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(84)
    count = int.from_bytes(head[80:84], "little") if len(head) == 84 else -1
    if 84 + 50 * count == size:
        corners = _binary(path, count, limits)
    elif head.lstrip()[:5].lower() == b"solid" and (found := _ascii(path, limits)) is not None:
        corners = found
    else:
        raise DamagedFile(
            f"The STL file announces {count:,} triangles, but its length does not match.",
            hint="The upload may have been cut short: send the file again.",
        )
    positions, faces = joined(corners)
    return one_part(path.stem, positions, faces, up="z")


def _binary(path: Path, count: int, limits: Limits) -> Points:
    _check(count, limits)
    corners = np.empty((count, 3, 3), np.float32)
    with path.open("rb") as file:
        file.seek(84)
        for start in range(0, count, _AT_ONCE):
            records = np.fromfile(file, _TRIANGLE, min(_AT_ONCE, count - start))
            corners[start : start + len(records)] = records["corners"]
    return corners.reshape(-1, 3)


def _ascii(path: Path, limits: Limits) -> Points | None:
    text = path.read_bytes()
    _check(text.count(b"endfacet"), limits)
    # Only the corners count: normals are computed again anyway, names are rarely set.
    rows = re.findall(rb"vertex[ \t]+([^\r\n]+)", text)
    del text
    if not rows or len(rows) % 3:
        return None
    return numbers(rows, 3).astype(np.float32)


def _check(count: int, limits: Limits) -> None:
    if count == 0:
        raise NothingToShow("The STL file has no triangles.", hint="Export the solid, not curves.")
    if count > limits.triangles:
        raise TooLarge(
            f"The file has {count:,} triangles; {limits.triangles:,} are allowed.",
            hint="Export with a coarser mesh setting.",
        )
