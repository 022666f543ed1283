"""glTF 2.0 as JSON with buffers beside it or inside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from showroom.errors import DamagedFile
from showroom.limits import Limits
from showroom.scene import Scene

NAME = "glTF"
_LONGEST_JSON = 64 << 20


def detect(head: bytes, size: int) -> bool:
    """A JSON object that speaks of an asset or of buffers."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{")


def read(path: Path, limits: Limits) -> Scene:
    """The default scene; external buffers are read from the same folder only."""
    from showroom.formats.gltf_scene import scene

    return scene(parse(path.read_bytes()), None, path, limits)


def parse(text: bytes) -> dict[str, Any]:
    """The document, or DamagedFile: not JSON, not an object, not glTF 2."""
    if len(text) > _LONGEST_JSON:
        raise DamagedFile("The description inside the glTF file is larger than 64 MB.")
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DamagedFile(f"The glTF file's description is not valid JSON ({error}).") from error
    asset = document.get("asset") if isinstance(document, dict) else None
    if not isinstance(asset, dict) or not str(asset.get("version", "")).startswith("2"):
        raise DamagedFile("This JSON is not a glTF 2.0 file.")
    return dict(document)
