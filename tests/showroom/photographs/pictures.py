"""Pictures as brands and attackers send them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import Image, ImageCms

RED = (200, 30, 40)


def striped(width: int, height: int, shift: int = 0) -> Image.Image:
    """A picture with something to see, so that its look is not that of an empty page."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    band = Image.new("RGB", (width // 4, height), RED)
    picture.paste(band, (width // 3 + shift, 0))
    return picture


def photograph(path: Path, size: tuple[int, int] = (1000, 800), **saved: object) -> Path:
    """A photograph in the format of its ending."""
    striped(*size).save(path, **saved)
    return path


def profile_of(space: str) -> bytes:
    """An ICC profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]


def png_bomb(path: Path, side: int) -> Path:
    """A few kilobytes that decode to side × side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 1000), 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path
