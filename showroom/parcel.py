"""Arrays with a JSON letter in one file: how processes of this package talk. Never pickle.

Layout, little-endian: `PVP1`, u32 length of the letter, the letter (JSON, padded with spaces to a
multiple of 8), then the arrays at the byte offsets that the letter's "arrays" names, each a
multiple of 8 counted from the end of the letter. `showroom/tools/parcel.mjs` is its twin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from showroom.errors import DamagedFile

MAGIC = b"PVP1"
_DTYPES = {"u1", "u2", "u4", "i1", "i2", "i4", "f4", "f8"}


def write(file: IO[bytes], letter: Mapping[str, Any], arrays: list[NDArray[Any]]) -> None:
    """Write one parcel."""
    table, offset = [], 0
    for array in arrays:
        table.append({"dtype": array.dtype.str[1:], "shape": array.shape, "offset": offset})
        offset += -(-array.nbytes // 8) * 8
    head = json.dumps({**letter, "arrays": table}, ensure_ascii=True).encode()
    head += b" " * (-(len(head) + 8) % 8)
    file.write(MAGIC + len(head).to_bytes(4, "little") + head)
    for array in arrays:
        file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
        file.write(b"\0" * (-array.nbytes % 8))


def read(path: Path) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """The letter and the arrays of a parcel, each array checked to be inside the file."""
    return unpack(path.read_bytes())


def unpack(blob: bytes) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """The letter and the arrays (views into `blob`)."""
    size = int.from_bytes(blob[4:8], "little")
    if blob[:4] != MAGIC or 8 + size > len(blob):
        raise DamagedFile("The reader's answer is damaged.")
    letter = dict(json.loads(blob[8 : 8 + size]))
    base = 8 + size
    arrays = []
    for entry in letter.pop("arrays"):
        kind, shape = str(entry["dtype"]), tuple(int(side) for side in entry["shape"])
        if kind not in _DTYPES or any(side < 0 for side in shape) or entry["offset"] < 0:
            raise DamagedFile("The reader's answer is damaged.")
        count = int(np.prod(shape, dtype=object)) if shape else 1
        dtype = np.dtype("<" + kind)
        start = base + int(entry["offset"])
        if start + count * dtype.itemsize > len(blob):
            raise DamagedFile("The reader's answer is cut short.")
        arrays.append(np.frombuffer(blob, dtype, count, start).reshape(shape))
    return letter, arrays
