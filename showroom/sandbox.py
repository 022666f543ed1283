"""Reading a file that nobody vouches for: in a child process that may cost only so much.

The child has its own limits on memory, CPU time, open files and written bytes, no network, an empty
environment, and dies with its parent; the parent holds the clock. Of what comes back nothing is
believed: shapes, finite numbers, indices and sizes are checked again here.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from showroom import parcel
from showroom.errors import (
    UNREADABLE,
    DamagedFile,
    ToolFailed,
    TooMuchMemory,
    TooSlow,
    Unreadable,
)
from showroom.limits import DEFAULTS, Limits
from showroom.scene import Scene
from showroom.scene_parcel import scene_from
from showroom.soundness import check

_ROOT = Path(__file__).resolve().parent.parent
_ASK_CODE = "import sys; from showroom.sandbox_child import main; sys.exit(main())"


def load(path: Path, limits: Limits = DEFAULTS) -> tuple[str, Scene]:
    """The format's name and the checked scene of a file, or an Unreadable.

    ToolFailed, which trying again may cure, means that no child could be started at all.
    """
    with tempfile.TemporaryDirectory(prefix="showroom-") as folder:
        answer = Path(folder) / "answer"
        status, said = _run(path.resolve(), answer, Path(folder), limits)
        if status != 0 or not answer.is_file():
            raise _verdict(status, said)
        letter, arrays = parcel.read(answer)
    return accepted(letter, arrays, limits)


def accepted(
    letter: dict[str, Any], arrays: list[NDArray[Any]], limits: Limits
) -> tuple[str, Scene]:
    """What a child answered, believed only after checking; else the Unreadable it deserves."""
    if "error" in letter:
        error = letter["error"]
        kind = UNREADABLE.get(str(error.get("code")), DamagedFile)
        raise kind(str(error.get("message")), hint=str(error.get("hint")))
    scene = scene_from(letter, arrays)
    check(scene, limits)
    return str(letter["format"]), scene


def _run(path: Path, answer: Path, folder: Path, limits: Limits) -> tuple[int, bytes]:
    command = [sys.executable, "-P", "-s", "-c", _ASK_CODE, str(path), str(answer)]
    environment = {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        # Threads reserve address space by the gigabyte, and the limit counts address space.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "SHOWROOM_LIMITS": json.dumps(asdict(limits)),
        "SHOWROOM_PARENT": str(os.getpid()),
    }
    try:
        child = subprocess.Popen(  # noqa: S603  our own interpreter and module
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolFailed(f"No reader could be started ({error}).") from error
    try:
        _, said = child.communicate(timeout=limits.wall_seconds)
    except BaseException as error:
        _kill(child)
        if isinstance(error, subprocess.TimeoutExpired):
            raise _too_slow() from error
        raise
    return child.returncode, said


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _too_slow() -> TooSlow:
    return TooSlow(
        "Reading the file took longer than is allowed.",
        hint="Export with a coarser mesh setting, or split the file into pieces.",
    )


def _verdict(status: int, said: bytes) -> Unreadable:
    """What a child that left no answer died of."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow()
    if b"MemoryError" in said or b"bad_alloc" in said or b"Standard_OutOfMemory" in said:
        return TooMuchMemory(
            "Reading the file takes more memory than is allowed.",
            hint="Export with a coarser mesh setting.",
        )
    return DamagedFile(
        "The file is damaged: reading it failed.",
        hint="Open it in your CAD program, export it again and upload the new file.",
    )
