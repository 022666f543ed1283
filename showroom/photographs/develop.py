"""A photograph developed by a confined child, its answer checked."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from showroom import sandbox
from showroom.errors import DamagedFile, PictureTooLarge, TooMuchMemory, TooSlow, Unreadable
from showroom.limits import DEFAULTS, MIB, Limits
from showroom.photographs.kinds import WRITTEN, media_type

LIMITS = replace(
    DEFAULTS,
    file_bytes=64 * MIB,
    memory_bytes=2048 * MIB,
    cpu_seconds=90,
    wall_seconds=150.0,
    written_bytes=64 * MIB,
)
FORMATS: Sequence[str] = tuple(WRITTEN.values())  # the smallest first
_NAME = re.compile(r"([1-9][0-9]{2,3})\.([a-z]+)")
_LOOK = re.compile(r"[0-9a-f]{16}")
_MOST = 40  # files of one picture


@dataclass(frozen=True, slots=True)
class Rendition:
    """One written file: sides in pixels."""

    path: Path
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Developed:
    """A photograph as pages show it. `look` is nearly the same for pictures that look alike."""

    width: int
    height: int
    look: str
    renditions: tuple[Rendition, ...]


def develop(path: Path, target: Path, limits: Limits = LIMITS) -> Developed:
    """Develop the picture at `path` into the folder `target`.

    Raises Unreadable where the file is at fault, ToolFailed where no child could be started.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise PictureTooLarge(
            f"The file has {size / MIB:.0f} MB; at most {limits.file_bytes // MIB} are read.",
            hint="Save it as JPEG with a quality of 90.",
        )
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        try:
            letter, _ = sandbox.run_task("develop", path, Path(folder), limits)
            sandbox.raise_refusal(letter)
        except (TooSlow, TooMuchMemory) as error:
            hint = "Export it smaller; 4000 pixels on the long side are plenty."
            raise type(error)("Decoding the picture costs too much.", hint=hint) from error
        except DamagedFile as error:
            hint = "Export it again and send the new file."
            raise DamagedFile("The picture is damaged: decoding it failed.", hint=hint) from error
        return _accepted(letter, Path(folder), target)


def _accepted(letter: dict[str, Any], folder: Path, target: Path) -> Developed:
    made = letter.get("renditions")
    if not isinstance(made, list) or not 0 < len(made) <= _MOST:
        raise _doubtful()
    look = str(letter.get("look"))
    if not _LOOK.fullmatch(look):
        raise _doubtful()
    kept = tuple(_kept(one, folder, target) for one in made)
    return Developed(int(letter["width"]), int(letter["height"]), look, kept)


def _kept(one: dict[str, Any], folder: Path, target: Path) -> Rendition:
    name = str(one.get("file"))
    match = _NAME.fullmatch(name)
    if match is None or match[2] not in WRITTEN:
        raise _doubtful()
    path = sandbox.plain(folder / name)
    with path.open("rb") as file:
        kind = media_type(file.read(16))
    width, height = int(one["width"]), int(one["height"])
    if kind != WRITTEN[match[2]] or width != int(match[1]) or not 0 < height < 20_000:
        raise _doubtful()
    return Rendition(Path(shutil.move(path, target / name)), kind, width, height)


def _doubtful() -> Unreadable:
    return DamagedFile(
        "The picture is damaged: what came of it is not as it should be.",
        hint="Export it again and send the new file.",
    )
