"""Kinds of pictures, told by their first bytes alone; what a file is called says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# What pillow may open, by its own names; a phone's MPO, a JPEG with a second picture, is a JPEG.
READ = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")
# What is written: media type by ending.
WRITTEN: Mapping[str, str] = MappingProxyType(
    {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
)
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"GIF8")


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so goes to pillow."""
    return head.startswith(_STARTS) or _is_webp(head) or _is_avif(head)


def media_type(head: bytes) -> str:
    """The media type of one of ours, by its first 16 bytes; empty for any other."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if _is_webp(head):
        return "image/webp"
    return "image/avif" if _is_avif(head) else ""


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_avif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"mif1")
