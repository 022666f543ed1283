"""Reading an untrusted file: in a child process that is confined and may cost only so much.

The child has its own limits on memory, CPU time, open files and written bytes, an empty
environment, and dies with its parent; the parent holds the clock. `showroom.confinement` keeps it
from every other file, from the network and from other processes. Its answer is not trusted either:
the kind of file, shapes, finite numbers, indices and sizes are checked again here.
"""

from __future__ import annotations

import atexit
import shutil
import signal
import stat
import tempfile
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from showroom import files, parcel
from showroom.errors import UNREADABLE, DamagedFile, ToolFailed, TooMuchMemory, Unreadable
from showroom.formats.neighbours import companions
from showroom.limits import DEFAULTS, Limits
from showroom.sandbox_child import NOT_CONFINED, SETTLED
from showroom.sandbox_processes import Processes, Request, too_slow
from showroom.scene import Scene
from showroom.scene_parcel import scene_from
from showroom.soundness import check

_SAID = 1 << 16  # bytes of a child's error output that are looked at
_processes = Processes()
atexit.register(_processes.stop)


def load(path: Path, limits: Limits = DEFAULTS) -> tuple[str, Scene]:
    """The format's name and the checked scene of a file, or an Unreadable.

    ToolFailed, which trying again may cure, means that no child could be started at all.
    """
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        letter, arrays = run_task("read", path, Path(folder), limits)
    return accepted(letter, arrays, limits)


def settle(path: Path, target: Path, limits: Limits = DEFAULTS) -> Path:
    """The files of a ZIP as their one ZIP at `target` (`showroom.files`), unpacked by a child.

    A single file, a 3MF among them, stays where it is. Raises as `load`.
    """
    if not files.is_zip(path):
        return path
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        letter, _ = run_task("settle", path, Path(folder), limits)
        raise_refusal(letter)
        if not letter["packed"]:
            return path
        shutil.move(plain(Path(folder) / SETTLED), target)
    return target


def run_task(
    task: str, path: Path, folder: Path, limits: Limits, processes: Processes = _processes
) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """What a child answered to a task of `showroom.sandbox_child`; else the error it died of."""
    source = path.resolve()
    request = Request(task, source, companions(source), folder / "answer", folder, limits)
    status, said = processes.run(request)
    if status == NOT_CONFINED:
        raise ToolFailed(f"A reader could not be confined ({_last_line(said)}).")
    if status != 0:
        raise _verdict(status, said)
    return parcel.read(plain(request.answer))


def accepted(
    letter: dict[str, Any], arrays: list[NDArray[Any]], limits: Limits
) -> tuple[str, Scene]:
    """A child's answer as a scene, after checking it; else the Unreadable that it is."""
    raise_refusal(letter)
    scene = scene_from(letter, arrays)
    check(scene, limits)
    return str(letter["format"]), scene


def raise_refusal(letter: dict[str, Any]) -> None:
    """Raise the Unreadable that a child answered with, where it did."""
    if "error" in letter:
        error = letter["error"]
        kind = UNREADABLE.get(str(error.get("code")), DamagedFile)
        raise kind(str(error.get("message")), hint=str(error.get("hint")))


def plain(path: Path) -> Path:
    """The path, where a plain file of the child's own is there; else DamagedFile."""
    # A child that was taken over could leave a link to some other file of ours, or a pipe.
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise _damaged() from None
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise _damaged()
    return path


def _verdict(status: int, said: bytes) -> Unreadable:
    """What a child that left no answer died of."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return too_slow()
    said = said[-_SAID:]
    if b"MemoryError" in said or b"bad_alloc" in said or b"Standard_OutOfMemory" in said:
        return TooMuchMemory(
            "Reading the file takes more memory than is allowed.",
            hint="Export with a coarser mesh setting.",
        )
    return _damaged()


def _damaged() -> DamagedFile:
    return DamagedFile(
        "The file is damaged: reading it failed.",
        hint="Open it in your CAD program, export it again and upload the new file.",
    )


def _last_line(said: bytes) -> str:
    return (said.decode(errors="replace").strip().splitlines() or [""])[-1][:300]
