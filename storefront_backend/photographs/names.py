"""What a photograph's file is called, and which piece and place its name means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from storefront_backend.commerce.errors import InvalidRequest

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff")
_LONGEST = 200
_CHUNK = 1 << 20
# "RING-001-2", "RING-001_front", "RING-001 (3)": what may stand behind a piece's code.
_BEHIND = re.compile(r"[-_ .(#].*")


def file_name(given: str) -> str:
    """A file's name without folders. Raises InvalidRequest."""
    name = PurePosixPath(given.replace("\\", "/")).name.strip()
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise InvalidRequest("That is not a file name", field="name")
    return name


def name_in(url: str) -> str:
    """What a file at an address is called."""
    name = PurePosixPath(unquote(urlsplit(url).path)).name[:_LONGEST]
    return name if name and name.isprintable() else "photograph"


def digest_of(file: BinaryIO) -> tuple[str, int]:
    """The SHA-256 in hex, and how many bytes; the file is rewound."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


def piece_of(path: str, codes: Iterable[str]) -> str:
    """The code of the piece that a file's name means, empty where it means none.

    `RING-001.jpg`, `ring-001-2.jpg`, `RING-001_front.png` and `RING-001/any.jpg`; the longest code
    that fits, so RING-001-A is not taken for RING-001.
    """
    parts = PurePosixPath(path.replace("\\", "/"))
    names = [parts.stem, *reversed(parts.parent.parts)]
    for name in names:
        folded = name.casefold()
        fitting = [
            code
            for code in codes
            if folded == code.casefold()
            or (folded.startswith(code.casefold()) and _BEHIND.match(name[len(code) :]))
        ]
        if fitting:
            return max(fitting, key=len)
    return ""
