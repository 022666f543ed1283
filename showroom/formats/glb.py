"""Binary glTF 2.0."""

from __future__ import annotations

from pathlib import Path

from showroom.errors import DamagedFile
from showroom.formats.gltf import parse
from showroom.formats.gltf_scene import scene
from showroom.limits import Limits
from showroom.scene import Scene

NAME = "GLB"
_JSON, _BIN = 0x4E4F534A, 0x004E4942


def detect(head: bytes, size: int) -> bool:
    """The magic word of the glTF 2.0 binary container."""
    return head.startswith(b"glTF")


def read(path: Path, limits: Limits) -> Scene:
    """The default scene. Metres and Y up by the standard, though many exporters ignore it."""
    blob = path.read_bytes()
    if len(blob) < 20 or int.from_bytes(blob[4:8], "little") != 2:
        raise DamagedFile("Only glTF 2.0 is read; this is another version or cut short.")
    if int.from_bytes(blob[8:12], "little") > len(blob):
        raise DamagedFile("The GLB file is cut short.", hint="Upload it again.")
    document, binary = b"", None
    position = 12
    while position + 8 <= len(blob):
        length = int.from_bytes(blob[position : position + 4], "little")
        kind = int.from_bytes(blob[position + 4 : position + 8], "little")
        chunk = memoryview(blob)[position + 8 : position + 8 + length]
        if len(chunk) < length:
            raise DamagedFile("The GLB file is cut short.", hint="Upload it again.")
        if kind == _JSON and not document:
            document = bytes(chunk)
        elif kind == _BIN and binary is None:
            binary = chunk
        position += 8 + length
    return scene(parse(document), binary, path, limits)
