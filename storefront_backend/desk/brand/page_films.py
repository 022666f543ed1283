"""A film of a house, as a file: only what browsers play, told by its first bytes."""

from __future__ import annotations

from typing import BinaryIO

from storefront_backend.commerce.errors import InvalidRequest

MOST_BYTES = 60 << 20
_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")
_EBML = b"\x1a\x45\xdf\xa3"


def media_type_of(file: BinaryIO, size: int) -> str:
    """video/mp4 or video/webm; the file is at its start again. Raises InvalidRequest."""
    if size > MOST_BYTES:
        raise InvalidRequest(
            f"A film may have at most {MOST_BYTES >> 20} MB.",
            field="film",
            hint="Export it smaller, or give an address where it is.",
        )
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return "video/mp4"
    if head.startswith(_EBML) and b"webm" in head:
        return "video/webm"
    raise InvalidRequest(
        "A film is an MP4 or a WebM file.", field="film", hint="Export it as MP4 with H.264."
    )
