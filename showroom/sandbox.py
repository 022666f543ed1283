"""Reading an untrusted file: in a child process that is confined and may cost only so much.

The child has its own limits on memory, CPU time, open files and written bytes, an empty
environment, and dies with its parent; the parent holds the clock. `confinement` keeps it
from every other file, from the network and from other processes. Its answer is not trusted either:
the kind of file, shapes, finite numbers, indices and sizes are checked again here.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from infra.confinement.answers import NoAnswer
from infra.confinement.answers import plain as plain_file
from infra.confinement.children import Processes
from infra.confinement.errors import NotStarted
from infra.confinement.errors import Unconfined as NoConfinement
from infra.confinement.request import Outcome, Request
from showroom import files, parcel
from showroom.errors import (
    UNREADABLE,
    DamagedFile,
    ToolFailed,
    TooMuchMemory,
    TooSlow,
    Unconfined,
    Unreadable,
)
from showroom.formats.neighbours import companions
from showroom.limits import DEFAULTS, Limits
from showroom.sandbox_tasks import ANSWER, SETTLED
from showroom.scene import Scene
from showroom.scene_parcel import scene_from
from showroom.soundness import check

TASKS = "showroom.sandbox_tasks"
LOADED = (TASKS, "showroom.formats")  # once, so that every child has them
_processes = Processes(LOADED)


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
    """What a child answered to a task of `showroom.sandbox_tasks`; else the error it died of."""
    source = path.resolve()
    request = Request(
        f"{TASKS}:{task}", source, folder, limits.bounds, companions(source), asdict(limits)
    )
    try:
        outcome = processes.run(request)
    except NoConfinement as error:
        raise Unconfined(error.message, hint=error.hint) from error
    except NotStarted as error:
        raise ToolFailed(error.message, hint=error.hint) from error
    if outcome is not Outcome.DONE:
        raise _verdict(outcome)
    return parcel.read(plain(folder / ANSWER))


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
    try:
        return plain_file(path)
    except NoAnswer:
        raise _damaged() from None


def _verdict(outcome: Outcome) -> Unreadable:
    """What a child that left no answer died of."""
    if outcome is Outcome.TOO_SLOW:
        return TooSlow(
            "Reading the file took longer than is allowed.",
            hint="Export with a coarser mesh setting, or split the file into pieces.",
        )
    if outcome is Outcome.TOO_MUCH_MEMORY:
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
